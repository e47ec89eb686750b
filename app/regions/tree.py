"""Regions: nested parts of a map, a few large ones and many small ones within them."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from . import adjacency, basins, merging
from .basins import Basins
from .lattice import SIDE, Lattice
from .merging import Merges
from .sums import Sums

__all__ = ["FEWEST_SEGMENTS", "MOST_REGIONS", "Grid", "Regions", "cut", "grid_of", "grown_together"]

FIRST_CUT, CUT_FACTOR = 8, 4
"""The map is cut into 8 parts, then 32, 128, …: a region has about four within it. A map of few segments is cut into fewer."""

FEWEST_OF_A_CUT = 32
"""Segments to a part of the first cut."""

MOST_REGIONS = 400
"""More have no room on a screen; the largest are kept. Deeper ones are made of what is looked at."""

MOST_BASINS = 512
"""The largest basins of a region tell where it is densest."""

FEWEST_SEGMENTS = 8
"""Of a region. Fewer say little in common."""


Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True)
class Grid:
    """A lattice whose cells belong to basins.

    of_cell : np.ndarray [shape=(SIDE * SIDE,), dtype=int32]
        The basin of each cell.
    """

    lattice: Lattice
    of_cell: NDArray[np.int32]

    def basins(self, x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.int32]:
        """The basin of each point."""
        return self.of_cell[self.lattice.cells(x, y)]


@dataclass(frozen=True)
class Regions:
    """Regions of a map; parents come before their children, and of one level the larger ones first.

    first, end : np.ndarray [shape=(n_regions,), dtype=int32]
        A region is the basins from `first` up to, without, `end`.
    parent : np.ndarray [shape=(n_regions,), dtype=int32]
        The region around each; -1 for the outermost.
    level : np.ndarray [shape=(n_regions,), dtype=int32]
        0 for the outermost.
    x, y : np.ndarray [shape=(n_regions,), dtype=float64]
        The densest place as seen from as far as shows the region: the top of one of its basins.
    """

    first: NDArray[np.int32]
    end: NDArray[np.int32]
    parent: NDArray[np.int32]
    level: NDArray[np.int32]
    x: NDArray[np.float64]
    y: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.first)


def grid_of(x: NDArray[np.float32], y: NDArray[np.float32]) -> tuple[Grid, Basins]:
    """The lattice of points [n], n > 0, and its basins, not yet in the order of the regions."""
    lattice = Lattice.around(x, y)
    found = basins.find(lattice.cells(x, y))
    return Grid(lattice, found.of_cell), found


def grown_together(grid: Grid, found: Basins, sums: Sums) -> Merges:
    """Basins merged by the mean ranks of their tags, each weighing as many segments as it has."""
    x, y = grid.lattice.middles(found.tops)
    return merging.merge(sums.n, sums.mean_ranks, adjacency.neighbours(x, y))


def cut(grid: Grid, found: Basins, merges: Merges, n_segments: NDArray[np.int64]) -> tuple[Grid, Regions, NDArray[np.int64]]:
    """Cut the tree of merges into levels.

    Parameters
    ----------
    n_segments : np.ndarray [shape=(n_basins,)]
        Segments of each basin.

    Returns
    -------
    grid : Grid
        With basins numbered so that those of any region follow each other.
    regions : Regions
    place : np.ndarray [shape=(n_basins,), dtype=int64]
        The new number of each basin.
    """
    place, first, end = merges.order()
    running = np.concatenate([[0], _placed(n_segments, place).cumsum()])
    size = running[end] - running[first]
    nodes, levels = _chosen(merges, size)
    parents = _parents(first[nodes], end[nodes], levels)
    tops = _placed(found.tops, place)
    x, y = grid.lattice.middles(tops[_densest(tops, _placed(n_segments, place), first[nodes], end[nodes])])
    regions = Regions(first[nodes].astype(np.int32), end[nodes].astype(np.int32), parents, levels, x, y)
    return Grid(grid.lattice, place.astype(np.int32)[grid.of_cell]), regions, place


def _chosen(merges: Merges, size: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Nodes that become regions, with their levels. One that is not cut further belongs to the first level that has it."""
    nodes, levels = np.empty(0, np.int64), np.empty(0, np.int32)
    n_parts, level = int(np.clip(size[-1] // FEWEST_OF_A_CUT, 1, FIRST_CUT)), 0
    while len(nodes) < MOST_REGIONS:
        here = np.setdiff1d(merges.nodes_at(n_parts), nodes)
        here = here[size[here] >= FEWEST_SEGMENTS]
        here = here[np.argsort(-size[here], kind="stable")][: MOST_REGIONS - len(nodes)]
        nodes, levels = np.concatenate([nodes, here]), np.concatenate([levels, np.full(len(here), level, np.int32)])
        if n_parts >= merges.n_leaves:
            break
        n_parts, level = n_parts * CUT_FACTOR, level + 1
    return nodes, levels


def _parents(first: NDArray[np.int64], end: NDArray[np.int64], levels: NDArray[np.int32]) -> NDArray[np.int32]:
    parents = np.full(len(first), -1, np.int32)
    for region in range(len(first)):
        # of those around it the last one is the innermost
        around = (first[:region] <= first[region]) & (end[:region] >= end[region]) & (levels[:region] < levels[region])
        if around.any():
            parents[region] = np.flatnonzero(around)[-1]
    return parents


def _densest(
    tops: NDArray[np.int64], n_segments: NDArray[np.int64], first: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The basin of each region with most segments around it, near ones counting more.

    How near is measured by the region: the Gaussian is half as wide as its segments lie from their mean. The highest basin alone
    would do where there are millions of segments; of some thousand, any pair of close ones is a high basin.
    """
    found = np.empty(len(first), np.int64)
    for region, (a, b) in enumerate(zip(first.tolist(), end.tolist(), strict=True)):
        among = np.arange(a, b)
        if len(among) > MOST_BASINS:
            among = among[np.argsort(-n_segments[among], kind="stable")[:MOST_BASINS]]
        weight = n_segments[among] / n_segments[among].sum()
        places = np.stack(np.divmod(tops[among], SIDE), axis=1).astype(np.float64)
        apart = ((places - weight @ places) ** 2).sum(axis=1)
        width = max(weight @ apart / 4, 1.0)
        distances = ((places[:, None] - places) ** 2).sum(axis=2)
        found[region] = among[(np.exp(-distances / (2 * width)) @ weight).argmax()]
    return found


def _placed(values: NDArray[Number], place: NDArray[np.int64]) -> NDArray[Number]:
    placed = np.empty_like(values)
    placed[place] = values
    return placed
