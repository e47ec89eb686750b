"""Segments by their rows: what plays, and what the network calls it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ..cache.editions import Editions
from ..cache.rows import RowTable
from ..core.errors import NotFoundError, NotReadyError
from ..core.spaces import Layer
from ..core.units import Seconds
from ..store import features, tracks
from ..store.spaces import StoredNetwork
from ..store.tracks import Shown

__all__ = ["Segment", "TagValue", "at", "check_revision", "locate", "rows_of", "stale"]


@dataclass(frozen=True)
class TagValue:
    """A tag and how much the network hears of it, 0-1."""

    label: str
    value: float


@dataclass(frozen=True)
class Segment:
    """A row of a network. `first_row` and `n_segments` are those of its track; `tags` fall in value."""

    row: int
    track: Shown
    index: int
    first_row: int
    n_segments: int
    start_s: Seconds
    end_s: Seconds
    tags: tuple[TagValue, ...]


def at(
    session: Session, editions: Editions, network: StoredNetwork, rows: Sequence[int], *, revision: int, n_tags: int
) -> list[Segment]:
    """The segments of some rows, in the order given.

    Parameters
    ----------
    revision : int
        At which the caller read the rows. It may be an earlier one, while rows keep their numbers.

    Raises
    ------
    NotReadyError
        Rows were given other numbers after `revision`.
    NotFoundError
        There is no such row.
    """
    check_revision(network, revision)
    table = editions.rows(session, network)
    located = [locate(network, table, row, revision) for row in rows]
    found = tracks.shown(session, {track_id for track_id, _, _ in located})
    top_tags = _TopTags(session, editions, network, n_tags)
    segments = []
    for row, (track_id, first_row, n_segments) in zip(rows, located, strict=True):
        if track_id not in found:
            raise stale(network, revision)  # forgotten between two reads
        start_s, end_s = network.geometry.bounds(row - first_row)
        segments.append(Segment(row, found[track_id], row - first_row, first_row, n_segments, start_s, end_s, top_tags.of(row)))
    return segments


def rows_of(session: Session, editions: Editions, network: StoredNetwork, track_id: int) -> tuple[int, int]:
    """(first row, number of segments) of a track.

    Raises
    ------
    NotFoundError
        There is no such track, or the network has no features of it.
    """
    return editions.rows(session, network).range_of(tracks.by_id(session, track_id).id)


def check_revision(network: StoredNetwork, revision: int) -> None:
    """Refuse a revision at which rows had other numbers than now.

    Raises
    ------
    NotReadyError
        The rows have other numbers since then, or the revision is of another collection.
    """
    if not network.rows_since <= revision <= network.revision:
        raise stale(network, revision)


def locate(network: StoredNetwork, table: RowTable, row: int, revision: int) -> tuple[int, int, int]:
    """(track id, first row of the track, number of its segments) of a row that was read at a revision.

    Raises
    ------
    NotFoundError
        There never was such a row.
    NotReadyError
        It is gone since.
    """
    try:
        return table.locate(row)
    except NotFoundError:
        # a row that was given is gone; one beyond was never there
        if row < table.n_rows:
            raise stale(network, revision) from None
        raise


def stale(network: StoredNetwork, revision: int) -> NotReadyError:
    """The error for rows that are no longer the same segments."""
    return NotReadyError("stale_revision", f"Revision {revision} of {network.name} is no longer current.", "Load the points again.")


class _TopTags:
    """The highest activations of rows, from the columns or, where these lack the row, from the database."""

    def __init__(self, session: Session, editions: Editions, network: StoredNetwork, n_tags: int) -> None:
        self._session, self._network, self._n_tags = session, network, n_tags
        space = network.spaces.get(Layer.ACTIVATIONS)
        self._labels = (space.labels if space else None) or ()
        self._columns = editions.columns(session, network, Layer.ACTIVATIONS) if self._labels and n_tags else None
        self._table = editions.rows(session, network)

    def of(self, row: int) -> tuple[TagValue, ...]:
        if self._columns is None:
            return ()
        values = self._values(row).astype(np.float32)
        order = np.argsort(-values, kind="stable")[: self._n_tags]
        return tuple(TagValue(self._labels[tag], value) for tag, value in zip(order.tolist(), values[order].tolist(), strict=True))

    def _values(self, row: int) -> NDArray[np.float16] | NDArray[np.float32]:
        if self._columns is not None and row < self._columns.n_rows:
            return self._columns.row(row)
        track_id, first_row, _ = self._table.locate(row)
        values: NDArray[np.float32] = features.read(self._session, self._network.space(Layer.ACTIVATIONS), track_id)[
            row - first_row
        ]
        return values
