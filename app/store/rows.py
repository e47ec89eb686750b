"""Rows: the numbers of segments in a network, given once and never again."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from ..core.batches import batches
from .tables import IDS_PER_STATEMENT, Network, RowRange

__all__ = ["Ranges", "forget", "give", "n_before", "of_tracks", "raise_revision", "since"]

_COLUMNS = RowRange.__table__.c
_SINCE = (
    select(_COLUMNS.track_id, _COLUMNS.first_row, _COLUMNS.n_segments)
    .where(_COLUMNS.network_id == bindparam("network_id"), _COLUMNS.first_row >= bindparam("row"))
    .order_by(_COLUMNS.first_row)
)


@dataclass(frozen=True)
class Ranges:
    """Row ranges of tracks, by first row.

    track_ids, first_rows, n_segments : np.ndarray [shape=(n_tracks,), dtype=int64]
    """

    track_ids: NDArray[np.int64]
    first_rows: NDArray[np.int64]
    n_segments: NDArray[np.int64]

    @property
    def columns(self) -> tuple[NDArray[np.int64], ...]:
        """All three."""
        return self.track_ids, self.first_rows, self.n_segments

    def __len__(self) -> int:
        return len(self.track_ids)

    def followed_by(self, others: "Ranges") -> "Ranges":
        """These ranges and others behind them."""
        if not len(others):
            return self
        return Ranges(*(np.concatenate(pair) for pair in zip(self.columns, others.columns, strict=True)))

    def within(self, first: int, end: int) -> "Ranges":
        """Those that begin at row `first` or later, and below `end`."""
        part = slice(*np.searchsorted(self.first_rows, [first, end]).tolist())
        return Ranges(*(column[part] for column in self.columns))


def since(session: Session, network_id: int, row: int = 0) -> Ranges:
    """The ranges that begin at `row` or later."""
    found = session.connection().execute(_SINCE, {"network_id": network_id, "row": row}).all()
    # by column: NumPy takes many times as long to look into each of a hundred thousand rows
    columns = zip(*found, strict=True) if found else ((), (), ())
    return Ranges(*(np.array(column, np.int64) for column in columns))


def n_before(session: Session, network_id: int, row: int) -> int:
    """How many tracks have rows below `row`. Since rows are never given twice, it changes only when tracks lose theirs."""
    query = select(func.count()).where(RowRange.network_id == network_id, RowRange.first_row < row)
    return session.scalar(query) or 0


def of_tracks(session: Session, network_id: int, track_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """(first row, number of segments) by track id, for those of the tracks that have rows."""
    query = select(RowRange.track_id, RowRange.first_row, RowRange.n_segments).where(RowRange.network_id == network_id)
    return {
        track_id: (first_row, n_segments)
        for ids in batches(track_ids, IDS_PER_STATEMENT)
        for track_id, first_row, n_segments in session.execute(query.where(RowRange.track_id.in_(ids)))
    }


def give(session: Session, network_id: int, n_segments: Mapping[int, int]) -> None:
    """Give tracks new rows, in the order of the mapping, in place of those they had; `n_segments` is by track id.

    The rows that they had are gone for good: browsers and files of the cache may still know them as other segments.
    """
    if not n_segments:
        return
    _remove(session, network_id, n_segments)
    # counted in the database: the number rises with the transaction or not at all
    taken = update(Network).where(Network.id == network_id).values(n_rows=Network.n_rows + sum(n_segments.values()))
    row = session.execute(taken.returning(Network.n_rows)).scalar_one() - sum(n_segments.values())
    ranges = []
    for track_id, n in n_segments.items():
        ranges.append({"network_id": network_id, "track_id": track_id, "first_row": row, "n_segments": n})
        row += n
    session.execute(insert(RowRange), ranges)
    raise_revision(session, [network_id])


def forget(session: Session, network_id: int, track_ids: Collection[int]) -> None:
    """Take the rows of tracks away."""
    if _remove(session, network_id, track_ids):
        raise_revision(session, [network_id])


def raise_revision(session: Session, network_ids: Iterable[int]) -> None:
    """Tell caches that features of these networks changed."""
    session.execute(update(Network).where(Network.id.in_(list(network_ids))).values(revision=Network.revision + 1))


def _remove(session: Session, network_id: int, track_ids: Iterable[int]) -> int:
    query = delete(RowRange).where(RowRange.network_id == network_id)
    return sum(session.execute(query.where(RowRange.track_id.in_(ids))).rowcount for ids in batches(track_ids, IDS_PER_STATEMENT))  # type: ignore[attr-defined]  # what a delete gives has one
