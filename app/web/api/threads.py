"""Where all segments of a track lie in a map."""

from typing import Annotated

from msgspec import Meta

from ...core.spaces import SpaceName
from ...explore.map import thread
from ...store.database import database
from ..edge.answers import Answer
from ..edge.instance import editions
from ..edge.parameters import Parameters, Positive, Whole
from ..edge.routes import Routes

__all__ = ["routes"]

ERRORS = {
    "invalid": ("unknown_projection", "no_dimension"),
    "not_found": ("no_track", "no_features"),
    "not_ready": ("no_features", "not_reduced", "stale_revision"),
}

routes = Routes("api_threads")


class Asked(Parameters):
    """On which axes."""

    revision: Annotated[Whole, Meta(description="The revision at which the points of the map were read.")]
    x: Annotated[Whole, Meta(description="The dimension across, from 0.")] = 0
    y: Annotated[Whole, Meta(description="The dimension upwards, from 0.")] = 1


class Thread(Answer):
    """Where the segments of a track lie, in the order of time."""

    revision: Annotated[Whole, Meta(description="The revision at which the rows were read.")]
    first_row: Annotated[Whole, Meta(description="The first row of the track.")]
    n_segments: Annotated[Positive, Meta(description="How many segments the track has.")]
    rows: Annotated[tuple[Whole, ...], Meta(description="Those that have a place in the map, in the order of time; maybe none.")]
    x: Annotated[tuple[float, ...], Meta(description="Of each row, in data units.")]
    y: Annotated[tuple[float, ...], Meta(description="Of each row, in data units.")]


EXAMPLE = Thread(revision=12, first_row=13, n_segments=29, rows=(13, 14), x=(-0.41, -0.38), y=(1.2, 1.1))


@routes.get("/api/points/<space:space>/<projection>/tracks/<number:track_id>", errors=ERRORS, example=EXAMPLE)
def read(asked: Asked, space: SpaceName, projection: str, track_id: int) -> Thread:
    """Where all segments of a track lie in a map: exactly, also where the map is a sample."""
    found = thread.find(database.session(), editions(), space, projection, (asked.x, asked.y), track_id, asked.revision)
    x, y = found.xy.T.tolist()
    return Thread(
        revision=found.revision,
        first_row=found.first_row,
        n_segments=found.n_segments,
        rows=tuple(found.rows.tolist()),
        x=tuple(x),
        y=tuple(y),
    )
