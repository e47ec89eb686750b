from pathlib import Path

import click

from docs.build import commands_page, errors_page

SOURCE = """
raise InvalidError("too_odd", f"{number} is | odd.", "Use an even one.")
raise errors.NotReadyError("no_tea", "There is no tea.")
raise CorruptError("cold", text, hint())
raise ValueError("not one of ours")
"""


def test_every_error_of_the_code_is_a_row_with_its_kind(tmp_path: Path):
    (tmp_path / "module.py").write_text(SOURCE, encoding="utf-8")
    rows = [line for line in errors_page(tmp_path).splitlines() if line.startswith("| `")]
    assert rows == [
        "| `cold` | corrupt | … | … |",
        "| `no_tea` | not_ready | There is no tea. |  |",
        "| `too_odd` | invalid | … is \\| odd. | Use an even one. |",
    ]


def test_a_command_is_a_section_with_its_usage_its_help_and_its_options():
    @click.command("brew")
    @click.argument("leaf")
    @click.option("--cups", type=int, help="How many.")
    def brew(leaf: str, cups: int) -> None:
        """Brew
        tea.

        LEAF is the sort.
        """

    section = commands_page([brew]).partition("## flask brew")[2]
    assert section.split("\n\n")[1:] == [
        "    flask brew [OPTIONS] LEAF",
        "Brew tea.",
        "LEAF is the sort.",
        "- `--cups INTEGER`: How many.\n",
    ]
