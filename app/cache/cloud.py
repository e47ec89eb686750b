"""Points on two axes, and quick answers to: which of them are in this viewport?

Each row has a priority, a fixed shuffle of its number. Points lie in the order of their priorities, so that the first k of any set
of points are a uniform sample of it, and stay so when other points join.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .polygon import EDGE, INSIDE, Cover, Polygon, Scale

__all__ = ["SMALLEST", "Box", "Cloud", "Found", "GrowingCloud", "by_priority", "priority", "quantise"]

Box = tuple[float, float, float, float]
"""x0, x1, y0, y1 in data units, edges included."""

INDEX_FROM = 1 << 20
"""With fewer points a scan of all of them is as quick as an index."""

SCAN = 1 << 18
"""Points that a scan looks at in one step."""

GRID = 256
"""Cells along an axis of the index."""

GATHERING = 4
"""A point of a cell costs about as much as so many of a scan: they lie apart."""

STEPS = 65535

INDEX_ARRAYS = ("order", "x", "y", "counts")

SMALLEST = 1e-30
"""A smaller extent counts as none: single precision could not divide by it."""


def priority(rows: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A number for each row, in an order that has nothing to do with theirs; no two rows share one.

    An integer hash of two multiplications by odd numbers and three shifts, each of which can be undone (Wellons, "lowbias32").
    """
    mixed = rows ^ (rows >> np.uint32(16))
    mixed = mixed * np.uint32(0x7FEB352D)
    mixed ^= mixed >> np.uint32(15)
    mixed = mixed * np.uint32(0x846CA68B)
    mixed ^= mixed >> np.uint32(16)
    return mixed


def by_priority(rows: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Positions of rows in the order of their priorities."""
    return _order(priority(rows))


def _order(keys: NDArray[np.uint32] | NDArray[np.uint16]) -> NDArray[np.uint32]:
    """Positions of keys in rising order, of equals the first one first.

    Key and position are packed into one number each and sorted as a whole: NumPy sorts numbers several times as fast as positions.
    """
    packed = np.arange(len(keys), dtype=np.uint64)
    packed |= np.left_shift(keys, 32, dtype=np.uint64)
    packed.sort()
    return packed.astype(np.uint32)


class Cloud:
    """Points in the order of their priorities.

    Parameters
    ----------
    rows : np.ndarray [shape=(n,), dtype=uint32]
    x, y : np.ndarray [shape=(n,), dtype=float32]
        Finite.
    """

    def __init__(self, rows: NDArray[np.uint32], x: NDArray[np.float32], y: NDArray[np.float32]) -> None:
        self.rows = rows
        self.x = x
        self.y = y

    def __len__(self) -> int:
        return len(self.x)

    def followed_by(self, others: "Cloud") -> "Cloud":
        """These points and others, in the order of their priorities."""
        return Cloud(*_merged(self, others))

    @cached_property
    def bounds(self) -> Box:
        """The smallest box with every point, of which there is at least one."""
        return float(self.x.min()), float(self.x.max()), float(self.y.min()), float(self.y.max())

    @property
    def extent(self) -> Box:
        """The smallest box with every point; where all are equal, about one unit around them."""
        x0, x1, y0, y1 = self.bounds
        return *_range(x0, x1), *_range(y0, y1)

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

    def rows_inside(self, box: Box | None) -> NDArray[np.uint32]:
        """All rows in a box, or of all points, in no order. The points themselves are not sorted, as `inside` has to."""
        if box is None or not len(self) or _holds(box, self.bounds):
            return self.rows
        box = _representable(box)
        if box[0] > box[1] or box[2] > box[3]:
            return self.rows[:0]
        if len(self) < INDEX_FROM:
            return self.rows[_within(self.x, self.y, box)]
        return self._index.rows_inside(box)

    def rows_enclosed(self, polygon: Polygon) -> NDArray[np.uint32]:
        """All rows inside a polygon, in no order."""
        if not len(self):
            return self.rows
        cover = Cover(polygon, *(axis.cell_scale for axis in _axes(self)))
        if len(self) >= INDEX_FROM:
            return self.rows[self._index.enclosed(cover)]
        cells = _cells(self)
        states = cover.states[cells]
        touched = np.flatnonzero(states == EDGE)
        touched = touched[_order(cells[touched])]
        counts = np.bincount(cells, minlength=GRID * GRID)[cover.states == EDGE]
        inside = cover.contains(counts, self.x[touched], self.y[touched])
        return np.concatenate([self.rows[states == INSIDE], self.rows[touched[inside]]])

    @property
    def n_bytes(self) -> int:
        """What the points and their index take in memory, at most."""
        return (12 if len(self) < INDEX_FROM else 24) * len(self)

    @cached_property
    def _index(self) -> "_GridIndex":
        cells = _cells(self)
        order = _order(cells)
        return _GridIndex(self, order, self.x[order], self.y[order], np.bincount(cells, minlength=GRID * GRID))

    def write_index(self, folder: Path) -> None:
        """Write the index of many points, so that it need not be computed again; nothing for few.

        Raises
        ------
        OSError
            The folder cannot be written.
        """
        if len(self) >= INDEX_FROM:
            for name in INDEX_ARRAYS:
                np.save(folder / f"index-{name}.npy", getattr(self._index, name))

    def open_index(self, folder: Path) -> None:
        """Take the index from where `write_index` wrote it, mapped.

        Raises
        ------
        OSError, ValueError, EOFError
            It is missing or damaged.
        """
        if len(self) >= INDEX_FROM:
            arrays = (np.load(folder / f"index-{name}.npy", mmap_mode="r") for name in INDEX_ARRAYS)
            # where cached_property looks first: the index is never computed
            self.__dict__["_index"] = _GridIndex(self, *arrays)


@dataclass(frozen=True)
class Found:
    """Points of a viewport in the order of their priorities.

    rows : np.ndarray [shape=(n,), dtype=uint32]
    x, y : np.ndarray [shape=(n,), dtype=float32]
    n_inside : how many there are, of which these are the first
    """

    rows: NDArray[np.uint32]
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    n_inside: int

    def first(self, limit: int) -> "Found":
        """The first `limit` of them."""
        return Found(self.rows[:limit], self.x[:limit], self.y[:limit], self.n_inside)

    def merged(self, other: "Found") -> "Found":
        """These and others, in the order of their priorities."""
        if not len(other.rows):
            return Found(self.rows, self.x, self.y, self.n_inside + other.n_inside)
        return Found(*_merged(self, other), self.n_inside + other.n_inside)


def _merged(many: "Cloud | Found", few: "Cloud | Found") -> tuple[NDArray[np.uint32], NDArray[np.float32], NDArray[np.float32]]:
    # both are in order, so each of the few has its place: nothing is sorted again
    at = np.searchsorted(priority(many.rows), priority(few.rows))
    return np.insert(many.rows, at, few.rows), np.insert(many.x, at, few.x), np.insert(many.y, at, few.y)


class GrowingCloud:
    """Points of two clouds as one: many that are settled and few that were added since, without those that are gone.

    Parameters
    ----------
    settled, added : Cloud
        No row is in both.
    live : np.ndarray [shape=(n_rows,), dtype=bool] or None
        Which rows are not gone; None where none is.
    """

    def __init__(self, settled: Cloud, added: Cloud, live: NDArray[np.bool_] | None = None) -> None:
        self._settled = settled
        self._added = _kept(added, live)
        self._live = live
        self._gone = None if live is None else np.flatnonzero(~live[settled.rows])

    def __len__(self) -> int:
        return len(self._settled) + len(self._added) - (0 if self._gone is None else len(self._gone))

    @cached_property
    def extent(self) -> Box:
        """The smallest box with every point; where all are equal, about one unit around them."""
        settled = self._settled if self._gone is None else _without(self._settled, self._gone)
        bounds = np.array([cloud.bounds for cloud in (settled, self._added) if len(cloud)])
        low, high = bounds.min(axis=0).tolist(), bounds.max(axis=0).tolist()
        return *_range(low[0], high[1]), *_range(low[2], high[3])

    def inside(self, box: Box | None, limit: int) -> Found:
        """The first `limit` points in a box, or of all."""
        # points that are gone may be among the first, so as many more are taken; they are removed from what was found, not from
        # the cloud, whose index would then have to be built again
        settled, n_gone = self._settled, 0 if self._gone is None else len(self._gone)
        found = _found(settled, box, limit + n_gone)
        if self._gone is not None and n_gone:
            is_gone = np.isin(found.rows, settled.rows[self._gone], kind="table" if len(settled) > INDEX_FROM else None)
            gone = Cloud(settled.rows[self._gone], settled.x[self._gone], settled.y[self._gone])
            n_inside = found.n_inside - _found(gone, box, 0).n_inside
            found = Found(found.rows[~is_gone], found.x[~is_gone], found.y[~is_gone], n_inside)
        return found.first(limit).merged(_found(self._added, box, limit)).first(limit)

    def rows_inside(self, box: Box | None) -> NDArray[np.uint32]:
        """All rows in a box, or of all points, in no order."""
        settled, added = self._settled.rows_inside(box), self._added.rows_inside(box)
        if self._live is not None:
            settled = settled[self._live[settled]]
        return np.concatenate([settled, added]) if len(added) else settled

    def rows_enclosed(self, polygon: Polygon) -> NDArray[np.uint32]:
        """All rows inside a polygon, in no order."""
        settled = self._settled.rows_enclosed(polygon)
        if self._live is not None:
            settled = settled[self._live[settled]]
        return np.concatenate([settled, self._added.rows_enclosed(polygon)])


def _without(cloud: Cloud, positions: NDArray[np.int64]) -> Cloud:
    return Cloud(np.delete(cloud.rows, positions), np.delete(cloud.x, positions), np.delete(cloud.y, positions))


def _found(cloud: Cloud, box: Box | None, limit: int) -> Found:
    if box is None:
        positions: slice | NDArray[np.uint32] = slice(0, min(limit, len(cloud)))
        n_inside = len(cloud)
    else:
        positions, n_inside = cloud.inside(box, limit)
    return Found(cloud.rows[positions], cloud.x[positions], cloud.y[positions], n_inside)


def _kept(cloud: Cloud, live: NDArray[np.bool_] | None) -> Cloud:
    if live is None:
        return cloud
    kept = live[cloud.rows]
    return Cloud(cloud.rows[kept], cloud.x[kept], cloud.y[kept])


@dataclass(frozen=True)
class _Cells:
    """A box in cells, edges included."""

    left: int
    right: int
    bottom: int
    top: int


class _GridIndex:
    """Points sorted by the cells of a grid over the cloud, and within a cell by priority.

    `starts[c]` is where cell c = row * GRID + column begins. The cells of a row of the grid follow each other, so those that a box
    covers in one row are one slice: a box is at most 256 slices, whatever it holds.

    `sums[r, c]` counts the points below row r and left of column c. The points of any rectangle of cells are then counted by four
    numbers (a summed-area table), which tells before any point is looked at whether the box holds few or many.

    Where a box holds few points, they are taken from their cells and sorted by priority. Where it holds many, only the first are
    wanted: the cloud is scanned in the order of priority until enough are found, which is soon, since so many are inside.
    """

    def __init__(
        self,
        cloud: Cloud,
        order: NDArray[np.uint32],
        x: NDArray[np.float32],
        y: NDArray[np.float32],
        counts: NDArray[np.int64],
    ) -> None:
        self.cloud, self.order, self.x, self.y, self.counts = cloud, order, x, y, counts
        self.axes = _axes(cloud)
        self.starts = np.concatenate(([0], counts.cumsum())).tolist()
        self.sums = np.zeros((GRID + 1, GRID + 1), np.int64)
        self.sums[1:, 1:] = counts.reshape(GRID, GRID).cumsum(0).cumsum(1)

    def inside(self, box: Box, limit: int) -> tuple[NDArray[np.uint32], int]:
        """As `Cloud.inside`, by whichever way looks at fewer points."""
        cells = self._cells(box)
        n_touched = self._count(cells)
        # a share of all points is inside, so a scan finds `limit` of them after about limit / share points
        n_scanned = len(self.cloud) * min(1.0, limit / max(n_touched, 1))
        # points from cells are gathered first and sorted later, so each costs more than one of a scan
        if n_touched < n_scanned / 2:
            found = self._in_runs(self._runs(cells), box)
            n_inside = len(found)
            if n_inside > limit:
                found = np.partition(found, limit)[:limit]
            found.sort()
            return found, n_inside
        return self._scan(box, limit), self._count_inside(cells, box)

    def rows_inside(self, box: Box) -> NDArray[np.uint32]:
        """As `Cloud.rows_inside`, by whichever way looks at fewer points."""
        cells = self._cells(box)
        positions = (
            self._in_runs(self._runs(cells), box)
            if self._count(cells) < len(self.cloud) / GATHERING
            else _within(self.cloud.x, self.cloud.y, box)
        )
        return self.cloud.rows[positions]

    def enclosed(self, cover: Cover) -> NDArray[np.uint32]:
        """Positions of the points inside a polygon, in no order."""
        touched = self._stretches(cover.states == EDGE)
        inside = cover.contains(
            self.counts[cover.states == EDGE],
            *(np.concatenate([values[:0], *(values[run] for run in touched)]) for values in (self.x, self.y)),
        )
        edge = np.concatenate([self.order[:0], *(self.order[run] for run in touched)])[inside]
        return np.concatenate([*(self.order[run] for run in self._stretches(cover.states == INSIDE)), edge])

    def _stretches(self, wanted: NDArray[np.bool_]) -> list[slice]:
        """Where the points of some cells are: cells that follow each other are one slice."""
        turns = np.flatnonzero(np.diff(wanted, prepend=False, append=False)).tolist()
        return [slice(self.starts[first], self.starts[end]) for first, end in zip(turns[::2], turns[1::2], strict=True)]

    def _scan(self, box: Box, limit: int) -> NDArray[np.uint32]:
        """Look at points in the order of priority until `limit` are found."""
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
        """Count exactly: cells inside the box as a whole, points one by one only in the cells on its edge."""
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


def _axes(cloud: Cloud) -> list["_Axis"]:
    return [_Axis(*cloud.extent[:2]), _Axis(*cloud.extent[2:])]


def _cells(cloud: Cloud) -> NDArray[np.uint16]:
    """The cell of each point."""
    horizontal, vertical = _axes(cloud)
    cells: NDArray[np.uint16] = vertical.cells(cloud.y) * np.uint16(GRID) + horizontal.cells(cloud.x)
    return cells


class _Axis:
    """Turns values into cells, for points and boxes by the same steps: rounding never puts a point of a box outside its cells."""

    def __init__(self, low: float, high: float) -> None:
        self.low = np.float32(low)
        self.scale = np.float32(GRID / (high - low))

    @property
    def cell_scale(self) -> Scale:
        """As a polygon has to know it."""
        return Scale(float(self.low), float(self.scale), GRID)

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


def _holds(box: Box, other: Box) -> bool:
    """Whether all of another box lies in a box."""
    return box[0] <= other[0] and box[1] >= other[1] and box[2] <= other[2] and box[3] >= other[3]


def _representable(box: Box) -> Box:
    """The largest box of float32 numbers inside `box`: comparing coordinates with it is exact and needs no conversion."""
    x0, x1, y0, y1 = box
    return _upward(x0), -_upward(-x1), _upward(y0), -_upward(-y1)


def _upward(edge: float) -> float:
    nearest = np.float32(edge)
    return float(nearest if float(nearest) >= edge else np.nextafter(nearest, np.float32(np.inf)))


def _range(low: float, high: float) -> tuple[float, float]:
    if high - low >= SMALLEST:
        return low, high
    margin = max(0.5, abs(low) / 1024)
    return low - margin, high + margin
