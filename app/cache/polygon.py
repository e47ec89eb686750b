"""Which points lie inside a polygon, exactly, when the points lie in the cells of a grid.

A point is inside when a ray from it to the right crosses the edges an odd number of times (the even-odd rule), so what a polygon
that crosses itself encloses twice is outside. An edge counts where `low <= y < high`, which gives every point of a shared edge to
one of two neighbours, and where the crossing lies to the right of the point.

Cells that no edge touches are inside or outside as a whole. In the others each point is tested, but only against the edges that
touch its cell, or that begin or end in its row of cells: all others cross the whole row, and count for its cells at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["EDGE", "INSIDE", "OUTSIDE", "CellScale", "Cover", "Polygon"]

OUTSIDE, INSIDE, EDGE = 0, 1, 2
"""What a cell is."""

MARGIN = 1e-3
"""Of a cell: more than rounding to single precision can move a value."""


@dataclass(frozen=True)
class CellScale:
    """Cells along an axis: cell c begins at `low + c / per_unit`, up to rounding; the outermost also hold what lies beyond."""

    low: float
    per_unit: float
    n: int


class Polygon:
    """A closed line, and what it encloses by the even-odd rule.

    Parameters
    ----------
    vertices : np.ndarray [shape=(n_vertices, 2), dtype=float64]
        In data units, finite; the last is joined to the first.
    """

    def __init__(self, vertices: NDArray[np.float64]) -> None:
        self.vertices = vertices
        following = np.roll(vertices, -1, axis=0)
        rising = vertices[:, 1] <= following[:, 1]
        self.low: NDArray[np.float64] = np.where(rising[:, None], vertices, following)
        self.high: NDArray[np.float64] = np.where(rising[:, None], following, vertices)

    def contains(self, x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which points are inside [shape=(n,)]. Each is tested against every edge: for few points."""
        inside = np.zeros(len(x), np.bool_)
        x64, y64 = x.astype(np.float64), y.astype(np.float64)
        for edge in np.flatnonzero(self.high[:, 1] > self.low[:, 1]).tolist():
            inside ^= self.crosses(edge, x64, y64) & self.spans(edge, y64)
        return inside

    def spans(self, edge: int, y: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether points are at a height of an edge: its lower end counts, its upper end does not."""
        spanned: NDArray[np.bool_] = (self.low[edge, 1] <= y) & (y < self.high[edge, 1])
        return spanned

    def crosses(self, edge: int, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether an edge, taken as a whole line, is to the right of points."""
        (x0, y0), (x1, y1) = self.low[edge].tolist(), self.high[edge].tolist()
        crossed: NDArray[np.bool_] = x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)
        return crossed

    def crossings(self, edges: NDArray[np.int64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where edges, one for each value, are at some heights; at its own ends where an edge does not reach so far."""
        low, high = self.low[edges], self.high[edges]
        height = high[:, 1] - low[:, 1]
        share = np.divide(y - low[:, 1], height, out=np.zeros(len(edges)), where=height > 0)
        x: NDArray[np.float64] = low[:, 0] + np.clip(share, 0, 1) * (high[:, 0] - low[:, 0])
        return x


@dataclass(frozen=True, eq=False)
class _Strips:
    """Pieces of edges, cut at the rows of the grid.

    edges, rows : np.ndarray [shape=(n,), dtype=int64]
    first, last : np.ndarray [shape=(n,), dtype=int64]
        The columns of the row that the piece touches; none where `last < first`.
    is_whole : np.ndarray [shape=(n,), dtype=bool]
        Whether the edge goes on above and below the row.
    """

    edges: NDArray[np.int64]
    rows: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    is_whole: NDArray[np.bool_]


class Cover:
    """A polygon over a grid of cells, which are counted row by row from the bottom."""

    def __init__(self, polygon: Polygon, x: CellScale, y: CellScale) -> None:
        self._polygon, self._x, self._y = polygon, x, y
        self._strips = self._cut()

    @cached_property
    def states(self) -> NDArray[np.uint8]:
        """Which cells are inside, outside, or touched by an edge [shape=(n_rows * n_columns,)]."""
        strips, n = self._strips, self._x.n
        middle = self._y.low + (strips.rows + 0.5) / self._y.per_unit
        low, high = self._polygon.low[strips.edges, 1], self._polygon.high[strips.edges, 1]
        # where nothing touches a cell, one height of it stands for all
        parity = self._to_the_left(strips.is_whole | ((low <= middle) & (middle < high)))
        return np.where(self._touched, np.uint8(EDGE), parity).reshape(self._y.n * n)

    def contains(self, counts: NDArray[np.int64], x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which of the points in the touched cells are inside.

        Parameters
        ----------
        counts : np.ndarray [shape=(n_touched,), dtype=int64]
            Points in each of the touched cells, in the order of the cells.
        x, y : np.ndarray [shape=(n,), dtype=float32]
            The points, cell after cell.
        """
        x64, y64 = x.astype(np.float64), y.astype(np.float64)
        inside = np.repeat(self._to_the_left(self._strips.is_whole)[self._touched].view(np.bool_), counts)
        ends = np.concatenate(([0], counts.cumsum()))
        for edge, begin, end, is_whole in self._tests(ends):
            part = slice(begin, end)
            crossed = self._polygon.crosses(edge, x64[part], y64[part])
            inside[part] ^= crossed if is_whole else crossed & self._polygon.spans(edge, y64[part])
        return inside

    def _tests(self, ends: NDArray[np.int64]) -> Iterator[tuple[int, int, int, bool]]:
        """Edges, and which points to test against each: those of the touched cells of a strip, which follow each other."""
        strips, n = self._strips, self._x.n
        before = np.concatenate(([0], self._touched.ravel().cumsum()))
        is_level = self._polygon.high[strips.edges, 1] <= self._polygon.low[strips.edges, 1]
        # an edge that ends in this row counts for some points of the cells left of it only, by their heights
        first = np.where(strips.is_whole, strips.first, 0)
        begins = ends[before[strips.rows * n + first]]
        ends_at = ends[before[strips.rows * n + np.maximum(strips.last + 1, first)]]
        for at in np.flatnonzero((ends_at > begins) & ~is_level).tolist():
            yield int(strips.edges[at]), int(begins[at]), int(ends_at[at]), bool(strips.is_whole[at])

    @cached_property
    def _touched(self) -> NDArray[np.bool_]:
        strips = self._strips
        steps = np.zeros((self._y.n, self._x.n + 1), np.int32)
        is_seen = strips.last >= strips.first
        np.add.at(steps, (strips.rows[is_seen], strips.first[is_seen]), 1)
        np.add.at(steps, (strips.rows[is_seen], strips.last[is_seen] + 1), -1)
        touched: NDArray[np.bool_] = steps[:, :-1].cumsum(axis=1) > 0
        return touched

    def _to_the_left(self, counted: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """Whether an odd number of the counted strips lies wholly to the right of each cell [shape=(n_rows, n_columns)]."""
        strips = self._strips
        flips = np.zeros((self._y.n, self._x.n + 1), np.int32)
        np.add.at(flips[:, 0], strips.rows[counted], 1)
        np.add.at(flips, (strips.rows[counted], strips.first[counted]), 1)
        return (flips[:, :-1].cumsum(axis=1) & 1).astype(np.uint8)

    def _cut(self) -> _Strips:
        polygon, x, y = self._polygon, self._x, self._y
        bottom, top = (_cells(ends[:, 1], y) for ends in (polygon.low, polygon.high))
        n_rows = top - bottom + 1
        edges = np.repeat(np.arange(len(n_rows)), n_rows)
        rows = np.arange(n_rows.sum()) - np.repeat(n_rows.cumsum() - n_rows, n_rows) + bottom[edges]
        # the outermost rows go on for ever: what lies beyond the grid is in them
        floor = np.where(rows == 0, -np.inf, y.low + (rows - MARGIN) / y.per_unit)
        ceiling = np.where(rows == y.n - 1, np.inf, y.low + (rows + 1 + MARGIN) / y.per_unit)
        is_level = polygon.high[edges, 1] <= polygon.low[edges, 1]
        at = polygon.crossings(edges, np.maximum(floor, polygon.low[edges, 1]))
        to = np.where(is_level, polygon.high[edges, 0], polygon.crossings(edges, np.minimum(ceiling, polygon.high[edges, 1])))
        first = np.floor((np.minimum(at, to) - x.low) * x.per_unit - MARGIN)
        last = np.floor((np.maximum(at, to) - x.low) * x.per_unit + MARGIN)
        # a cell holds its outer edge: only what is clearly beyond the grid touches none of it
        first = np.where(first > x.n, x.n, np.clip(first, 0, x.n - 1)).astype(np.int64)
        last = np.where(last < 0, -1, np.clip(last, -1, x.n - 1)).astype(np.int64)
        return _Strips(edges, rows, first, last, (rows > bottom[edges]) & (rows < top[edges]))


def _cells(values: NDArray[np.float64], axis: CellScale) -> NDArray[np.int64]:
    """By the same steps as the cells of points, in single precision: what is between two values is in no cell beyond theirs."""
    near = np.clip(values, axis.low - 1 / axis.per_unit, axis.low + (axis.n + 1) / axis.per_unit)
    single = (near.astype(np.float32) - np.float32(axis.low)) * np.float32(axis.per_unit)
    cells: NDArray[np.int64] = np.clip(single, 0, axis.n - 1).astype(np.int64)
    return cells
