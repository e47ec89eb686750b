"""Modules and style sheets joined into one file: a browser takes longer to ask for a hundred of them than to run them.

A module becomes a function that runs when it is first imported, so modules run in the same order as apart, and those that are
imported late run late. This relies on the one form that `make lint-js` gives to imports and exports; where it meets another, or
modules that import each other, it says so. Lines stay lines, comments stay, and debuggers find modules by their names.
"""

import re
from functools import cache
from pathlib import Path
from posixpath import dirname, normpath, relpath

__all__ = ["script", "styles"]

IMPORT = re.compile(r"""^import (?:(\{[^}]*\}|\* as \w+) from )?"(\.{1,2}/[^"]+)";""", re.MULTILINE)
LATE = re.compile(r"""\bimport\("(\.{1,2}/[^"]+\.js)"\)(?!\.)""")
"""What follows with a dot is a type in a comment."""

EXPORT = re.compile(r"^export (?=(?:class|const|(?:async )?function\*?) (\w+))", re.MULTILINE)
UNKNOWN = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)

LOADER = """\
const $made = new Map();
function $load(name) {
  if (!$made.has(name)) $made.set(name, $modules[name]());
  return $made.get(name);
}
const $late = async (name) => $load(name);
"""


@cache
def styles(folder: Path, names: tuple[str, ...]) -> str:
    """Style sheets below `folder`, one after the other.

    Raises
    ------
    OSError
        One cannot be read.
    """
    return "\n".join((folder / name).read_text("utf-8") for name in names)


@cache
def script(folder: Path, entry: str) -> str:
    """A module below `folder` with all that it imports; it exports what `entry` does.

    Raises
    ------
    OSError
        A module cannot be read.
    ValueError
        Modules import each other, or import or export in another form than the known ones.
    """
    found: dict[str, _Module] = {}
    _collect(folder, entry, entry, found, ())
    bodies = ",\n".join(f'"{name}"() {{\n{module.body}\nreturn {{ {module.names} }};\n}}' for name, module in found.items())
    names = found[entry].names
    return f'const $modules = {{\n{bodies}\n}};\n{LOADER}{f"export const {{ {names} }} = " if names else ""}$load("{entry}");\n'


class _Module:
    """What a module becomes: the body of a function, and the names that it returns."""

    def __init__(self, source: str, name: str, entry: str) -> None:
        self.imported: list[str] = []
        self.late: list[str] = []
        self._at = dirname(name)
        self.names = ", ".join(EXPORT.findall(source))
        body = EXPORT.sub("", LATE.sub(self._later, IMPORT.sub(self._earlier, source)))
        if unknown := UNKNOWN.search(body):
            raise ValueError(f"{name} imports or exports in an unknown form: {unknown[0]}")
        self.body = body.replace("import.meta.url", f'new URL("{relpath(name, dirname(entry))}", import.meta.url)')

    def _earlier(self, found: re.Match[str]) -> str:
        what, path = found.groups()
        self.imported.append(self._named(path))
        loaded = f'$load("{self.imported[-1]}");'
        if what is None:
            return loaded
        return f"const {what.removeprefix('* as ').replace(' as ', ': ')} = {loaded}"

    def _later(self, found: re.Match[str]) -> str:
        self.late.append(self._named(found[1]))
        return f'$late("{self.late[-1]}")'

    def _named(self, path: str) -> str:
        return normpath(f"{self._at}/{path}")


def _collect(folder: Path, name: str, entry: str, found: dict[str, _Module], importing: tuple[str, ...]) -> None:
    if name in importing:
        raise ValueError(f"Modules import each other: {' -> '.join((*importing, name))}")
    if name in found:
        return
    module = _Module((folder / name).read_text("utf-8"), name, entry)
    for each in module.imported:
        _collect(folder, each, entry, found, (*importing, name))
    found[name] = module
    for each in module.late:
        _collect(folder, each, entry, found, ())
