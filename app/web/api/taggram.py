"""Activations of a track over time."""

from flask import Blueprint, Response, jsonify

from ...explore.track import taggram
from ...store.database import database
from ..edge import params
from ..edge.instance import cache

__all__ = ["blueprint"]

blueprint = Blueprint("api_taggram", __name__)


@blueprint.get("/api/tracks/<number:track_id>/taggram/<network>")
def read(track_id: int, network: str) -> Response:
    """Values by segment and tag."""
    params.known("top")
    found = taggram.of_track(database.session(), cache(), track_id, network, params.whole("top", None, low=1))
    return jsonify(
        labels=found.labels,
        hop_s=found.hop_s,
        segment_s=found.segment_s,
        first_row=found.first_row,
        values=[[round(value, 3) for value in segment] for segment in found.values.tolist()],
    )
