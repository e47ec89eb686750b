"""The regions of a map from its points and their tags: made once, and kept up when points join."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import crowd, names, sums, tree
from .crowd import Crowd
from .names import Names
from .sums import Block, Sums
from .tree import Grid, Regions

__all__ = ["Counted", "Fitted", "PlacedSegments", "Tags", "add", "fit", "recount"]

Tags = Callable[[NDArray[np.int32]], Iterable[Block]]
"""Given the part of each segment, the same in blocks with the tags of the segments."""


@dataclass(frozen=True)
class PlacedSegments:
    """Segments on a map.

    x, y : np.ndarray [shape=(n,), dtype=float32]
    track_ids : np.ndarray [shape=(n,), dtype=int64]
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    track_ids: NDArray[np.int64]


@dataclass(frozen=True)
class Fitted:
    """What stays as it is when points join: the cells, the regions, and what values are ranked against.

    n_basins : how many basins the grid has
    shares : np.ndarray [shape=(n_tags, 65536), dtype=float32]
        The rank of each float16 number in each tag, when the regions were made.
    """

    grid: Grid
    n_basins: int
    regions: Regions
    shares: NDArray[np.float32]


@dataclass(frozen=True)
class Counted:
    """What grows: sums over each region and over the whole collection, tracks, names. `n_points` says how many are counted."""

    n_points: int
    sums: Sums
    collection: Sums
    crowd: Crowd
    names: Names


def fit(points: PlacedSegments, shares: NDArray[np.float32], tags: Tags) -> tuple[Fitted, Counted]:
    """Make the regions of points, of which there is at least one, and name them."""
    grid, found = tree.grid_of(points.x, points.y)
    basins = grid.basins(points.x, points.y)
    of_basin = sums.add_up(len(found), shares, tags(basins))
    merges = tree.grown_together(grid, found, of_basin)
    grid, regions, place = tree.cut(grid, found, merges, np.bincount(basins, minlength=len(found)))
    fitted = Fitted(grid, len(found), regions, shares)
    of_tracks = crowd.count(regions, len(found), place.astype(np.int32)[basins], points.track_ids)
    return fitted, _named(fitted, len(basins), of_basin.take(np.argsort(place)), of_tracks, None)


def add(fitted: Fitted, before: Counted, points: PlacedSegments, tags: Tags) -> Counted:
    """Count points that joined, of tracks that had none. It costs what is added."""
    return _named(fitted, *_counts(fitted, points, tags), before)


def recount(fitted: Fitted, before: Counted, points: PlacedSegments, tags: Tags) -> Counted:
    """Count all points anew, since some are gone; a region keeps its name while that holds."""
    return _named(fitted, *_counts(fitted, points, tags), _emptied(fitted, before))


def _counts(fitted: Fitted, points: PlacedSegments, tags: Tags) -> tuple[int, Sums, Crowd]:
    basins = fitted.grid.basins(points.x, points.y)
    of_basin = sums.add_up(fitted.n_basins, fitted.shares, tags(basins))
    return len(basins), of_basin, crowd.count(fitted.regions, fitted.n_basins, basins, points.track_ids)


def _emptied(fitted: Fitted, before: Counted) -> Counted:
    n_regions, n_tags = len(fitted.regions), len(fitted.shares)
    return Counted(0, Sums.nothing(n_regions, n_tags), Sums.nothing(1, n_tags), Crowd.nothing(n_regions), before.names)


def _named(fitted: Fitted, n_points: int, of_basin: Sums, of_tracks: Crowd, before: Counted | None) -> Counted:
    regions = fitted.regions
    of_regions, collection = of_basin.spans(regions.first, regions.end), of_basin.total
    if before is not None:
        n_points += before.n_points
        of_regions, collection, of_tracks = before.sums + of_regions, before.collection + collection, before.crowd + of_tracks
    old = None if before is None else before.names
    given = names.give(regions, of_regions, of_tracks, collection, old)
    return Counted(n_points, of_regions, collection, of_tracks, given)
