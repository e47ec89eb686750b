"""The rows of a map that lie inside a box, and how many of them each track has."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...cache.recent import Recent
from ...cache.rows import RowTable
from .points import MapView

__all__ = ["Inside", "by_track", "find"]

REMEMBERED_BYTES = 1 << 26


@dataclass(frozen=True, eq=False)
class Inside:
    """Rows inside a box.

    rows : np.ndarray [shape=(n_inside,), dtype=uint32], rising
    firsts : np.ndarray [shape=(n_tracks,), dtype=int64]
        Where in `rows` those of each track begin, in the order of `RowTable.ranges`.
    counts : np.ndarray [shape=(n_tracks,), dtype=int64]
        How many rows of each track are inside; zero for many.
    """

    rows: NDArray[np.uint32]
    firsts: NDArray[np.int64]
    counts: NDArray[np.int64]

    @property
    def n_tracks(self) -> int:
        """Tracks with a row inside."""
        return int(np.count_nonzero(self.counts))

    @property
    def n_bytes(self) -> int:
        """What it takes in memory."""
        return self.rows.nbytes + self.firsts.nbytes + self.counts.nbytes

    def tracks_of(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """For positions in `rows` the positions of their tracks in `RowTable.ranges`."""
        # a track without rows inside begins where the next one does, and the last that begins there has some
        at: NDArray[np.int64] = np.searchsorted(self.firsts, positions, side="right") - 1
        return at


_remembered: Recent[Inside] = Recent(REMEMBERED_BYTES, lambda inside: inside.n_bytes)


def find(view: MapView) -> Inside:
    """The rows of a map inside the box of its query. The next page of the same box, or another order, asks for the same again."""
    query = view.query
    key = (view.table, view.edition, query.x, query.y, query.box, view.mask and view.mask.version)
    return _remembered.get(key, lambda: by_track(_rows(view), view.table))


def _rows(view: MapView) -> NDArray[np.uint32]:
    found = view.cloud().rows_inside(view.query.box)
    if view.mask is None:
        return found
    # points that were written after the table was read match nothing yet
    found = found[found < len(view.mask.keep)]
    return found[view.mask.keep[found]]


def by_track(found: NDArray[np.uint32], table: RowTable) -> Inside:
    """Rows of a table, in whatever order they were found, and how many of them each track has."""
    rows = np.sort(found)
    # points that were written after the table was read belong to no track yet
    rows = rows[: np.searchsorted(rows, np.uint32(table.n_rows))]
    # in the type of the rows: otherwise all of them would be converted
    firsts = np.searchsorted(rows, table.ranges.first_rows.astype(np.uint32))
    # rows between tracks are gone, and not found: where a track ends, the next begins
    return Inside(rows, firsts, np.diff(firsts, append=len(rows)))
