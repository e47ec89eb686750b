"""Scripts and styles of the pages.

Addresses of scripts and styles name their content, so that browsers keep them for good: BokehJS by its release, our own by a hash
of all of them. The hash is a folder of the address, so that modules find each other by relative imports. Pages ask for them joined;
while somebody works on them, one by one.
"""

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, url_for
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from ...core.errors import NotFoundError
from ..edge import compression
from . import joined

__all__ = ["BOKEH_URL", "blueprint", "init_app"]

BOKEH_VERSION = version("bokeh")
BOKEH_FILES = frozenset({"bokeh.min.js"})
BOKEH_URL = f"/bokehjs/{BOKEH_VERSION}/bokeh.min.js"
A_YEAR_S = 365 * 24 * 3600

blueprint = Blueprint("assets", __name__)


def init_app(app: Flask) -> None:
    """Serve them. Templates write `asset("favicon.svg")` for the address of a static file, `script("js/shell.js")` for that of a
    module with all that it imports, and `styles(names)` for those of style sheets.
    """
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(asset=_asset_url, script=_script_url, styles=_style_urls)
    app.view_functions["static"] = static


@blueprint.get("/assets/<content>/<path:name>")
def asset(content: str, name: str) -> Response:
    """A static file, kept for good where the address names the present content."""
    return _kept(_sent(Path(current_app.static_folder or ""), name, _max_age(content)))


@blueprint.get("/assets/<content>/joined/<path:names>")
def joined_assets(content: str, names: str) -> Response:
    """A module with all that it imports, or style sheets with `+` between their names, as one file."""
    folder = Path(current_app.static_folder or "")
    found = tuple(names.split("+"))
    if any(_file(folder, name) is None for name in found) or len(set(found)) < len(found):
        raise NotFound
    suffixes = {Path(name).suffix for name in found}
    if suffixes == {".css"}:
        text, suffix = joined.styles(folder, found), ".css"
    elif suffixes == {".js"} and len(found) == 1:
        text, suffix = joined.script(folder, *found), ".js"
    else:
        raise NotFound
    return _kept(compression.sent_text(text, suffix, _max_age(content)))


def static(filename: str) -> Response:
    """A static file at an address that stays: browsers ask whether it has changed."""
    return _sent(Path(current_app.static_folder or ""), filename, None)


@blueprint.get("/bokehjs/<release>/<name>")
def bokehjs(release: str, name: str) -> Response:
    """BokehJS of the installed package: no network is needed."""
    if release != BOKEH_VERSION or name not in BOKEH_FILES:
        raise NotFoundError("no_script", f"There is no BokehJS file {release}/{name}.", "Load the page again.")
    return _kept(_sent(_bokeh_folder(), name, A_YEAR_S))


def _sent(folder: Path, name: str, max_age: int | None) -> Response:
    path = _file(folder, name)
    if path is None:
        raise NotFound
    return compression.sent(path, max_age)


def _file(folder: Path, name: str) -> Path | None:
    path = safe_join(str(folder), name)
    return Path(path) if path is not None and Path(path).is_file() else None


def _kept(response: Response) -> Response:
    response.cache_control.immutable = response.cache_control.max_age is not None
    return response


def _asset_url(name: str) -> str:
    return url_for("assets.asset", content=_present(), name=name)


def _script_url(name: str) -> str:
    return _asset_url(name) if current_app.debug else url_for("assets.joined_assets", content=_present(), names=name)


def _style_urls(names: Sequence[str]) -> list[str]:
    if current_app.debug:
        return [_asset_url(name) for name in names]
    return [url_for("assets.joined_assets", content=_present(), names="+".join(names))]


def _max_age(content: str) -> int | None:
    """In seconds, of what an address names by its content; None where that is another by now."""
    return A_YEAR_S if content == _present() and not current_app.debug else None


def _present() -> str:
    return _content_hash(Path(current_app.static_folder or ""))


@cache
def _content_hash(folder: Path) -> str:
    content = blake2b(digest_size=6)
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return content.hexdigest()


def _bokeh_folder() -> Path:
    # found without importing Bokeh, which takes a second
    spec = find_spec("bokeh")
    if spec is None or spec.origin is None:
        raise NotFoundError("no_bokeh", "Bokeh is not installed.", "Run: make setup")
    return Path(spec.origin).parent / "server" / "static" / "js"
