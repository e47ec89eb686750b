"""The regions of a map and their words."""

from hashlib import blake2b
from typing import Annotated

from flask import Response, request
from msgspec import Meta

from ...core.spaces import SpaceName
from ...explore.map import regions
from ...explore.map.regions import MapRegions
from ...store.database import database
from ...store.tracks import Shown
from ..edge.answers import Answer, as_json
from ..edge.instance import editions
from ..edge.parameters import Parameters, Whole
from ..edge.routes import Routes
from .box import Box

__all__ = ["routes"]

ERRORS = {
    "invalid": ("unknown_projection", "no_dimension"),
    "not_ready": ("no_features", "not_reduced", "preparing"),
}
OF_REGION = {**ERRORS, "not_found": ("no_region",), "not_ready": (*ERRORS["not_ready"], "stale_regions")}

routes = Routes("api_regions")


class Asked(Parameters):
    """On which axes."""

    x: Annotated[Whole, Meta(description="The dimension across, from 0.")] = 0
    y: Annotated[Whole, Meta(description="The dimension upwards, from 0.")] = 1


class AskedOne(Asked):
    """Which of several regions of that number."""

    made: Annotated[
        str | None, Meta(description="Of the answer that named the region: refused when regions were made anew since.")
    ] = None


class AskedMatching(AskedOne, kw_only=True):
    """Which filter."""

    filter: Annotated[str, Meta(description="As docs/filters.md describes it.")]


class Word(Answer):
    """A tag in a region, and how it stands out there."""

    label: str
    mean_rank: Annotated[float, Meta(description="Of the region's segments in the collection, 0 to 1, rounded to 3 decimals.")]
    inside: Annotated[
        float,
        Meta(
            description="The share of its segments that are among the strongest quarter of the collection, rounded to 3 decimals."
        ),
    ]
    outside: Annotated[float, Meta(description="The same share of all other segments.")]


class NamedTrack(Answer):
    """A track that a region is called by."""

    id: int
    title: str
    artist: str | None


class Region(Answer):
    """A part of a map with a name."""

    id: Annotated[Whole, Meta(description="Its number, while `made` is the same.")]
    parent: Annotated[Whole | None, Meta(description="The region around it; null for the outermost.")]
    level: Annotated[Whole, Meta(description="How often the map was cut: 8 parts at 0, then four times as many each time.")]
    x: Annotated[float, Meta(description="Its densest place, in data units.")]
    y: float
    n_segments: Annotated[int, Meta(description="Segments that were counted.")]
    n_tracks: Annotated[int, Meta(description="Tracks of which it has segments.")]
    words: Annotated[tuple[Word, ...], Meta(description="One or two tags that name it; none where no tag stands out.")]
    by_contrast: Annotated[
        bool, Meta(description="The words tell it apart from the region around it, not from the whole collection.")
    ]
    track: Annotated[NamedTrack | None, Meta(description="The track that nearly all of it is of, which then is its name.")]


class Regions(Answer):
    """The regions of a map."""

    made: Annotated[str | None, Meta(description="Names these regions; null where the map has none.")]
    named_by: Annotated[str | None, Meta(description="The network whose tags are the words.")]
    regions: Annotated[tuple[Region, ...], Meta(description="At most 400, parents before their children.")]


class RegionDetail(Answer):
    """A region as it is now."""

    n_segments: int
    revision: Annotated[Whole, Meta(description="The revision at which the row was read.")]
    row: Annotated[Whole, Meta(description="The segment nearest to its densest place.")]
    box: Annotated[Box, Meta(description="x0, x1, y0, y1 in data units: where nearly all of it lies.")]
    tags: Annotated[tuple[Word, ...], Meta(description="Those that distinguish it most, at most six, the strongest first.")]


class RegionsMatching(Answer):
    """How much of each region a filter keeps."""

    n_matching: Annotated[tuple[int, ...], Meta(description="Segments that match, of every region in the order of their numbers.")]


WORD = Word(label="ambient", mean_rank=0.84, inside=0.71, outside=0.18)
EXAMPLE = Regions(
    made="1f3a5c7e90b2d4f6",
    named_by="msd-musicnn",
    regions=(
        Region(
            id=0,
            parent=None,
            level=0,
            x=-4.2,
            y=7.1,
            n_segments=288,
            n_tracks=13,
            words=(WORD,),
            by_contrast=False,
            track=None,
        ),
    ),
)
DETAIL = RegionDetail(n_segments=288, revision=12, row=1042, box=(-6.0, -2.5, 5.0, 9.2), tags=(WORD,))


@routes.get("/api/regions/<space:space>/<projection>", errors=ERRORS, example=EXAMPLE)
def read(asked: Asked, space: SpaceName, projection: str) -> Regions | Response:
    """The regions of a map with their names: nested parts that have something in common.

    The answer has an `ETag`: with `If-None-Match`, unchanged regions are not sent again. A projection keeps its regions while it is
    not fitted again; two tags or dimensions, and other axes of a projection, have regions while the map has at most 60 000 points.
    """
    session = database.session()
    found = regions.find(session, editions(), space, projection, asked.x, asked.y)
    etag = blake2b(repr(found.version).encode(), digest_size=16).hexdigest()
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        known = found.read()
        response = as_json(_answer(known, {} if known is None else regions.shown_tracks(session, known)))
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@routes.get(
    "/api/regions/<space:space>/<projection>/<number:region>",
    errors=OF_REGION,
    example=DETAIL,
)
def one(asked: AskedOne, space: SpaceName, projection: str, region: int) -> RegionDetail:
    """One region: where it lies, what to play of it, and which tags distinguish it."""
    found = regions.find(database.session(), editions(), space, projection, asked.x, asked.y)
    detail = regions.at(found, region, asked.made)
    return RegionDetail(
        n_segments=detail.n_segments,
        revision=found.view.table.revision,
        row=detail.row,
        box=detail.box,
        tags=tuple(_word(word) for word in detail.tags),
    )


@routes.get(
    "/api/regions/<space:space>/<projection>/matching",
    errors={**OF_REGION, "invalid": (*ERRORS["invalid"], "invalid_filter")},
    example=RegionsMatching(n_matching=(288, 14, 0)),
)
def matching(asked: AskedMatching, space: SpaceName, projection: str) -> RegionsMatching:
    """How many segments of each region match a filter: words of regions in which nothing does step back on the map."""
    found = regions.find(database.session(), editions(), space, projection, asked.x, asked.y, asked.filter)
    return RegionsMatching(n_matching=tuple(regions.n_matching(found, asked.made).tolist()))


def _answer(known: MapRegions | None, tracks: dict[int, Shown]) -> Regions:
    if known is None:
        return Regions(made=None, named_by=None, regions=())
    named = tuple(_region(known, number, tracks) for number in range(len(known.fitted.regions)))
    return Regions(made=known.made, named_by=known.named_by, regions=named)


def _region(known: MapRegions, number: int, tracks: dict[int, Shown]) -> Region:
    of, names, crowd = known.fitted.regions, known.counted.names, known.counted.crowd
    numbers = [tag for tag in names.words[number].tolist() if tag >= 0]
    parent, track = int(of.parent[number]), tracks.get(int(names.track[number]))
    return Region(
        id=number,
        parent=None if parent < 0 else parent,
        level=int(of.level[number]),
        x=float(of.x[number]),
        y=float(of.y[number]),
        n_segments=int(crowd.n_segments[number]),
        n_tracks=int(crowd.n_tracks[number]),
        words=tuple(_word(word) for word in regions.words(known, number, numbers)),
        by_contrast=bool(names.against_parent[number]),
        track=None if track is None else NamedTrack(id=track.id, title=track.title, artist=track.artist),
    )


def _word(word: regions.Word) -> Word:
    return Word(label=word.label, mean_rank=round(word.mean_rank, 3), inside=round(word.inside, 3), outside=round(word.outside, 3))
