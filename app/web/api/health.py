"""Is the server well?"""

from flask import Blueprint, Response, jsonify
from sqlalchemy import select

from ...store.database import database
from ...store.tables import Network

__all__ = ["blueprint"]

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def health() -> Response:
    """The database answers and has its tables."""
    database.session.execute(select(Network.id).limit(1)).all()
    response = jsonify(status="ok")
    response.headers["Cache-Control"] = "no-store"
    return response
