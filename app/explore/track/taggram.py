"""Activations of one track over time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache.editions import Editions
from ...core.errors import NotFoundError
from ...core.spaces import Layer
from ...core.units import Seconds
from ...store import features, spaces, tracks

__all__ = ["Taggram", "of_track"]


@dataclass(frozen=True)
class Taggram:
    """What a network calls every segment of a track.

    values : np.ndarray [shape=(n_segments, n_labels), dtype=float32]
    """

    labels: tuple[str, ...]
    hop_s: Seconds
    segment_s: Seconds
    first_row: int
    values: NDArray[np.float32]


def of_track(session: Session, editions: Editions, track_id: int, network_name: str, top: int | None = None) -> Taggram:
    """The taggram of a track; with `top`, only of the tags with the highest mean, in falling order.

    Raises
    ------
    NotFoundError
        There is no such track, it has no features of the network, or the network has no tags.
    NotReadyError
        Nothing has been extracted with the network.
    """
    track = tracks.by_id(session, track_id)
    network = spaces.stored(session, network_name)
    space = network.spaces.get(Layer.ACTIVATIONS)
    if space is None or not space.labels:
        raise NotFoundError("no_tags", f"{network_name} has no tags.", "Choose a network with a tag space.")
    values = features.read(session, space, track.id)
    shown = np.arange(space.n_dims) if top is None else np.argsort(-values.mean(0), kind="stable")[:top]
    return Taggram(
        labels=tuple(space.labels[tag] for tag in shown),
        hop_s=network.geometry.hop_s,
        segment_s=network.geometry.segment_s,
        first_row=editions.rows(session, network).range_of(track.id)[0],
        values=values[:, shown],
    )
