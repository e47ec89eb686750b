"""The segments that sound most like one."""

from flask import Blueprint, Response, jsonify

from ...core.spaces import SpaceName
from ...explore import neighbours, segments
from ...store import spaces
from ...store.database import database
from ..edge import params
from ..edge.instance import cache
from . import encode

__all__ = ["blueprint"]

MOST_NEIGHBOURS = 100

blueprint = Blueprint("api_neighbours", __name__)


@blueprint.get("/api/neighbours/<network>/<layer>/<number:row>")
def nearest(network: str, layer: str, row: int) -> Response:
    """Neighbours with their tracks, the most similar first."""
    params.known("k", "revision", "same_track", "tags")
    k = params.whole("k", 20, low=1, high=MOST_NEIGHBOURS)
    same_track = params.whole("same_track", 0, high=1) == 1
    n_tags = params.whole("tags", 0, high=params.MOST_TAGS)
    revision = params.required_whole("revision")
    session = database.session()
    space = spaces.by_name(session, SpaceName.parse(f"{network}/{layer}"))
    segments.check_revision(space, revision)
    rows, similarities = neighbours.nearest(session, cache(), space, row, k, same_track=same_track)
    found = segments.at(session, cache(), network, rows.tolist(), revision=revision, n_tags=n_tags)
    return jsonify(
        neighbours=[
            {"similarity": round(similarity, 4), **encode.segment(segment)}
            for segment, similarity in zip(found, similarities.tolist(), strict=True)
        ]
    )
