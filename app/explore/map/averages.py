"""The tracks of a map as points: the mean of where their segments lie, how far these are spread, and which is nearest to it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...cache.box import quantise
from ...cache.cloud import Cloud
from ...cache.priority import by_priority
from ...cache.recent import Recent
from ...cache.rows import RowTable
from ...core.errors import NotReadyError
from ..filtering import Mask
from .points import MapView, Points

__all__ = ["AveragePoints", "Averages", "by_track", "points"]

REMEMBERED_BYTES = 1 << 25
TRACKS_AT_ONCE = 4096
"""Tracks whose segments are averaged in one step: they stay in the processor's cache, and double precision takes little memory."""

MOST_LEVEL = 255


@dataclass(frozen=True, eq=False)
class Averages:
    """One point for each track that has a place, in the order of the priorities of `rows`.

    rows : np.ndarray [shape=(n,), dtype=uint32]
        Of each track the segment nearest to the mean, of equals the first: the most typical one.
    first_rows : np.ndarray [shape=(n,), dtype=uint32]
    xy : np.ndarray [shape=(2, n), dtype=float32]
        The mean of the coordinates.
    spreads : np.ndarray [shape=(n,), dtype=float32]
        The root of the mean squared distance from the mean, in data units.
    """

    rows: NDArray[np.uint32]
    first_rows: NDArray[np.uint32]
    xy: NDArray[np.float32]
    spreads: NDArray[np.float32]

    @property
    def n_bytes(self) -> int:
        """What they take in memory."""
        return self.rows.nbytes + self.first_rows.nbytes + self.xy.nbytes + self.spreads.nbytes


@dataclass(frozen=True)
class AveragePoints(Points):
    """Averages as they are sent.

    first_rows : np.ndarray [shape=(n,), dtype=uint32], of each point's track
    spread_levels : np.ndarray [shape=(n,), dtype=uint8]: 255 is `largest_spread`
    """

    first_rows: NDArray[np.uint32]
    spread_levels: NDArray[np.uint8]
    largest_spread: float


_remembered: Recent[Averages] = Recent(REMEMBERED_BYTES, lambda averages: averages.n_bytes)


def points(view: MapView) -> AveragePoints:
    """The averages of a map inside the box of its query, coloured by their most typical segments.

    Raises
    ------
    NotReadyError
        No track has coordinates.
    """
    query = view.query
    key = (view.table, view.edition, query.x, query.y)
    averages = _remembered.get(key, lambda: by_track(view.table, *view.cloud().by_row(view.table.n_rows)))
    n = len(averages.rows)
    if not n:
        raise NotReadyError("not_placed", "No track has been placed on this map yet.", "Run: flask reduce-all")
    # the extent of the segments, so that a map keeps its frame when its tracks are averaged
    cloud, extent = Cloud(averages.rows, *averages.xy), view.cloud().extent
    at: NDArray[np.uint32] = np.arange(n, dtype=np.uint32)
    if query.box is not None:
        at, _ = cloud.inside(query.box, n)
    n_inside = len(at)
    if view.mask is not None:
        at = at[_has_match(averages.rows[at], view.table, view.mask)]
    n_matching, at = len(at), at[: query.limit]
    box = query.box or extent
    rows, largest = averages.rows[at], float(averages.spreads.max())
    colouring = view.colouring and view.colouring.among(rows)
    return AveragePoints(
        rows=rows,
        x=quantise(averages.xy[0][at], *box[:2]),
        y=quantise(averages.xy[1][at], *box[2:]),
        levels=colouring.levels(rows) if colouring else None,
        colouring=colouring,
        box=box,
        extent=extent,
        n_inside=n_inside,
        n_matching=n_matching,
        n_total=n,
        first_rows=averages.first_rows[at],
        spread_levels=np.rint(averages.spreads[at] * (MOST_LEVEL / (largest or 1.0))).astype(np.uint8),
        largest_spread=largest,
    )


def _has_match(rows: NDArray[np.uint32], table: RowTable, mask: Mask) -> NDArray[np.bool_]:
    """Whether a segment of each row's track matches."""
    upto = np.concatenate(([0], np.cumsum(mask.keep, dtype=np.int64)))
    firsts = table.ranges.first_rows
    matches = upto[firsts + table.ranges.n_segments] > upto[firsts]
    kept: NDArray[np.bool_] = matches[np.searchsorted(firsts, rows, side="right") - 1]
    return kept


def by_track(table: RowTable, x: NDArray[np.float32], y: NDArray[np.float32]) -> Averages:
    """Average coordinates by track.

    Parameters
    ----------
    x, y : np.ndarray [shape=(n_rows,), dtype=float32]
        By row; NaN where a row has no place.
    """
    firsts, ends = table.ranges.first_rows, table.ranges.first_rows + table.ranges.n_segments
    if not len(firsts):
        nothing = np.empty(0, np.float32)
        return Averages(nothing.astype(np.uint32), nothing.astype(np.uint32), np.empty((2, 0), np.float32), nothing)
    parts = [
        _averaged(firsts[at : at + TRACKS_AT_ONCE], ends[at : at + TRACKS_AT_ONCE], x, y)
        for at in range(0, len(firsts), TRACKS_AT_ONCE)
    ]
    rows, first_rows, means_x, means_y, spreads = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = by_priority(rows)
    xy = np.stack([means_x[order], means_y[order]])
    return Averages(rows[order], first_rows[order], xy, spreads[order])


def _averaged(
    firsts: NDArray[np.int64], ends: NDArray[np.int64], x: NDArray[np.float32], y: NDArray[np.float32]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Rows nearest to the mean, first rows, means and spreads of tracks whose rows follow each other."""
    low, high = int(firsts[0]), int(ends[-1])
    columns = [column[low:high].astype(np.float64) for column in (x, y)]
    # rows between tracks are gone and have no place: they count for nothing
    has_place = ~np.isnan(columns[0])
    for column in columns:
        column[~has_place] = 0
    starts = firsts - low
    counts = np.add.reduceat(has_place, starts, dtype=np.int64)
    means = [np.add.reduceat(column, starts) / np.maximum(counts, 1) for column in columns]
    lengths = np.diff(starts, append=high - low)
    squares = sum((column - np.repeat(mean, lengths)) ** 2 for column, mean in zip(columns, means, strict=True))
    spreads = np.sqrt(np.add.reduceat(np.where(has_place, squares, 0), starts) / np.maximum(counts, 1))
    squares = np.where(has_place, squares, np.inf)
    # rows at the least distance of their track, and of each track the first
    is_nearest = np.flatnonzero((squares == np.repeat(np.minimum.reduceat(squares, starts), lengths)) & has_place)
    nearest = is_nearest[np.searchsorted(is_nearest, starts[counts > 0])] + low
    kept = counts > 0
    return (
        nearest.astype(np.uint32),
        firsts[kept].astype(np.uint32),
        means[0][kept].astype(np.float32),
        means[1][kept].astype(np.float32),
        spreads[kept].astype(np.float32),
    )
