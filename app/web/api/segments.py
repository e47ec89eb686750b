"""Segments: what plays, and what the network calls it."""

from flask import Blueprint, Response, jsonify

from ...explore import segments
from ...store.database import database
from ..edge import params
from ..edge.instance import cache
from . import encode

__all__ = ["blueprint"]

MOST_ROWS = 100

blueprint = Blueprint("api_segments", __name__)


@blueprint.get("/api/segments/<network>/<number:row>")
def one(network: str, row: int) -> Response:
    """The segment of a row."""
    params.known("revision", "tags")
    return jsonify(encode.segment(_at(network, [row])[0]))


@blueprint.get("/api/segments/<network>")
def several(network: str) -> Response:
    """The segments of some rows."""
    params.known("rows", "revision", "tags")
    found = _at(network, params.whole_list("rows", MOST_ROWS))
    return jsonify(segments=[encode.segment(segment) for segment in found])


def _at(network: str, rows: list[int]) -> list[segments.Segment]:
    return segments.at(
        database.session(),
        cache(),
        network,
        rows,
        revision=params.required_whole("revision"),
        n_tags=params.whole("tags", 5, high=params.MOST_TAGS),
    )
