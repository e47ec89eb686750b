"""Activations of a track over time."""

from typing import Annotated

from msgspec import Meta

from ...explore.track import taggram
from ...store.database import database
from ..edge.answers import Answer
from ..edge.instance import editions
from ..edge.parameters import Parameters, Positive, Whole
from ..edge.routes import Routes

__all__ = ["routes"]

ERRORS = {"not_found": ("no_track", "no_tags", "no_features"), "not_ready": ("no_features",)}

routes = Routes("api_taggram")


class Asked(Parameters):
    """Which tags."""

    top: Annotated[Positive | None, Meta(description="Only so many tags, those with the highest mean first; else all.")] = None


class Taggram(Answer):
    """What a network calls every segment of a track."""

    labels: tuple[str, ...]
    hop_s: Annotated[float, Meta(description="From the start of a segment to that of the next.")]
    segment_s: Annotated[float, Meta(description="How long a segment is.")]
    first_row: Whole
    values: Annotated[tuple[tuple[float, ...], ...], Meta(description="By segment, then by label; rounded to 3 decimals.")]


EXAMPLE = Taggram(labels=("ambient", "rock"), hop_s=2.992, segment_s=2.992, first_row=13, values=((0.41, 0.02), (0.38, 0.017)))


@routes.get("/api/tracks/<number:track_id>/taggram/<network>", errors=ERRORS, example=EXAMPLE)
def read(asked: Asked, track_id: int, network: str) -> Taggram:
    """Activations of one track over time."""
    found = taggram.of_track(database.session(), editions(), track_id, network, asked.top)
    return Taggram(
        labels=found.labels,
        hop_s=found.hop_s,
        segment_s=found.segment_s,
        first_row=found.first_row,
        values=tuple(tuple(round(value, 3) for value in segment) for segment in found.values.tolist()),
    )
