"""Scripts and styles of the pages.

Addresses of scripts and styles name their content, so that browsers keep them for good: BokehJS by its release, our own by a hash
of all of them. The hash is a folder of the address, so that modules find each other by relative imports.
"""

from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, send_from_directory, url_for

from ...core.errors import NotFoundError

__all__ = ["BOKEH_URL", "blueprint", "init_app"]

BOKEH_VERSION = version("bokeh")
BOKEH_FILES = frozenset({"bokeh.min.js"})
BOKEH_URL = f"/bokehjs/{BOKEH_VERSION}/bokeh.min.js"
A_YEAR_S = 365 * 24 * 3600

blueprint = Blueprint("assets", __name__)


def init_app(app: Flask) -> None:
    """Serve them; templates write `asset("js/shell.js")` for the address of a static file."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = _asset_url


@blueprint.get("/assets/<content>/<path:name>")
def asset(content: str, name: str) -> Response:
    """A static file, kept for good where the address names the present content."""
    folder = Path(current_app.static_folder or "")
    is_current = content == _content_hash(folder) and not current_app.debug
    return _kept(send_from_directory(folder, name, max_age=A_YEAR_S if is_current else None))


@blueprint.get("/bokehjs/<release>/<name>")
def bokehjs(release: str, name: str) -> Response:
    """BokehJS of the installed package: no network is needed."""
    if release != BOKEH_VERSION or name not in BOKEH_FILES:
        raise NotFoundError("no_script", f"There is no BokehJS file {release}/{name}.", "Load the page again.")
    return _kept(send_from_directory(_bokeh_folder(), name, mimetype="text/javascript", max_age=A_YEAR_S))


def _kept(response: Response) -> Response:
    response.cache_control.immutable = response.cache_control.max_age is not None
    return response


def _asset_url(name: str) -> str:
    return url_for("assets.asset", content=_content_hash(Path(current_app.static_folder or "")), name=name)


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
