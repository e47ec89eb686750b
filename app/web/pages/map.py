"""The map."""

from flask import Blueprint, render_template

from .assets import BOKEH_VERSION

__all__ = ["blueprint"]

blueprint = Blueprint("map", __name__)


@blueprint.get("/")
def show() -> str:
    """The map; its query string is the view, which the browser reads."""
    return render_template("map.html", bokeh_version=BOKEH_VERSION)
