"""What could play next."""

from typing import Annotated

from msgspec import Meta

from ...core.spaces import SpaceName
from ...explore import segments
from ...explore.listening import path, wander, within
from ...explore.listening.choosing import RECENT, TRACKS_APART
from ...explore.listening.wander import Wish
from ...store import spaces
from ...store.database import database
from ..edge.answers import Answer
from ..edge.instance import editions
from ..edge.parameters import Parameters, Whole
from ..edge.routes import Routes
from . import selections
from .answers import SEGMENT, Segment, segment
from .filter_text import FilterText
from .segments import MOST_TAGS

__all__ = ["routes"]

MOST_SEGMENTS = 20

ERRORS = {
    "invalid": selections.ERRORS["invalid"],
    "not_found": ("no_row", *selections.ERRORS["not_found"]),
    "not_ready": ("stale_revision", "not_indexed", *selections.ERRORS["not_ready"]),
}

routes = Routes("api_listening")


class Asked(Parameters):
    """How segments are asked for."""

    revision: Annotated[Whole, Meta(description="The revision at which the rows were read.")]
    tags: Annotated[int, Meta(ge=0, le=MOST_TAGS, description="How many tags of each, the strongest first.")] = 5
    filter: FilterText = None
    selection: Annotated[
        str | None, Meta(description="Only segments that it selects: docs/selection.md describes the expression.")
    ] = None


class Wandering(Asked, kw_only=True):
    """What to go on from, and how."""

    rows: Annotated[list[Whole], Meta(max_length=RECENT, description="What played, the present segment last.")]
    tracks: Annotated[
        Annotated[list[Whole], Meta(max_length=TRACKS_APART)] | None,
        Meta(description="Numbers of the tracks that played before the present one, at most 20, the latest last."),
    ] = None
    near: Annotated[
        int,
        Meta(ge=0, le=100, description="100: the nearest are the most probable; 50: all are equally so; 0: the farthest are."),
    ] = 75
    seed: Annotated[Whole, Meta(description="The same seed after the same rows chooses the same.")] = 0
    n: Annotated[int, Meta(ge=1, le=MOST_SEGMENTS, description="How many segments, one after the other.")] = 1


class Going(Asked, kw_only=True):
    """Between which rows."""

    start: Annotated[Whole, Meta(description="The row that the path begins at.")]
    end: Annotated[Whole, Meta(description="The row that it leads to.")]
    n: Annotated[int, Meta(ge=1, le=MOST_SEGMENTS, description="How many other tracks lie between.")] = 5


class Ahead(Answer):
    """Segments to be played one after the other."""

    segments: Annotated[tuple[Segment, ...], Meta(description="In the order in which they play.")]


EXAMPLE = Ahead(segments=(SEGMENT,))


@routes.get(
    "/api/listening/<space:space>/wander",
    errors=ERRORS,
    example=EXAMPLE,
)
def wandering(asked: Wandering, space: SpaceName) -> Ahead:
    """Where to go on to: after each segment one of the 50 that are nearest to it in the space, and to what played before.

    No track comes again within 20, no artist within 3 tracks, and nothing that is the same music (cosine distance below .01); in a
    small collection artists come again sooner, then tracks. Tracks without sound are left out, and whatever a filter or a selection
    leaves out; the present segment may be outside. Fewer than asked for where nothing is left. A space of more than 65 536 segments
    needs `flask index-all-embeddings`.
    """
    session, opened = database.session(), editions()
    network = spaces.stored(session, space.network)
    wish = Wish(asked.rows, tuple(asked.tracks or ()), asked.near / 100, asked.seed, asked.n)
    mask = within.mask(session, opened, network, asked.filter, asked.selection)
    rows = wander.rows_after(session, opened, network, space.layer, wish, revision=asked.revision, mask=mask)
    found = segments.at(session, opened, network, rows, revision=asked.revision, n_tags=asked.tags)
    return Ahead(segments=tuple(map(segment, found)))


@routes.get(
    "/api/listening/<space:space>/path",
    errors={**ERRORS, "invalid": ("too_few_tracks", *ERRORS["invalid"])},
    example=EXAMPLE,
)
def going(asked: Going, space: SpaceName) -> Ahead:
    """The way from one segment to another: segments of other tracks, evenly spaced, each the nearest to its place.

    The ends themselves are not answered; they may be outside of a filter or a selection, and nothing between them is.
    """
    session, opened = database.session(), editions()
    network = spaces.stored(session, space.network)
    mask = within.mask(session, opened, network, asked.filter, asked.selection)
    ends = asked.start, asked.end
    rows = path.rows_between(session, opened, network, space.layer, *ends, asked.n, revision=asked.revision, mask=mask)
    found = segments.at(session, opened, network, rows, revision=asked.revision, n_tags=asked.tags)
    return Ahead(segments=tuple(map(segment, found)))
