"""The points of a map."""

from hashlib import blake2b
from typing import Annotated, Any

from flask import Response, current_app, request
from msgspec import Meta
from numpy.typing import NDArray

from ...core.spaces import SpaceName
from ...explore.map import averages, colouring, points
from ...explore.map.colouring import Scale
from ...store.database import database
from ..edge.answers import Answer, Binary
from ..edge.instance import editions
from ..edge.parameters import Parameters, Positive, Whole, out_of_range
from ..edge.routes import Routes
from . import binary, colours
from .box import Box, check
from .filter_text import FilterText

__all__ = ["routes"]

ERRORS = {
    "invalid": ("unknown_projection", "no_dimension", "invalid_colour", "same_network", "invalid_filter"),
    "not_found": ("unknown_tag", "unknown_field"),
    "not_ready": ("no_features", "not_reduced", "not_placed", "preparing"),
}

FIRST_POINTS = 100_000
"""They are on the way for less than a second, and painted in one frame also without a GPU."""

routes = Routes("api_points")


class Asked(Parameters):
    """Which points, and in what colour."""

    x: Annotated[Whole, Meta(description="The dimension across, from 0.")] = 0
    y: Annotated[Whole, Meta(description="The dimension upwards, from 0.")] = 1
    colour: Annotated[
        str | None,
        Meta(
            description="What colours the points; else they have no colour. `network/tag`: an activation; `top/network`: each"
            " segment's top tag; `field/name`: a field of the collection; `difference/network/network/tag`: of two activations."
        ),
    ] = None
    scale: Annotated[
        Scale,
        Meta(
            description="How numbers become colours: by their `rank` in the whole collection, evenly by their `value`, or by their"
            " rank among the points that are sent (`shown`)."
        ),
    ] = "rank"
    box: Annotated[
        Box | None,
        Meta(description="x0,x1,y0,y1 in data units: only points inside, quantised to it; else all, quantised to their extent."),
    ] = None
    granularity: Annotated[
        points.Granularity | None,
        Meta(
            description="What a point is: a segment, else the average of a track (`averages`): the mean of where its segments are."
        ),
    ] = None
    first: Annotated[
        bool, Meta(description=f"1: only as many points as are painted at once, {FIRST_POINTS} or fewer, a uniform sample.")
    ] = False
    limit: Annotated[
        Positive | None,
        Meta(description="The most points to send, a uniform sample; the setting MAX_POINTS is the default and the most."),
    ] = None
    filter: FilterText = None


class PointsHeader(Answer):
    """The header before the columns of points."""

    n: Annotated[int, Meta(description="Points that are sent.")]
    n_inside: Annotated[int, Meta(description="Points of the map inside `box`.")]
    n_matching: Annotated[int, Meta(description="Points inside `box` that match the filter; without one all of them.")]
    n_total: Annotated[
        int, Meta(description="Points of the map; fewer than the space's segments when tracks were extracted after it was fitted.")
    ]
    revision: Annotated[Whole, Meta(description="The revision at which the rows were read.")]
    projection_revision: Whole
    box: Annotated[Box, Meta(description="What the coordinates are quantised to: x0, x1, y0, y1 in data units.")]
    extent: Annotated[Box, Meta(description="The smallest box with every point of the map: x0, x1, y0, y1 in data units.")]
    segmentation: Annotated[
        str,
        Meta(description="Names which segments the rows are: maps of one name have the same tracks and times in the same rows."),
    ]
    largest_spread: Annotated[
        float | None,
        Meta(description="Of averages: how far segments lie from the mean of their track, root mean square; null for segments."),
    ]
    colour: colours.Colour | None
    columns: tuple[binary.Column, ...]


EXAMPLE = PointsHeader(
    n=1830,
    n_inside=1830,
    n_matching=1830,
    n_total=1830,
    revision=12,
    projection_revision=3,
    box=(-4.1, 5.2, -3.0, 3.3),
    extent=(-4.1, 5.2, -3.0, 3.3),
    segmentation="9a0364b9e99bb480dd25e1f0284c8555",
    largest_spread=None,
    colour=colours.EXAMPLE,
    columns=(binary.Column(name="row", type="uint32", offset=0), binary.Column(name="x", type="uint16", offset=7320)),
)
ANSWER = Binary((binary.MIMETYPE,), binary.FORMAT, PointsHeader, ((304, "The points are those of the ETag in If-None-Match."),))


@routes.get("/api/points/<space:space>/<projection>", answer=ANSWER, errors=ERRORS, example=EXAMPLE)
def read(asked: Asked, space: SpaceName, projection: str) -> Response:
    """Points as binary columns.

    The answer has an `ETag` of the revisions and of what was asked for: with `If-None-Match`, an unchanged map is not sent again.
    Averages come with two columns more, and with the row of the segment that is nearest to the mean, whose value colours them.
    A filter is applied before any point is left out, so that no match is hidden.
    A network of another geometry colours by time: a point takes the value of the segment at the middle of its own.
    """
    view = points.find(database.session(), editions(), space, projection, _query(asked))
    etag = blake2b(repr(view.version).encode(), digest_size=16).hexdigest()
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        response = Response(_encoded(view), mimetype=binary.MIMETYPE)
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _query(asked: Asked) -> points.Query:
    most = current_app.config["MAX_POINTS"]
    limit = most if asked.limit is None else asked.limit
    if limit > most:
        raise out_of_range("limit", limit, 1, most)
    if asked.first:
        limit = min(limit, FIRST_POINTS)
    if asked.box is not None:
        check(asked.box)
    colour = None if asked.colour is None else colouring.parse(asked.colour)
    return points.Query(
        x=asked.x,
        y=asked.y,
        colour=colour,
        scale=asked.scale,
        box=asked.box,
        limit=limit,
        granularity=asked.granularity or "segments",
        filter=asked.filter,
    )


def _encoded(view: points.MapView) -> bytes:
    found = averages.points(view) if view.query.granularity == "averages" else view.points()
    columns: dict[str, NDArray[Any]] = {"row": found.rows, "x": found.x, "y": found.y}
    if isinstance(found, averages.AveragePoints):
        columns |= {"first_row": found.first_rows, "spread": found.spread_levels}
    if found.levels is not None:
        columns["colour"] = found.levels
    header = PointsHeader(
        n=len(found.rows),
        n_inside=found.n_inside,
        n_matching=found.n_matching,
        n_total=found.n_total,
        revision=view.table.revision,
        projection_revision=view.projection_revision,
        box=found.box,
        extent=found.extent,
        segmentation=view.segmentation,
        largest_spread=found.largest_spread if isinstance(found, averages.AveragePoints) else None,
        colour=None if found.colouring is None else colours.colour(found.colouring, view.query.scale, found.n_without_colour),
        columns=binary.columns(columns),
    )
    return binary.encode(header, columns)
