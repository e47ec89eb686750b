"""What is stored, and what to do next."""

from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from ...explore.collection import contents as collection
from ...store.database import database
from ..edge import params

__all__ = ["blueprint"]

blueprint = Blueprint("api_collection", __name__)


@blueprint.get("/api/collection")
def describe() -> Response:
    """Networks, spaces and maps."""
    params.known()
    return jsonify(asdict(collection.describe(database.session())))
