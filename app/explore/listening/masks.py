"""Which rows may play."""

import numpy as np
from numpy.typing import NDArray

from ...cache.rows import RowTable

__all__ = ["allowed", "n_tracks"]


def allowed(table: RowTable, mask: NDArray[np.bool_] | None, barred: set[int]) -> NDArray[np.bool_]:
    """The rows that are there and in a mask, without those of some tracks [shape=(n_rows,), dtype=bool]."""
    kept = np.ones(table.n_rows, np.bool_) if table.live is None else table.live.copy()
    if mask is not None:
        # rows that are newer than the mask are not in it
        kept[: len(mask)] &= mask[: len(kept)]
        kept[len(mask) :] = False
    if barred:
        at = table.indices_of(np.array(sorted(barred), np.int64))
        at = at[at >= 0]
        for first, n in zip(table.ranges.first_rows[at].tolist(), table.ranges.n_segments[at].tolist(), strict=True):
            kept[first : first + n] = False
    return kept


def n_tracks(table: RowTable, kept: NDArray[np.bool_]) -> int:
    """How many tracks have a row in a mask."""
    upto = np.zeros(len(kept) + 1, np.int32)
    np.cumsum(kept, dtype=np.int32, out=upto[1:])
    ranges = table.ranges
    return int(np.count_nonzero(upto[ranges.first_rows + ranges.n_segments] - upto[ranges.first_rows]))
