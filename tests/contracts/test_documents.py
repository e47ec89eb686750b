import importlib
import re
import subprocess
from pathlib import Path

import pytest

from docs.build import pages

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "essentia-tf-models/README.md"]


@pytest.mark.parametrize("path", pages())
def test_a_page_made_from_the_code_says_what_the_code_says(path: str):
    assert (ROOT / path).read_text(encoding="utf-8") == pages()[path], "run: make docs"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_to_files_of_the_project_resolve(document: Path):
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [
        link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if not link.startswith(("https://", "http://"))
    ]
    assert [link for link in links if link and not (document.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", ".ci/run"])
def test_a_project_has_its_papers(name: str):
    assert (ROOT / name).stat().st_size > 0


def test_the_licence_is_the_whole_agpl():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.lstrip().startswith("GNU AFFERO GENERAL PUBLIC LICENSE\n                       Version 3, 19 November 2007")
    assert "END OF TERMS AND CONDITIONS" in text


def test_every_target_of_the_documents_is_in_the_makefile():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {word for path in DOCUMENTS for word in re.findall(r"`make ([a-z-]+)", path.read_text(encoding="utf-8"))}
    assert {"demo", "test", "setup"} <= named <= targets


def named(document: str, pattern: str) -> set[str]:
    """What a document names in backticks, of some form."""
    return set(re.findall(rf"`({pattern})`", (ROOT / document).read_text(encoding="utf-8")))


@pytest.mark.parametrize("document", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_files_that_are_named_are_there(document: str) -> None:
    files = named(document, r"(?:[a-z_]+/)+[\w-]+\.(?:py|js|html|toml|md)")
    assert len(files) > 10
    assert [file for file in files if not any((ROOT / room / file).exists() for room in (".", "app", "app/static/js"))] == []


@pytest.mark.parametrize("document", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_folders_that_are_named_are_there(document: str) -> None:
    folders = named(document, r"(?:app|tests|docs|migrations)(?:/[a-z]+)*/?")
    assert folders
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []


def test_functions_that_the_architecture_names_are_there() -> None:
    names = named("docs/architecture.md", r"(?:[a-z_]+/)+[a-z_]+\.(?!py`|js`|html`|d\.ts`)[A-Za-z_.]+")
    assert {"store/rows.give", "explore/map/points.find", "cache/rows.RowTable.live"} <= names
    for name in names:
        module, _, attributes = name.partition(".")
        found = importlib.import_module(f"app.{module.replace('/', '.')}")
        for attribute in attributes.split("."):
            found = getattr(found, attribute)


def tracked_texts() -> dict[str, str]:
    """What the project's text files say, by name."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = {name: ROOT / name for name in filter(None, listed.stdout.split("\0"))}
    return {
        name: path.read_text(encoding="utf-8", errors="replace")
        for name, path in paths.items()
        if path.is_file() and path.suffix not in {".png", ".npz", ".ico"}
    }


def test_nothing_in_the_project_speaks_of_the_machine_it_was_written_on():
    # split, so that this file does not find itself
    private = re.compile("|".join(("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/[a-z]", "/Us" + "ers/[A-Za-z]")))
    assert [(name, match) for name, text in tracked_texts().items() for match in private.findall(text)] == []


def test_nothing_holds_what_a_merge_left_undecided():
    assert [name for name, text in tracked_texts().items() if re.search(r"^(<{7}|>{7})( |$)", text, re.MULTILINE)] == []
