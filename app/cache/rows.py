"""The rows of a network as they are now: which segment each is, and which are gone."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ..core.errors import NotFoundError
from ..store import rows
from ..store.rows import Ranges
from ..store.spaces import StoredNetwork

__all__ = ["RowTable", "read"]

Value = TypeVar("Value", bound=np.generic)


@dataclass(frozen=True, eq=False)
class RowTable:
    """The rows of a network at one revision.

    lineage : names what the rows mean; see `store.spaces.lineage`
    revision : the revision that was read
    n_rows : every row is below it
    ranges : the rows of each track, by first row; rows in none of them are gone
    """

    lineage: str
    revision: int
    n_rows: int
    ranges: Ranges

    @property
    def n_segments(self) -> int:
        """Rows that are not gone."""
        return int(self.ranges.n_segments.sum())

    @cached_property
    def digest(self) -> str:
        """Names which tracks have which rows."""
        digest = blake2b(digest_size=16)
        for column in self.ranges.columns:
            digest.update(column.tobytes())
        return digest.hexdigest()

    @cached_property
    def live(self) -> NDArray[np.bool_] | None:
        """Which rows are not gone [shape=(n_rows,)]; None where none is."""
        if self.n_segments == self.n_rows:
            return None
        # a step up where a range begins, down where it ends
        steps = np.zeros(self.n_rows + 1, np.int8)
        np.add.at(steps, self.ranges.first_rows, 1)
        np.add.at(steps, self.ranges.first_rows + self.ranges.n_segments, -1)
        live: NDArray[np.bool_] = steps[:-1].cumsum(dtype=np.int8).astype(np.bool_)
        return live

    def living(self, values: NDArray[Value]) -> NDArray[Value]:
        """The values of the rows that are not gone.

        Parameters
        ----------
        values : np.ndarray [shape=(n,)]
            By row; it may lack the last rows, and may have some that are newer than the table, which are left out.
        """
        known = values[: self.n_rows]
        return known if self.live is None else known[self.live[: len(known)]]

    def locate(self, row: int) -> tuple[int, int, int]:
        """(track id, first row of the track, number of its segments) of a row.

        Raises
        ------
        NotFoundError
            There is no such row, or no longer.
        """
        at = int(np.searchsorted(self.ranges.first_rows, row, side="right")) - 1
        if at >= 0:
            first, n = int(self.ranges.first_rows[at]), int(self.ranges.n_segments[at])
            if row < first + n:
                return int(self.ranges.track_ids[at]), first, n
        raise NotFoundError("no_row", f"There is no row {row}.", f"Rows go from 0 to {self.n_rows - 1}.")

    def track_ids(self, rows: NDArray[np.uint32]) -> NDArray[np.int64]:
        """The track of each of some rows, none of which is gone."""
        return self.ranges.track_ids[np.searchsorted(self.ranges.first_rows, rows, side="right") - 1]

    def range_of(self, track_id: int) -> tuple[int, int]:
        """(first row, number of segments) of a track.

        Raises
        ------
        NotFoundError
            The network has no features of the track.
        """
        at = self._by_track.get(track_id)
        if at is None:
            raise NotFoundError("no_features", f"Track {track_id} has no features in this space.", "Run: flask extract-all")
        return int(self.ranges.first_rows[at]), int(self.ranges.n_segments[at])

    def same_rows(self, other: "RowTable") -> bool:
        """Whether the same tracks have the same rows in another network."""
        return all(np.array_equal(*columns) for columns in zip(self.ranges.columns, other.ranges.columns, strict=True))

    def indices_of(self, track_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Positions of tracks in `ranges`, -1 for tracks without rows."""
        order = np.argsort(self.ranges.track_ids, kind="stable")
        sorted_ids = self.ranges.track_ids[order]
        at = np.minimum(np.searchsorted(sorted_ids, track_ids), len(order) - 1)
        return np.where(sorted_ids[at] == track_ids, order[at], -1)

    @cached_property
    def _by_track(self) -> dict[int, int]:
        return {track_id: at for at, track_id in enumerate(self.ranges.track_ids.tolist())}


def read(session: Session, network: StoredNetwork, known: RowTable | None) -> RowTable:
    """Read the rows of a network. Those `known` from an earlier revision are not read again, unless some of them are gone.

    Another program may write between two queries. The table may then hold rows that are newer than its revision; they are correct,
    and the next request sees the next revision and reads again.
    """
    if (
        known is not None
        and (known.lineage, min(known.n_rows, network.n_rows)) == (network.lineage, known.n_rows)
        and rows.n_before(session, network.id, known.n_rows) == len(known.ranges)
    ):
        return _table(network, known.ranges.followed_by(rows.since(session, network.id, known.n_rows)))
    return _table(network, rows.since(session, network.id))


def _table(network: StoredNetwork, ranges: Ranges) -> RowTable:
    # newer rows than the network's number may have been read: see above
    ends = ranges.first_rows[-1:] + ranges.n_segments[-1:]
    return RowTable(network.lineage, network.revision, max(network.n_rows, *ends.tolist(), 0), ranges)
