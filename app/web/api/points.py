"""The points of a map."""

from hashlib import blake2b
from typing import Any

from flask import Blueprint, Response, current_app, request
from numpy.typing import NDArray

from ...cache.cloud import SMALLEST, Box
from ...core.errors import InvalidError
from ...core.spaces import SpaceName
from ...explore.map import points
from ...explore.map.colouring import Tag
from ...store.database import database
from ..edge import params
from ..edge.instance import cache
from . import binary

__all__ = ["blueprint"]

FARTHEST = 1e30
"""Single precision goes no farther than some 1e38."""

blueprint = Blueprint("api_points", __name__)


@blueprint.get("/api/points/<network>/<layer>/<projection>")
def read(network: str, layer: str, projection: str) -> Response:
    """Binary columns; unchanged points are not sent again."""
    params.known("x", "y", "colour", "box", "limit")
    colour = params.text("colour")
    query = points.Query(
        x=params.whole("x", 0),
        y=params.whole("y", 1),
        colour=None if colour is None else Tag.parse(colour),
        box=_box(),
        limit=params.whole("limit", current_app.config["MAX_POINTS"], low=1, high=current_app.config["MAX_POINTS"]),
    )
    view = points.find(database.session(), cache(), SpaceName.parse(f"{network}/{layer}"), projection, query)
    etag = blake2b(repr(view.version).encode(), digest_size=16).hexdigest()
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        response = Response(_encoded(view), mimetype=binary.MIMETYPE)
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _box() -> Box | None:
    edges = params.numbers("box", 4)
    if edges is None:
        return None
    x0, x1, y0, y1 = edges
    if min(x1 - x0, y1 - y0) < SMALLEST or max(map(abs, edges)) > FARTHEST:
        raise InvalidError(
            "invalid_parameter", f"box={','.join(map(str, edges))} is no viewport.", "Write x0,x1,y0,y1 with x0 < x1 and y0 < y1."
        )
    return x0, x1, y0, y1


def _encoded(view: points.View) -> bytes:
    found = view.points()
    colouring = view.colouring
    facts = {
        "n": len(found.rows),
        "n_inside": found.n_inside,
        "n_total": found.n_total,
        "revision": view.revision,
        "projection_revision": view.projection_revision,
        "box": found.box,
        "extent": found.extent,
        "colour": colouring
        and {
            "label": colouring.tag.label,
            "network": colouring.tag.network,
            "low": colouring.low,
            "high": colouring.high,
            "n_without": found.n_without_colour,
        },
    }
    columns: dict[str, NDArray[Any]] = {"row": found.rows, "x": found.x, "y": found.y}
    if found.levels is not None:
        columns["colour"] = found.levels
    return binary.encode(facts, columns)
