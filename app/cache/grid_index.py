"""An index of many points by the cells of a grid: which of them are in a box, and which inside a polygon?"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .box import Box, within
from .polygon import EDGE, INSIDE, CellScale, Cover

__all__ = ["GRID", "Axis", "GridIndex", "axes_of", "cells_of"]

SCAN = 1 << 18
"""Points that a scan looks at in one step."""

GRID = 256
"""Cells along an axis of the index."""

GATHERING = 4
"""A point of a cell costs about as much as so many of a scan: they lie apart."""


@dataclass(frozen=True)
class CellRange:
    """A box in cells, edges included."""

    left: int
    right: int
    bottom: int
    top: int


@dataclass(frozen=True, eq=False)
class GridIndex:
    """Points sorted by the cells of a grid over the cloud, and within a cell by priority.

    The cells of a row of the grid follow each other, so those that a box covers in one row are one slice: a box is at most 256
    slices, whatever it holds.

    Where a box holds few points, they are taken from their cells and sorted by priority. Where it holds many, only the first are
    wanted: the cloud is scanned in the order of priority until enough are found, which is soon, since so many are inside.

    axes : of the grid
    by_priority : x and y of the points in the order of their priorities
    order : np.ndarray [shape=(n,), dtype=uint32], positions of the points by cell
    x, y : np.ndarray [shape=(n,), dtype=float32], by cell
    counts : np.ndarray [shape=(GRID * GRID,), dtype=int64], points in each cell
    kept : which points are looked for, by position and by cell; None for all
    """

    axes: tuple["Axis", "Axis"]
    by_priority: tuple[NDArray[np.float32], NDArray[np.float32]]
    order: NDArray[np.uint32]
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    counts: NDArray[np.int64]
    kept: tuple[NDArray[np.bool_], NDArray[np.bool_]] | None = None

    def under(self, kept: NDArray[np.bool_]) -> "GridIndex":
        """The index of some of the points, by position: it looks where this one does, and finds those only."""
        return replace(self, kept=(kept, kept[self.order]))

    @cached_property
    def starts(self) -> list[int]:
        """Where each cell = row * GRID + column begins."""
        starts: list[int] = np.concatenate(([0], self.counts.cumsum())).tolist()
        return starts

    @cached_property
    def n_found(self) -> int:
        """How many points are looked for."""
        return int(self._found_sums[GRID, GRID])

    def inside(self, box: Box | None, limit: int) -> tuple[NDArray[np.uint32], int]:
        """The first `limit` points in a box, or of all, by whichever way looks at fewer points, and how many there are."""
        if box is None:
            return self._scan(None, limit), self.n_found
        cells = self._cells(box)
        n_touched = _count(self._sums, cells)
        # a share of all points is inside, so a scan finds `limit` of them after about limit / share points
        n_scanned = len(self.order) * min(1.0, limit / max(_count(self._found_sums, cells), 1))
        # points from cells are gathered first and sorted later, so each costs more than one of a scan
        if n_touched < n_scanned / 2:
            found = self._in_runs(self._runs(cells), box)
            n_inside = len(found)
            if n_inside > limit:
                found = np.partition(found, limit)[:limit]
            found.sort()
            return found, n_inside
        return self._scan(box, limit), self._count_inside(cells, box)

    def positions_inside(self, box: Box) -> NDArray[np.uint32]:
        """Positions of all points in a box, in no order."""
        cells = self._cells(box)
        if _count(self._sums, cells) < len(self.order) / GATHERING:
            return self._in_runs(self._runs(cells), box)
        found = within(*self.by_priority, box)
        return found if self.kept is None else found[self.kept[0][found]]

    def enclosed(self, cover: Cover) -> NDArray[np.uint32]:
        """Positions of the points inside a polygon, in no order, whether they are looked for or not."""
        touched = self._stretches(cover.states == EDGE)
        inside = cover.contains(
            self.counts[cover.states == EDGE],
            *(np.concatenate([values[:0], *(values[run] for run in touched)]) for values in (self.x, self.y)),
        )
        edge = np.concatenate([self.order[:0], *(self.order[run] for run in touched)])[inside]
        return np.concatenate([*(self.order[run] for run in self._stretches(cover.states == INSIDE)), edge])

    @cached_property
    def _sums(self) -> NDArray[np.int64]:
        """`sums[r, c]` counts the points below row r and left of column c.

        The points of any rectangle of cells are then counted by four numbers (a summed-area table), which tells before any point
        is looked at whether a box holds few or many.
        """
        return _summed(self.counts)

    @cached_property
    def _found_sums(self) -> NDArray[np.int64]:
        """The same of the points that are looked for."""
        if self.kept is None:
            return self._sums
        upto = np.concatenate(([0], np.cumsum(self.kept[1], dtype=np.int64)))
        return _summed(np.diff(upto[self.starts]))

    def _stretches(self, wanted: NDArray[np.bool_]) -> list[slice]:
        """Where the points of some cells are: cells that follow each other are one slice."""
        turns = np.flatnonzero(np.diff(wanted, prepend=False, append=False)).tolist()
        return [slice(self.starts[first], self.starts[end]) for first, end in zip(turns[::2], turns[1::2], strict=True)]

    def _scan(self, box: Box | None, limit: int) -> NDArray[np.uint32]:
        """Look at points in the order of priority until `limit` are found."""
        found: list[NDArray[np.uint32]] = [np.empty(0, np.uint32)]
        n_found = 0
        x, y = self.by_priority
        for first in range(0, len(self.order) if limit else 0, SCAN):
            part = slice(first, first + SCAN)
            kept = None if self.kept is None else self.kept[0][part]
            if box is None:
                here = np.arange(first, min(first + SCAN, len(self.order)), dtype=np.uint32)
            else:
                here = within(x[part], y[part], box) + np.uint32(first)
            found.append(here if kept is None else here[kept[here - np.uint32(first)]])
            n_found += len(found[-1])
            if n_found >= limit:
                break
        return np.concatenate(found)[:limit]

    def _count_inside(self, cells: CellRange, box: Box) -> int:
        """Count exactly: cells inside the box as a whole, points one by one only in the cells on its edge."""
        inner = CellRange(cells.left + 1, cells.right - 1, cells.bottom + 1, cells.top - 1)
        if inner.left > inner.right or inner.bottom > inner.top:
            return len(self._in_runs(self._runs(cells), box))
        edge = [
            *self._runs(CellRange(cells.left, cells.right, cells.bottom, cells.bottom)),
            *self._runs(CellRange(cells.left, cells.right, cells.top, cells.top)),
            *self._runs(CellRange(cells.left, cells.left, inner.bottom, inner.top)),
            *self._runs(CellRange(cells.right, cells.right, inner.bottom, inner.top)),
        ]
        return _count(self._found_sums, inner) + len(self._in_runs(edge, box))

    def _in_runs(self, runs: list[slice], box: Box) -> NDArray[np.uint32]:
        x = np.concatenate([self.x[run] for run in runs])
        y = np.concatenate([self.y[run] for run in runs])
        found = within(x, y, box)
        if self.kept is not None:
            found = found[np.concatenate([self.kept[1][run] for run in runs])[found]]
        return np.concatenate([self.order[run] for run in runs])[found]

    def _runs(self, cells: CellRange) -> list[slice]:
        rows = range(cells.bottom * GRID, (cells.top + 1) * GRID, GRID)
        return [slice(self.starts[row + cells.left], self.starts[row + cells.right + 1]) for row in rows]

    def _cells(self, box: Box) -> CellRange:
        left, right = self.axes[0].cells(np.array(box[:2], np.float32)).tolist()
        bottom, top = self.axes[1].cells(np.array(box[2:], np.float32)).tolist()
        return CellRange(left, right, bottom, top)


def _summed(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    sums = np.zeros((GRID + 1, GRID + 1), np.int64)
    sums[1:, 1:] = counts.reshape(GRID, GRID).cumsum(0).cumsum(1)
    return sums


def _count(sums: NDArray[np.int64], cells: CellRange) -> int:
    top, right = cells.top + 1, cells.right + 1
    return int(sums[top, right] - sums[cells.bottom, right] - sums[top, cells.left] + sums[cells.bottom, cells.left])


def axes_of(extent: Box) -> tuple["Axis", "Axis"]:
    """The axes of a grid over an extent."""
    return Axis(*extent[:2]), Axis(*extent[2:])


def cells_of(axes: tuple["Axis", "Axis"], x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.uint16]:
    """The cell of each point."""
    cells: NDArray[np.uint16] = axes[1].cells(y) * np.uint16(GRID) + axes[0].cells(x)
    return cells


class Axis:
    """Turns values into cells, for points and boxes by the same steps: rounding never puts a point of a box outside its cells."""

    def __init__(self, low: float, high: float) -> None:
        self.low = np.float32(low)
        self.scale = np.float32(GRID / (high - low))

    @property
    def cell_scale(self) -> CellScale:
        """As a polygon has to know it."""
        return CellScale(float(self.low), float(self.scale), GRID)

    def cells(self, values: NDArray[np.float32]) -> NDArray[np.uint16]:
        """The cell of each value along the axis."""
        cells: NDArray[np.float32] = np.clip((values - self.low) * self.scale, 0, GRID - 1)
        return cells.astype(np.uint16)
