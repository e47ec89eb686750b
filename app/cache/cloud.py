"""A map's points on two axes, and quick answers to: which of them are in this viewport?"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["SMALLEST", "Box", "Cloud", "quantise"]

Box = tuple[float, float, float, float]
"""x0, x1, y0, y1 in data units, edges included."""

INDEX_FROM = 1 << 20
"""Below so many points a scan of all of them is as quick as an index."""

SCAN = 1 << 18
"""Points that a scan looks at in one step."""

GRID = 256
"""Cells along an axis of the index. Their numbers fit uint16, which NumPy sorts in linear time."""

STEPS = 65535

SMALLEST = 1e-30
"""An extent below it is none: single precision could not divide by it."""


class Cloud:
    """Points in random order: the number of a point is its priority, so that the first k in a box are a uniform sample of it,
    which stays while panning and only grows while zooming in.

    Parameters
    ----------
    x, y : np.ndarray [shape=(n,), dtype=float32]
        Finite.
    """

    def __init__(self, x: NDArray[np.float32], y: NDArray[np.float32]) -> None:
        self.x = x
        self.y = y

    def __len__(self) -> int:
        return len(self.x)

    @cached_property
    def extent(self) -> Box:
        """The smallest box with every point; where all are equal, about one unit around them."""
        return *_range(self.x), *_range(self.y)

    def inside(self, box: Box, limit: int) -> tuple[NDArray[np.uint32], int]:
        """The first `limit` points in a box, and how many there are.

        Returns
        -------
        positions : np.ndarray [shape=(<= limit,), dtype=uint32], ascending
        n_inside : int
        """
        box = _representable(box)
        if box[0] > box[1] or box[2] > box[3]:
            return np.empty(0, np.uint32), 0
        if len(self) < INDEX_FROM:
            found = _within(self.x, self.y, box)
            return found[:limit], len(found)
        return self._index.inside(box, limit)

    @cached_property
    def _index(self) -> "_Index":
        return _Index(self)


@dataclass(frozen=True)
class _Cells:
    """A box in cells, edges included."""

    left: int
    right: int
    bottom: int
    top: int


class _Index:
    """Points sorted by the cells of a grid over the cloud, in a cell by priority.

    starts[c] is where cell c = row * GRID + column begins; sums[r, c] counts the points below row r and left of column c.
    """

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.axes = [_Axis(*cloud.extent[:2]), _Axis(*cloud.extent[2:])]
        cells = self.axes[1].cells(cloud.y) * np.uint16(GRID) + self.axes[0].cells(cloud.x)
        self.order = np.argsort(cells, kind="stable").astype(np.uint32)
        self.x, self.y = cloud.x[self.order], cloud.y[self.order]
        counts = np.bincount(cells, minlength=GRID * GRID)
        self.starts = np.concatenate(([0], counts.cumsum())).tolist()
        self.sums = np.zeros((GRID + 1, GRID + 1), np.int64)
        self.sums[1:, 1:] = counts.reshape(GRID, GRID).cumsum(0).cumsum(1)

    def inside(self, box: Box, limit: int) -> tuple[NDArray[np.uint32], int]:
        """As `Cloud.inside`, by whichever way looks at fewer points."""
        cells = self._cells(box)
        n_touched = self._count(cells)
        n_scanned = len(self.cloud) * min(1.0, limit / max(n_touched, 1))
        if n_touched < n_scanned / 2:
            found = self._in_runs(self._runs(cells), box)
            n_inside = len(found)
            if n_inside > limit:
                found = np.partition(found, limit)[:limit]
            found.sort()
            return found, n_inside
        return self._scan(box, limit), self._count_inside(cells, box)

    def _scan(self, box: Box, limit: int) -> NDArray[np.uint32]:
        """In the order of priority until `limit` points are found."""
        found: list[NDArray[np.uint32]] = []
        n_found = 0
        for first in range(0, len(self.cloud), SCAN):
            part = slice(first, first + SCAN)
            found.append(_within(self.cloud.x[part], self.cloud.y[part], box) + np.uint32(first))
            n_found += len(found[-1])
            if n_found >= limit:
                break
        return np.concatenate(found)[:limit]

    def _count_inside(self, cells: _Cells, box: Box) -> int:
        """Exactly: cells within the box are counted as a whole, points only in those on its edge."""
        inner = _Cells(cells.left + 1, cells.right - 1, cells.bottom + 1, cells.top - 1)
        if inner.left > inner.right or inner.bottom > inner.top:
            return len(self._in_runs(self._runs(cells), box))
        edge = [
            *self._runs(_Cells(cells.left, cells.right, cells.bottom, cells.bottom)),
            *self._runs(_Cells(cells.left, cells.right, cells.top, cells.top)),
            *self._runs(_Cells(cells.left, cells.left, inner.bottom, inner.top)),
            *self._runs(_Cells(cells.right, cells.right, inner.bottom, inner.top)),
        ]
        return self._count(inner) + len(self._in_runs(edge, box))

    def _in_runs(self, runs: list[slice], box: Box) -> NDArray[np.uint32]:
        x = np.concatenate([self.x[run] for run in runs])
        y = np.concatenate([self.y[run] for run in runs])
        return np.concatenate([self.order[run] for run in runs])[_within(x, y, box)]

    def _runs(self, cells: _Cells) -> list[slice]:
        rows = range(cells.bottom * GRID, (cells.top + 1) * GRID, GRID)
        return [slice(self.starts[row + cells.left], self.starts[row + cells.right + 1]) for row in rows]

    def _count(self, cells: _Cells) -> int:
        sums, top, right = self.sums, cells.top + 1, cells.right + 1
        return int(sums[top, right] - sums[cells.bottom, right] - sums[top, cells.left] + sums[cells.bottom, cells.left])

    def _cells(self, box: Box) -> _Cells:
        left, right = self.axes[0].cells(np.array(box[:2], np.float32)).tolist()
        bottom, top = self.axes[1].cells(np.array(box[2:], np.float32)).tolist()
        return _Cells(left, right, bottom, top)


class _Axis:
    """Values to cells. Points and boxes go the same way, so that rounding never puts a point of a box outside its cells."""

    def __init__(self, low: float, high: float) -> None:
        self.low = np.float32(low)
        self.scale = np.float32(GRID / (high - low))

    def cells(self, values: NDArray[np.float32]) -> NDArray[np.uint16]:
        cells: NDArray[np.float32] = np.clip((values - self.low) * self.scale, 0, GRID - 1)
        return cells.astype(np.uint16)


def quantise(values: NDArray[np.float32], low: float, high: float) -> NDArray[np.uint16]:
    """0 at `low`, 65535 at `high`, to the nearest step; values outside go to the edge."""
    steps = np.empty(len(values), np.uint16)
    # by parts that stay in the processor's cache; in double precision, which deep zooms need
    for first in range(0, len(values), 1 << 15):
        part = values[first : first + (1 << 15)].astype(np.float64)
        part -= low
        part *= STEPS / (high - low)
        np.clip(part, 0, STEPS, out=part)
        part += 0.5
        steps[first : first + (1 << 15)] = part
    return steps


def _within(x: NDArray[np.float32], y: NDArray[np.float32], box: Box) -> NDArray[np.uint32]:
    x0, x1, y0, y1 = box
    return np.flatnonzero((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)).astype(np.uint32)


def _representable(box: Box) -> Box:
    """The largest box of float32 numbers within `box`: comparing coordinates with it is exact, and quick."""
    x0, x1, y0, y1 = box
    return _upward(x0), -_upward(-x1), _upward(y0), -_upward(-y1)


def _upward(edge: float) -> float:
    nearest = np.float32(edge)
    return float(nearest if float(nearest) >= edge else np.nextafter(nearest, np.float32(np.inf)))


def _range(values: NDArray[np.float32]) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    if high - low >= SMALLEST:
        return low, high
    margin = max(0.5, abs(low) / 1024)
    return low - margin, high + margin
