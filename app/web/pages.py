"""Pages, and the scripts and styles they are made of."""

from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, render_template, send_from_directory

from ..core.errors import NotFoundError

__all__ = ["blueprint"]

BOKEH_VERSION = version("bokeh")
BOKEH_FILES = frozenset({"bokeh.min.js"})
A_YEAR_S = 365 * 24 * 3600

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def map_page() -> str:
    """The map."""
    return render_template("map.html", bokeh_version=BOKEH_VERSION)


@blueprint.get("/bokehjs/<release>/<name>")
def bokehjs(release: str, name: str) -> Response:
    """BokehJS of the installed package: no network is needed."""
    if release != BOKEH_VERSION or name not in BOKEH_FILES:
        raise NotFoundError("no_script", f"There is no BokehJS file {release}/{name}.", "Load the page again.")
    return send_from_directory(_bokeh_folder(), name, mimetype="text/javascript", max_age=A_YEAR_S)


def _bokeh_folder() -> Path:
    # found without importing Bokeh, which takes a second
    spec = find_spec("bokeh")
    if spec is None or spec.origin is None:
        raise NotFoundError("no_bokeh", "Bokeh is not installed.", "Run: make setup")
    return Path(spec.origin).parent / "server" / "static" / "js"
