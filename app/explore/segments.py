"""Segments by their rows: what plays, and what the network calls it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from sqlalchemy.orm import Session

from ..cache import columns
from ..core.errors import NotReadyError
from ..core.spaces import Layer
from ..core.units import Seconds
from ..store import features, spaces, tracks
from ..store.tables import Network, Space, Track

__all__ = ["Segment", "TagValue", "at", "check_revision", "network_by_name", "rows_space", "title"]


@dataclass(frozen=True)
class TagValue:
    """A tag and how much the network hears of it, 0-1."""

    label: str
    value: float


@dataclass(frozen=True)
class Segment:
    """A row of a network. `first_row` and `n_segments` are those of its track; `tags` fall in value."""

    row: int
    track: Track
    index: int
    first_row: int
    n_segments: int
    start_s: Seconds
    end_s: Seconds
    tags: tuple[TagValue, ...]


def at(session: Session, cache: Path, network_name: str, rows: Sequence[int], *, revision: int, n_tags: int) -> list[Segment]:
    """The segments of some rows, in the order given.

    Raises
    ------
    NotReadyError
        Nothing has been extracted with the network, or the rows of `revision` are no longer those of today.
    NotFoundError
        There is no such row.
    """
    network = network_by_name(session, network_name)
    space = rows_space(session, network)
    check_revision(space, revision)
    own = columns.of_space(session, cache, space)
    geometry = spaces.geometry(network)
    found = []
    for row in rows:
        track_id, first_row, n_segments = own.locate(row)
        start_s, end_s = geometry.bounds(row - first_row)
        tags = _top_tags(session, space, track_id, row - first_row, n_tags)
        track = tracks.by_id(session, track_id)
        found.append(Segment(row, track, row - first_row, first_row, n_segments, start_s, end_s, tags))
    return found


def check_revision(space: Space, revision: int) -> None:
    """Refuse rows of another revision: they are other segments.

    Raises
    ------
    NotReadyError
        The space has changed since.
    """
    if revision != space.revision:
        name = spaces.name_of(space)
        raise NotReadyError("stale_revision", f"Revision {revision} of {name} is no longer current.", "Load the points again.")


def network_by_name(session: Session, name: str) -> Network:
    """The network of that name.

    Raises
    ------
    NotReadyError
        Nothing has been extracted with it.
    """
    network = spaces.network(session, name)
    if network is None:
        raise NotReadyError("no_features", f"Nothing has been extracted with {name}.", f"Run: flask extract-all --networks {name}")
    return network


def rows_space(session: Session, network: Network) -> Space:
    """The space that tells a network's rows: its tags where it has some. Both layers change together."""
    layers = spaces.of_network(session, network)
    return layers.get(Layer.ACTIVATIONS) or layers[Layer.EMBEDDINGS]


def title(track: Track) -> str:
    """What to call a track: its title, else its file's name."""
    return track.title or PurePosixPath(track.path).stem


def _top_tags(session: Session, space: Space, track_id: int, index: int, n_tags: int) -> tuple[TagValue, ...]:
    if not space.labels or n_tags == 0:
        return ()
    values = features.read(session, space, track_id)[index]
    return tuple(TagValue(space.labels[tag], float(values[tag])) for tag in np.argsort(-values, kind="stable")[:n_tags])
