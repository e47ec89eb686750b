"""Values by the rows of one network for the rows of another, whose segments have other times."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..core.geometry import PatchGeometry
from .recent import Recent
from .rows import RowTable

__all__ = ["Rows", "RowsOf"]

NOWHERE = np.iinfo(np.uint32).max
EPSILON = 1e-9
SOURCE_BYTES = 1 << 27

_sources: Recent[NDArray[np.uint32]] = Recent(SOURCE_BYTES, lambda source: source.nbytes)

Value = TypeVar("Value", bound=np.generic)


@dataclass(frozen=True)
class RowsOf:
    """The rows of a network and the geometry of their segments."""

    table: RowTable
    geometry: PatchGeometry


@dataclass(frozen=True)
class Rows:
    """Where the values of the rows of `own` are: at the rows of `other` at the same time in the same track."""

    own: RowsOf
    other: RowsOf

    def take(self, values: NDArray[Value], rows: NDArray[np.uint32], without: int) -> NDArray[Value]:
        """The values of some rows of `own`, rising or not.

        Parameters
        ----------
        values : np.ndarray [shape=(n,)]
            By row of `other`; it may lack the last rows.
        rows : np.ndarray [shape=(m,), dtype=uint32]
            Of `own`.
        without : int
            What a row has whose track, or whose row, is not in `values`.
        """
        source = self._source
        # rows that rise and are all there are all of them, in order
        if source is None and len(rows) == len(values) and len(rows) and rows[0] == 0 and (rows[1:] > rows[:-1]).all():
            return values
        at = rows if source is None else source[rows]
        # NOWHERE is larger than every row, and so are rows that the values do not have yet
        has_value = at < len(values)
        if has_value.all():
            return values[at]
        taken = np.full(len(rows), without, values.dtype)
        taken[has_value] = values[at[has_value]]
        return taken

    def every(self, values: NDArray[Value], without: int) -> NDArray[Value]:
        """As `take` of all rows of `own`, which is quicker."""
        n_rows, source = self.own.table.n_rows, self._source
        if source is None:
            return (
                values[:n_rows]
                if len(values) >= n_rows
                else np.append(values, np.full(n_rows - len(values), without, values.dtype))
            )
        # rows that are nowhere, or that the values do not have yet, lie behind the last, where `without` stands
        return np.append(values, np.array(without, values.dtype))[np.minimum(source, len(values))]

    def at(self, rows: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """The rows of `other` for some rows of `own`; a number larger than any where there is none."""
        source = self._source
        return rows if source is None else source[rows]

    @property
    def _source(self) -> NDArray[np.uint32] | None:
        """For each row of `own` the one of `other`; None where the numbers are the same."""
        own, other = self.own, self.other
        same_times = (own.geometry.hop_s, own.geometry.segment_s) == (other.geometry.hop_s, other.geometry.segment_s)
        if own.table is other.table or (same_times and own.table.same_rows(other.table)):
            return None
        return _sources.get((own.table, other.table), lambda: _by_time(own, other))


def _by_time(own: RowsOf, other: RowsOf) -> NDArray[np.uint32]:
    """For each row of `own` the row of `other` whose segment is at the middle of its own, in the same track, or NOWHERE."""
    ranges, others = own.table.ranges, other.table.ranges
    source = np.full(own.table.n_rows, NOWHERE, np.uint32)
    if not len(others):
        return source
    at = other.table.indices_of(ranges.track_ids)
    is_known = at >= 0
    n_segments = ranges.n_segments[is_known]
    begins = np.cumsum(n_segments) - n_segments
    index = np.arange(n_segments.sum()) - np.repeat(begins, n_segments)
    middle_s = index * own.geometry.hop_s + own.geometry.segment_s / 2
    # the middle may lie behind the last segment of a network with longer ones: then that one is taken
    last = np.repeat(others.n_segments[at[is_known]] - 1, n_segments)
    other_index = np.minimum((middle_s / other.geometry.hop_s + EPSILON).astype(np.int64), last)
    rows = np.repeat(ranges.first_rows[is_known], n_segments) + index
    source[rows] = np.repeat(others.first_rows[at[is_known]], n_segments) + other_index
    return source
