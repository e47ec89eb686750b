"""Is the server well?"""

from sqlalchemy import select

from ...store.database import database
from ...store.tables import Network
from ..edge.answers import Answer
from ..edge.routes import Routes

__all__ = ["routes"]

routes = Routes("health")


class Health(Answer):
    """The server is well."""

    status: str


WELL = Health(status="ok")


@routes.get("/healthz", example=WELL, cache_control="no-store")
def health() -> Health:
    """Does the database answer, and does it have its tables? For the container's health check."""
    database.session.execute(select(Network.id).limit(1)).all()
    return WELL
