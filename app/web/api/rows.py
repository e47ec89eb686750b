"""Where the segments of a track are among the rows of a network."""

from typing import Annotated

from msgspec import Meta

from ...explore import segments
from ...store import spaces
from ...store.database import database
from ..edge.answers import Answer
from ..edge.instance import editions
from ..edge.parameters import Positive, Whole
from ..edge.routes import Routes

__all__ = ["routes"]

ERRORS = {"not_found": ("no_track", "no_features"), "not_ready": ("no_features",)}

routes = Routes("api_rows")


class Rows(Answer):
    """The rows of a track: its segments, in the order of time."""

    first_row: Whole
    n_segments: Annotated[Positive, Meta(description="So many rows follow each other.")]


@routes.get("/api/tracks/<number:track_id>/rows/<network>", errors=ERRORS, example=Rows(first_row=13, n_segments=29))
def read(track_id: int, network: str) -> Rows:
    """The rows of one track."""
    session = database.session()
    first_row, n_segments = segments.rows_of(session, editions(), spaces.stored(session, network), track_id)
    return Rows(first_row=first_row, n_segments=n_segments)
