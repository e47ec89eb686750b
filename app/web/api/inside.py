"""The segments of a map inside a box, as a table."""

from hashlib import blake2b
from typing import Annotated

from msgspec import Meta, structs

from ...core.spaces import SpaceName
from ...explore import segments
from ...explore.map import colouring, listing, points
from ...explore.map.listing import Page, Sort
from ...store.database import database
from ..edge.answers import Answer
from ..edge.instance import editions
from ..edge.parameters import Parameters, Whole
from ..edge.routes import Routes
from .answers import SEGMENT, Segment, segment
from .box import Box, check
from .filter_text import FilterText
from .segments import MOST_TAGS

__all__ = ["routes"]

MOST_ROWS = 100

ERRORS = {
    "invalid": ("unknown_projection", "no_dimension", "invalid_colour", "same_network", "invalid_filter", "no_colour"),
    "not_found": ("unknown_tag", "unknown_field"),
    "not_ready": ("no_features", "not_reduced", "stale_revision", "preparing"),
}

routes = Routes("api_inside")


class Asked(Parameters):
    """Which segments, and in what order."""

    revision: Annotated[Whole, Meta(description="The revision at which the points of the map were read.")]
    x: Annotated[Whole, Meta(description="The dimension across, from 0.")] = 0
    y: Annotated[Whole, Meta(description="The dimension upwards, from 0.")] = 1
    box: Annotated[
        Box | None, Meta(description="x0,x1,y0,y1 in data units: only segments inside; else those of the whole map.")
    ] = None
    colour: Annotated[str | None, Meta(description="As for the points; its value is told of each segment.")] = None
    filter: FilterText = None
    sort: Annotated[
        Sort | None,
        Meta(
            description="By title, by artist, by track as they were indexed and then by time (`start`), or by the `value` of"
            " `colour`, words by how common they are; else by value where there is a colour, and by artist where there is none."
        ),
    ] = None
    descending: Annotated[
        bool | None, Meta(description="1: the highest value first, or Z; else 1 for values only, and 0 for all others.")
    ] = None
    offset: Annotated[Whole, Meta(description="How many segments to leave out from the beginning.")] = 0
    limit: Annotated[int, Meta(ge=1, le=MOST_ROWS, description="The most segments to answer.")] = MOST_ROWS
    tags: Annotated[int, Meta(ge=0, le=MOST_TAGS, description="How many tags of each, the strongest first.")] = 5


class ListedSegment(Segment):
    """A segment in a table."""

    value: Annotated[
        float | None,
        Meta(description="Of the colour asked for, rounded to 4 decimals; null where the segment has no number."),
    ]
    word: Annotated[str | None, Meta(description="Of the colour asked for; null where the segment has no word.")]


class SegmentsInside(Answer):
    """Segments of a map inside a box."""

    n_inside: Annotated[int, Meta(description="How many there are that match the filter, of which this is a page.")]
    n_tracks: Annotated[int, Meta(description="How many tracks they are of.")]
    revision: Annotated[Whole, Meta(description="The revision at which the rows were read.")]
    edition: Annotated[str, Meta(description="Another one whenever the pages of this table may be others.")]
    segments: tuple[ListedSegment, ...]


EXAMPLE = SegmentsInside(
    n_inside=1234,
    n_tracks=56,
    revision=12,
    edition="5d41402abc4b2a76b9719d911017c592",
    segments=(ListedSegment(**structs.asdict(SEGMENT), value=0.41, word=None),),
)


@routes.get("/api/points/<space:space>/<projection>/segments", errors=ERRORS, example=EXAMPLE)
def read(asked: Asked, space: SpaceName, projection: str) -> SegmentsInside:
    """The segments of a map inside a box: all of them, counted and sorted, a page at a time.

    Segments of one value come by the titles of their tracks, then in time. For the next page ask the same with a larger
    `offset`; begin again where `edition` is another one, which names the state of the collection, not what was asked.
    """
    if asked.box is not None:
        check(asked.box)
    colour = None if asked.colour is None else colouring.parse(asked.colour)
    session, opened = database.session(), editions()
    query = points.Query(x=asked.x, y=asked.y, colour=colour, box=asked.box, filter=asked.filter)
    view = points.find(session, opened, space, projection, query)
    segments.check_revision(view.network, asked.revision)
    found = listing.read(session, opened, view, _page(asked))
    return SegmentsInside(
        n_inside=found.n_inside,
        n_tracks=found.n_tracks,
        revision=view.table.revision,
        edition=blake2b(repr(found.edition).encode(), digest_size=16).hexdigest(),
        segments=tuple(_listed(*each) for each in zip(found.segments, found.values, found.words, strict=True)),
    )


def _page(asked: Asked) -> Page:
    sort: Sort = asked.sort or ("artist" if asked.colour is None else "value")
    descending = sort == "value" if asked.descending is None else asked.descending
    return Page(sort=sort, descending=descending, offset=asked.offset, limit=asked.limit, n_tags=asked.tags)


def _listed(found: segments.Segment, value: float | None, word: str | None) -> ListedSegment:
    return ListedSegment(**structs.asdict(segment(found)), value=None if value is None else round(value, 4), word=word)
