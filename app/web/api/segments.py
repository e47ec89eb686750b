"""Segments: what plays, and what the network calls it."""

from typing import Annotated

from msgspec import Meta

from ...explore import segments
from ...store import spaces
from ...store.database import database
from ..edge.answers import Answer
from ..edge.instance import editions
from ..edge.parameters import Parameters, Whole
from ..edge.routes import Routes
from .answers import SEGMENT, Segment, segment

__all__ = ["MOST_TAGS", "routes"]

MOST_ROWS = 100
MOST_TAGS = 1000
"""More than any vocabulary has."""

ERRORS = {"not_found": ("no_row",), "not_ready": ("no_features", "stale_revision", "preparing")}

routes = Routes("api_segments")


class One(Parameters):
    """How a segment is asked for."""

    revision: Annotated[Whole, Meta(description="The revision at which the row was read.")]
    tags: Annotated[int, Meta(ge=0, le=MOST_TAGS, description="How many tags, the strongest first.")] = 5


class Several(One, kw_only=True):
    """How several segments are asked for."""

    rows: Annotated[list[Whole], Meta(max_length=MOST_ROWS, description="Numbers of segments.")]


class Segments(Answer):
    """Several segments."""

    segments: Annotated[tuple[Segment, ...], Meta(description="In the order asked for.")]


@routes.get("/api/segments/<network>/<number:row>", errors=ERRORS, example=SEGMENT)
def one(asked: One, network: str, row: int) -> Segment:
    """One segment: what plays, and what the network calls it."""
    return _at(asked, network, [row])[0]


@routes.get("/api/segments/<network>", errors=ERRORS)
def several(asked: Several, network: str) -> Segments:
    """Several segments at once."""
    return Segments(segments=tuple(_at(asked, network, asked.rows)))


def _at(asked: One, network: str, rows: list[int]) -> list[Segment]:
    session = database.session()
    stored = spaces.stored(session, network)
    found = segments.at(session, editions(), stored, rows, revision=asked.revision, n_tags=asked.tags)
    return [segment(at) for at in found]
