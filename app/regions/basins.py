"""Basins: the hills of a map's density, each with the cells from which one climbs to its top."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .lattice import SIDE

__all__ = ["SIGMA_CELLS", "Basins", "find"]

SIGMA_CELLS = 2.0
"""How far counts are smoothed. Less: a basin around nearly every point. More: islands run together."""


@dataclass(frozen=True)
class Basins:
    """A partition of the lattice.

    of_cell : np.ndarray [shape=(SIDE * SIDE,), dtype=int32]
        The basin of each cell; cells far from all points belong to the nearest one.
    tops : np.ndarray [shape=(n_basins,), dtype=int64]
        The densest cell of each basin.
    """

    of_cell: NDArray[np.int32]
    tops: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.tops)


def find(cells: NDArray[np.int32]) -> Basins:
    """The basins of points, given by their cells [n], n > 0.

    Counts are smoothed by a Gaussian. Each cell points to the highest of itself and its eight neighbours; following the pointers,
    all of them at once and twice as far each time, leads to the top (pointer jumping: Wyllie, "The complexity of parallel
    computations", 1979). To look for modes in this way is the idea of Koontz, Narendra and Fukunaga, "A graph-theoretic approach
    to nonparametric cluster analysis", 1976.
    """
    from scipy.ndimage import gaussian_filter

    counts = np.bincount(cells, minlength=SIDE * SIDE).astype(np.float32).reshape(SIDE, SIDE)
    density: NDArray[np.float32] = gaussian_filter(counts, SIGMA_CELLS, mode="constant")
    top = _climbed(_pointers(density))
    occupied = np.flatnonzero(density)
    tops, own = np.unique(top[occupied], return_inverse=True)
    of_cell = np.full(SIDE * SIDE, -1, np.int32)
    of_cell[occupied] = own
    return Basins(_filled(of_cell.reshape(SIDE, SIDE)).ravel(), tops.astype(np.int64))


def _pointers(density: NDArray[np.float32]) -> NDArray[np.int32]:
    """The highest of each cell and its neighbours; of equals that with the larger number, so that no two point to each other."""
    best = density.copy()
    pointer = np.arange(SIDE * SIDE, dtype=np.int32).reshape(SIDE, SIDE)
    own = pointer.copy()
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            here = _part(-down), _part(-right)
            there = _part(down), _part(right)
            other, number = density[there], own[there]
            higher = (other > best[here]) | ((other == best[here]) & (number > pointer[here]))
            np.copyto(best[here], other, where=higher)
            np.copyto(pointer[here], number, where=higher)
    return pointer.ravel()


def _part(step: int) -> slice:
    return slice(max(step, 0), SIDE + min(step, 0))


def _climbed(pointer: NDArray[np.int32]) -> NDArray[np.int32]:
    while True:
        further = pointer[pointer]
        if np.array_equal(further, pointer):
            return further
        pointer = further


def _filled(of_cell: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give cells without a basin that of the nearest cell that has one."""
    from scipy.ndimage import distance_transform_edt

    nearest = distance_transform_edt(of_cell < 0, return_distances=False, return_indices=True)
    filled: NDArray[np.int32] = of_cell[tuple(nearest)]
    return filled
