"""The segments that sound most like a given one."""

from typing import Annotated

from msgspec import Meta, structs

from ...core.spaces import SpaceName
from ...explore import neighbours, segments
from ...store import spaces
from ...store.database import database
from ..edge.answers import Answer
from ..edge.instance import editions
from ..edge.parameters import Parameters, Whole
from ..edge.routes import Routes
from .answers import SEGMENT, Segment, segment
from .segments import MOST_TAGS

__all__ = ["routes"]

MOST_NEIGHBOURS = 100

ERRORS = {"not_found": ("no_row",), "not_ready": ("no_features", "stale_revision", "not_indexed", "preparing")}

routes = Routes("api_neighbours")


class Asked(Parameters):
    """Which neighbours."""

    revision: Annotated[Whole, Meta(description="The revision at which the row was read.")]
    k: Annotated[int, Meta(ge=1, le=MOST_NEIGHBOURS, description="How many neighbours.")] = 20
    same_track: Annotated[bool, Meta(description="1: also segments of the same track.")] = False
    tags: Annotated[int, Meta(ge=0, le=MOST_TAGS, description="How many tags of each, the strongest first.")] = 0


class Neighbour(Segment):
    """A segment that sounds like another."""

    similarity: Annotated[float, Meta(description="Cosine similarity, -1 to 1, rounded to 4 decimals.")]


class Neighbours(Answer):
    """The segments that sound most like a given one."""

    neighbours: Annotated[tuple[Neighbour, ...], Meta(description="The most similar first.")]


EXAMPLE = Neighbours(neighbours=(Neighbour(**structs.asdict(SEGMENT), similarity=0.93),))


@routes.get("/api/neighbours/<space:space>/<number:row>", errors=ERRORS, example=EXAMPLE)
def nearest(asked: Asked, space: SpaceName, row: int) -> Neighbours:
    """The segments that sound most like a given one.

    Answered once `flask index-all-embeddings` has run.
    """
    session, opened = database.session(), editions()
    network = spaces.stored(session, space.network)
    rows, similarities = neighbours.nearest(
        session, opened, network, space.layer, row, asked.k, revision=asked.revision, same_track=asked.same_track
    )
    found = segments.at(session, opened, network, rows.tolist(), revision=asked.revision, n_tags=asked.tags)
    return Neighbours(
        neighbours=tuple(
            Neighbour(**structs.asdict(segment(at)), similarity=round(similarity, 4))
            for at, similarity in zip(found, similarities.tolist(), strict=True)
        )
    )
