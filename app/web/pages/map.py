"""The page of the map."""

from flask import Blueprint

from . import views

__all__ = ["blueprint"]

blueprint = Blueprint("map", __name__)


@blueprint.get("/")
def show() -> str:
    """The map. Its query string is the view, which the browser reads; `static/js/state/view-schema.js` says what is in it."""
    return views.render("map")
