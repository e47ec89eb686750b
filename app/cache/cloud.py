"""Points on two axes, and quick answers to: which of them are in this viewport?

Each row has a priority, a fixed shuffle of its number. Points lie in the order of their priorities, so that the first k of any set
of points are a uniform sample of it, and stay so when other points join.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .box import Box, holds, representable, widened, within
from .grid_index import GRID, GridIndex, axes_of, cells_of
from .polygon import EDGE, INSIDE, Cover, Polygon
from .priority import order_of, priority

__all__ = ["Cloud", "Found", "MaskedCloud", "merged"]

INDEX_FROM = 1 << 20
"""With fewer points a scan of all of them is as quick as an index."""

INDEX_ARRAYS = ("order", "x", "y", "counts")


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
        return Found(*merged(self, other), self.n_inside + other.n_inside)


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
        return Cloud(*merged(self, others))

    def under(self, keep: NDArray[np.bool_]) -> "Cloud | MaskedCloud":
        """Those of the points whose rows are kept.

        Parameters
        ----------
        keep : np.ndarray [shape=(n_rows,), dtype=bool]
            By row; rows beyond it are not kept.
        """
        # the place behind the last stands for all rows beyond
        kept = np.append(keep, False).take(self.rows, mode="clip")
        if len(self) >= INDEX_FROM and np.count_nonzero(kept) >= INDEX_FROM:
            return MaskedCloud(self, self._index.under(kept))
        return Cloud(self.rows[kept], self.x[kept], self.y[kept])

    @cached_property
    def bounds(self) -> Box:
        """The smallest box with every point, of which there is at least one."""
        return float(self.x.min()), float(self.x.max()), float(self.y.min()), float(self.y.max())

    @property
    def extent(self) -> Box:
        """The smallest box with every point; where all are equal, about one unit around them."""
        x0, x1, y0, y1 = self.bounds
        return *widened(x0, x1), *widened(y0, y1)

    def inside(self, box: Box, limit: int) -> tuple[NDArray[np.uint32], int]:
        """The first `limit` points in a box, and how many there are.

        Returns
        -------
        positions : np.ndarray [shape=(<= limit,), dtype=uint32], ascending
        n_inside : int
        """
        box = representable(box)
        if box[0] > box[1] or box[2] > box[3]:
            return np.empty(0, np.uint32), 0
        if len(self) < INDEX_FROM:
            found = within(self.x, self.y, box)
            return found[:limit], len(found)
        return self._index.inside(box, limit)

    def found(self, box: Box | None, limit: int) -> Found:
        """The first `limit` points in a box, or of all."""
        if box is None:
            return Found(self.rows[:limit], self.x[:limit], self.y[:limit], len(self))
        positions, n_inside = self.inside(box, limit)
        return Found(self.rows[positions], self.x[positions], self.y[positions], n_inside)

    def rows_inside(self, box: Box | None) -> NDArray[np.uint32]:
        """All rows in a box, or of all points, in no order. The points themselves are not sorted, as `inside` has to."""
        if box is None or not len(self) or holds(box, self.bounds):
            return self.rows
        box = representable(box)
        if box[0] > box[1] or box[2] > box[3]:
            return self.rows[:0]
        if len(self) < INDEX_FROM:
            return self.rows[within(self.x, self.y, box)]
        return self.rows[self._index.positions_inside(box)]

    def rows_enclosed(self, polygon: Polygon) -> NDArray[np.uint32]:
        """All rows inside a polygon, in no order."""
        if not len(self):
            return self.rows
        axes = axes_of(self.extent)
        cover = Cover(polygon, *(axis.cell_scale for axis in axes))
        if len(self) >= INDEX_FROM:
            return self.rows[self._index.enclosed(cover)]
        cells = cells_of(axes, self.x, self.y)
        states = cover.states[cells]
        touched = np.flatnonzero(states == EDGE)
        touched = touched[order_of(cells[touched])]
        counts = np.bincount(cells, minlength=GRID * GRID)[cover.states == EDGE]
        inside = cover.contains(counts, self.x[touched], self.y[touched])
        return np.concatenate([self.rows[states == INSIDE], self.rows[touched[inside]]])

    @property
    def n_bytes(self) -> int:
        """What the points and their index take in memory, at most."""
        return (12 if len(self) < INDEX_FROM else 24) * len(self)

    @cached_property
    def _index(self) -> GridIndex:
        axes = axes_of(self.extent)
        cells = cells_of(axes, self.x, self.y)
        order = order_of(cells)
        counts = np.bincount(cells, minlength=GRID * GRID)
        return GridIndex(axes, (self.x, self.y), order, self.x[order], self.y[order], counts)

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
            self.__dict__["_index"] = GridIndex(axes_of(self.extent), (self.x, self.y), *arrays)


class MaskedCloud:
    """Many of the points of a cloud, in its order: its index finds them, so that none is built for each mask.

    Parameters
    ----------
    whole : Cloud
    index : GridIndex
        Of the cloud, under the mask.
    """

    def __init__(self, whole: Cloud, index: GridIndex) -> None:
        self._whole = whole
        self._index = index

    def __len__(self) -> int:
        return self._index.n_found

    def found(self, box: Box | None, limit: int) -> Found:
        """As `Cloud.found`."""
        box = None if box is None or holds(box, self._whole.bounds) else representable(box)
        if box is not None and (box[0] > box[1] or box[2] > box[3]):
            return Found(self._whole.rows[:0], self._whole.x[:0], self._whole.y[:0], 0)
        positions, n_inside = self._index.inside(box, limit)
        return Found(self._whole.rows[positions], self._whole.x[positions], self._whole.y[positions], n_inside)

    @property
    def n_bytes(self) -> int:
        """What the mask takes in memory, by position and by cell."""
        return 2 * len(self._whole)


def merged(many: Cloud | Found, few: Cloud | Found) -> tuple[NDArray[np.uint32], NDArray[np.float32], NDArray[np.float32]]:
    """Rows, x and y of two sets of points, in the order of their priorities."""
    # both are in order, so each of the few has its place: nothing is sorted again
    at = np.searchsorted(priority(many.rows), priority(few.rows))
    return np.insert(many.rows, at, few.rows), np.insert(many.x, at, few.x), np.insert(many.y, at, few.y)
