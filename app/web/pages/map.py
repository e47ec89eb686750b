"""The page of the map."""

from flask import Blueprint

from . import views

__all__ = ["blueprint"]

blueprint = Blueprint("map", __name__)


@blueprint.get("/")
def show() -> str:
    """The map; its query string is the view, which the browser reads."""
    return views.render("map")
