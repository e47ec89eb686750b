"""Writes what comes from the code: pages of commands, settings, errors and the API, and its JavaScript types. Run: make docs."""

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from app import create_app
from app.cli import COMMANDS
from app.cli.command import EXIT_CODES
from app.config import SETTINGS, render_example
from app.core import errors
from app.web.edge import errors as edge_errors
from app.web.edge.routes import every

from .api_page import api_page
from .typescript import types_page

__all__ = ["commands_page", "errors_page", "pages", "settings_page"]

ROOT = Path(__file__).parent.parent

NAME = "flask"

COMMANDS_INTRODUCTION = """\
# Commands

Written by `make docs` from the commands themselves; `flask COMMAND --help` says the same.

`flask sync` does everything that is missing, in order: database, networks, files, tags in the files, features, maps, neighbours.
The other commands do one step each. Run them in the project's folder as `.venv/bin/flask`, or activate `.venv` first.
`flask run` serves the map.

Every command can be run again and does only what is missing. It can be interrupted at any moment, also killed, and goes on from
there. Commands that write run one at a time. A file that cannot be read is recorded, kept and listed by `flask status --failures`;
the others go on. With `--debug` a command shows the traceback of an error.
"""

SETTINGS_INTRODUCTION = """\
# Settings

Written by `make docs` from the settings themselves; `config-example.py` lists the same.

A value comes from the environment (`TAGSCAPE_<NAME>`), else from `config.py` in the instance folder, else from the default.
A setting that does not exist, or a value that does not fit, stops every command with one sentence.
None and an empty text count as not set.
"""

ERRORS_INTRODUCTION = """\
# Errors

Written by `make docs` from the code. Every error has a code, a sentence and the next step; the API answers with all three, the
commands print the last two. "…" stands for what the sentence names. [Troubleshooting](troubleshooting.md) tells more of some.
"""

BESIDE_THE_SETTINGS = """\
## Variables beside the settings

| Variable | Default | Meaning |
|---|---|---|
| `TAGSCAPE_INSTANCE_PATH` | `instance` in the project's folder | The instance folder: settings, database, backups, cache. |
| `TAGSCAPE_SHARED` | `shared` beside the project's folder | For the tests: the folder of real music and golden numbers. |
"""


def commands_page(commands: Sequence[click.Command]) -> str:
    """The text of `docs/commands.md`."""
    parts = [COMMANDS_INTRODUCTION, "\n".join(_exit_codes())]
    return "\n".join([*parts, *("\n".join(_section(command)) for command in commands)])


def settings_page() -> str:
    """The text of `docs/settings.md`."""
    rows = ["| Setting | Default | Unit | Meaning |", "|---|---|---|---|"]
    for setting in SETTINGS:
        choices = f" One of: {', '.join(setting.choices)}." if setting.choices else ""
        rows.append(f"| `{setting.name}` | `{json.dumps(setting.default)}` | {setting.unit} | {setting.help}{choices} |")
    return "\n".join([SETTINGS_INTRODUCTION, *rows, "", BESIDE_THE_SETTINGS])


def errors_page(folder: Path) -> str:
    """The text of `docs/errors.md`: every error that the Python files of a folder raise, by code."""
    raised = [kind for module in (errors, edge_errors) for kind in vars(module).values() if isinstance(kind, type)]
    kinds = {kind.__name__: kind.kind for kind in raised if issubclass(kind, errors.TagscapeError) and "kind" in vars(kind)}
    del kinds["TagscapeError"]
    rows = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for kind, call in _raised(node, kinds):
                code, message, hint = (_text(part) for part in (*call.args, ast.Constant(""))[:3])
                rows.add(f"| `{code}` | {kind} | {message} | {hint} |")
    return "\n".join([ERRORS_INTRODUCTION, "| Code | Kind | Message | Next step |", "|---|---|---|---|", *sorted(rows), ""])


def _raised(node: ast.AST, kinds: Mapping[str, str]) -> Iterator[tuple[str, ast.Call]]:
    """An error that is made here, or one that a class of a kind of its own makes of itself."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in kinds and len(node.args) >= 2:
        yield kinds[ast.unparse(node.func).rpartition(".")[2]], node
    if isinstance(node, ast.ClassDef):
        for kind in (kinds[base.id] for base in node.bases if isinstance(base, ast.Name) and base.id in kinds):
            for call in (part for part in ast.walk(node) if isinstance(part, ast.Call)):
                if ast.unparse(call.func) == "super().__init__" and len(call.args) >= 2:
                    yield kind, call


def pages() -> dict[str, str]:
    """Every written page, by its path in the project's folder."""
    app = create_app({"TAGSCAPE_INSTANCE_PATH": "/nonexistent"})
    return {
        "docs/api.md": api_page(app),
        "app/static/js/types/api.d.ts": types_page(every(app)),
        "docs/commands.md": commands_page(COMMANDS),
        "docs/settings.md": settings_page(),
        "docs/errors.md": errors_page(ROOT / "app"),
        "config-example.py": render_example(),
    }


def _exit_codes() -> Iterator[str]:
    yield "| Exit code | Meaning |\n|---|---|"
    yield "| 0 | Done, also where single tracks failed. |"
    yield "| 1 | `flask doctor` found a problem, or a question was answered with no. |"
    meanings = {
        "invalid": "A value or an option cannot be used.",
        "not_found": "Something asked for by name does not exist.",
        "not_ready": "An earlier step has to be done first.",
        "environment": "The machine lacks something: a folder, space, a library, a lock.",
        "corrupt": "Stored data is damaged.",
    }
    for kind, code in EXIT_CODES.items():
        yield f"| {code} | {meanings[kind]} |"
    yield "| 130 | Interrupted with Ctrl-C. |\n"


def _section(command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=command.name)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"## {NAME} {command.name}\n"
    yield f"    {NAME} {command.name} {usage}\n"
    yield f"{_help(command)}\n"
    records = [parameter.get_help_record(context) for parameter in command.params if parameter.name != "debug"]
    options = [f"- `{names}`: {text}" for names, text in filter(None, records) if text]
    yield from [*options, ""] if options else []


def _help(command: click.Command) -> str:
    """The command's docstring with the indentation taken off and paragraphs kept."""
    paragraphs = (command.help or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _text(part: ast.expr) -> str:
    """The text of an expression, with an ellipsis for what is only known when it is raised."""
    match part:
        case ast.Constant():
            return " ".join(str(part.value).split()).replace("|", "\\|")
        case ast.JoinedStr():
            return "".join(str(value.value) if isinstance(value, ast.Constant) else "…" for value in part.values).replace(
                "|", "\\|"
            )
        case _:
            return "…"


if __name__ == "__main__":
    for path, text in pages().items():
        (ROOT / path).write_text(text, encoding="utf-8")
