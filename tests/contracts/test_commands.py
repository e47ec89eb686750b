import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from app.cli import COMMANDS

ROOT = Path(__file__).parents[2]
NAMES = sorted(str(command.name) for command in COMMANDS)
AGREED = {
    "demo",
    "doctor",
    "export-coordinates",
    "export-features",
    "extract-all",
    "forget",
    "index-all-audio",
    "index-all-embeddings",
    "init-db",
    "install-networks",
    "load-id3-metadata",
    "reduce-all",
    "status",
    "sync",
}
HEAVY = {
    "av",
    "bokeh",
    "essentia",
    "faiss",
    "numba",
    "onnx",
    "onnxruntime",
    "openTSNE",
    "openvino",
    "pandas",
    "scipy",
    "sklearn",
    "umap",
}


def test_every_agreed_command_is_there():
    assert set(NAMES) >= AGREED


def test_no_command_is_registered_twice():
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_and_its_options_explain_themselves(command: click.Command):
    assert command.help
    assert command.help.split("\n")[0].endswith(".")
    assert command.help[0].isupper()
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{option.name} has no help"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_answers_to_help(command: click.Command, runner):
    result = runner.invoke(args=[str(command.name), "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_the_page_of_commands_documents_each_and_no_other():
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^## flask (\S+)$", page, re.MULTILINE)) == NAMES


def test_the_readme_lists_each_and_no_other():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `flask (\S+)` \|", readme, re.MULTILINE)) == sorted([*NAMES, "run"])


def test_no_document_or_message_names_a_command_that_does_not_exist():
    known = {*NAMES, "run", "db", "COMMAND", "--help"}
    texts = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *(ROOT / "app").rglob("*.py"), ROOT / "compose.yaml", ROOT / "Makefile"]
    named = {
        (path.name, word)
        for path in texts
        for word in re.findall(r"(?:`|Run: |run: |bin/|/)flask (--?[a-z]+|[a-zA-Z][a-zA-Z0-9-]+)", path.read_text(encoding="utf-8"))
    }
    assert len(named) > 20
    assert {pair for pair in named if pair[1] not in known} == set()


def test_help_starts_without_the_heavy_libraries():
    script = f"""
import sys
from app import create_app
app = create_app({{}})
app.test_cli_runner().invoke(args=["--help"])
print(*sorted(set(sys.modules) & {HEAVY!r}))
"""
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.split() == []


def test_an_unknown_setting_ends_every_command_with_one_sentence(tmp_path: Path):
    result = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "status"],
        cwd=ROOT,
        env={"PATH": "", "TAGSCAPE_INSTANCE_PATH": str(tmp_path), "TAGSCAPE_AUDIO_DRI": "x"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert "Did you mean AUDIO_DIR?" in result.stderr
    assert "Traceback" not in result.stderr
