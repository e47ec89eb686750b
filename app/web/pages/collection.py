"""The page of the collection."""

from flask import Blueprint

from . import views

__all__ = ["blueprint"]

blueprint = Blueprint("collection", __name__)


@blueprint.get("/collection")
def show() -> str:
    """What is indexed, extracted, reduced and failed."""
    return views.render("collection")
