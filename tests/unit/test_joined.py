"""Modules joined into one do what they do apart, in the same order; what cannot be joined is said."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.web.pages import joined

STATIC = Path(__file__).parents[2] / "app" / "static"

MODULES = {
    "js/main.js": """
        import "./first.js";

        import {
          one as uno,
          told,
        } from "./lib/words.js";
        import * as all from "./lib/words.js";

        /** @type {import("./late.js").Never} a comment, and no late import */
        export const result = async () => {
          const { late } = await import("./late.js");
          return [uno(), all.One.name, ...late(), told.join(" ")].join(", ");
        };

        export class Main {}
    """,
    "js/first.js": """
        import { told } from "./lib/words.js";

        told.push("first");
    """,
    "js/lib/words.js": """
        export const told = ["words"];

        export function one() {
          return "one";
        }

        export class One {}
    """,
    "js/late.js": """
        import { told } from "./lib/words.js";

        told.push("late");

        export function* late() {
          yield new URL("./worker.js", import.meta.url).pathname.split("/").at(-2);
        }
    """,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, source in MODULES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(re.sub(r"^ {8}", "", source, flags=re.MULTILINE))
    (tmp_path / "package.json").write_text('{"type": "module"}')
    return tmp_path


def run(module: Path) -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js")
    code = f'import("{module.as_uri()}").then(async (all) => console.log(await all.result(), Object.keys(all).sort()))'
    return subprocess.run([node, "-e", code], capture_output=True, text=True, check=True).stdout


def test_joined_modules_do_what_they_do_apart_in_the_same_order(folder: Path) -> None:
    together = folder / "js" / "together.js"
    together.write_text(joined.script(folder, "js/main.js"))
    assert run(together) == run(folder / "js" / "main.js") == "one, One, js, words first late [ 'Main', 'result' ]\n"


def test_lines_stay_lines(folder: Path) -> None:
    source = (folder / "js" / "main.js").read_text()
    body = joined.script(folder, "js/main.js").partition('"js/main.js"() {\n')[2].splitlines()
    assert body[source.splitlines().index("export class Main {}")] == "class Main {}"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('import main from "./main.js";', "js/other.js imports or exports in an unknown form: import main"),
        ('export * from "./main.js";', "unknown form: export *"),
        ("export let changing = 1;", "unknown form: export let"),
        ('import { again } from "./other.js";\n', "import each other: js/other.js -> js/other.js"),
    ],
)
def test_what_cannot_be_joined_is_said(folder: Path, source: str, message: str) -> None:
    (folder / "js" / "other.js").write_text(source)
    with pytest.raises(ValueError, match=re.escape(message)):
        joined.script(folder, "js/other.js")


def test_every_script_of_the_pages_is_joined_once() -> None:
    text = joined.script(STATIC, "js/shell.js")
    joined_names = re.findall(r'^"(js/[^"]+)"\(\) \{$', text, re.MULTILINE)
    apart = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js")} - {"js/map/grid-worker.js"}
    assert sorted(joined_names) == sorted(apart)


def test_every_style_sheet_is_in_the_page(client) -> None:
    address = re.search(r'<link rel="stylesheet" href="([^"]+)">', client.get("/").text)[1]
    text = client.get(address).text
    for path in STATIC.rglob("*.css"):
        assert path.read_text() in text
