"""Points that are settled and points that were added since, as one cloud."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from . import cloud as settled_cloud
from .box import Box, widened
from .cloud import Cloud, Found, MaskedCloud
from .polygon import Polygon

__all__ = ["FilteredCloud", "GrowingCloud"]


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
        self._gone = None if live is None else np.flatnonzero(~_is_live(settled.rows, live))

    def __len__(self) -> int:
        return len(self._settled) + len(self._added) - (0 if self._gone is None else len(self._gone))

    @cached_property
    def extent(self) -> Box:
        """The smallest box with every point; where all are equal, about one unit around them."""
        settled = self._settled if self._gone is None else _without(self._settled, self._gone)
        bounds = np.array([cloud.bounds for cloud in (settled, self._added) if len(cloud)])
        low, high = bounds.min(axis=0).tolist(), bounds.max(axis=0).tolist()
        return *widened(low[0], high[1]), *widened(low[2], high[3])

    def inside(self, box: Box | None, limit: int) -> Found:
        """The first `limit` points in a box, or of all."""
        # points that are gone may be among the first, so as many more are taken; they are removed from what was found, not from
        # the cloud, whose index would then have to be built again
        settled, n_gone = self._settled, 0 if self._gone is None else len(self._gone)
        found = settled.found(box, limit + n_gone)
        if self._gone is not None and n_gone:
            is_gone = np.isin(
                found.rows, settled.rows[self._gone], kind="table" if len(settled) > settled_cloud.INDEX_FROM else None
            )
            gone = Cloud(settled.rows[self._gone], settled.x[self._gone], settled.y[self._gone])
            n_inside = found.n_inside - gone.found(box, 0).n_inside
            found = Found(found.rows[~is_gone], found.x[~is_gone], found.y[~is_gone], n_inside)
        return found.first(limit).merged(self._added.found(box, limit)).first(limit)

    def under(self, keep: NDArray[np.bool_]) -> "FilteredCloud":
        """Those of the points whose rows are kept. Finding them takes some time, so whoever asks again remembers them.

        Parameters
        ----------
        keep : np.ndarray [shape=(n_rows,), dtype=bool]
            By row; rows beyond it are not kept.
        """
        if self._live is not None:
            n = min(len(keep), len(self._live))
            keep = keep[:n] & self._live[:n]
        return FilteredCloud(self._settled.under(keep), self._added.under(keep))

    def rows_inside(self, box: Box | None) -> NDArray[np.uint32]:
        """All rows in a box, or of all points, in no order."""
        settled, added = self._settled.rows_inside(box), self._added.rows_inside(box)
        if self._live is not None:
            settled = settled[_is_live(settled, self._live)]
        return np.concatenate([settled, added]) if len(added) else settled

    def by_row(self, n_rows: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Both axes [shape=(n_rows,)] in the order of rows; NaN where a row has no point."""
        x, y = (np.full(n_rows, np.nan, np.float32) for _ in range(2))
        for cloud in (self._settled, self._added):
            # points that were written after the number of rows was read
            known = slice(None) if not len(cloud) or cloud.rows.max() < n_rows else cloud.rows < n_rows
            x[cloud.rows[known]], y[cloud.rows[known]] = cloud.x[known], cloud.y[known]
        if self._live is not None:
            gone = ~self._live[:n_rows]
            x[: len(gone)][gone] = np.nan
            y[: len(gone)][gone] = np.nan
        return x, y

    def rows_enclosed(self, polygon: Polygon) -> NDArray[np.uint32]:
        """All rows inside a polygon, in no order."""
        settled = self._settled.rows_enclosed(polygon)
        if self._live is not None:
            settled = settled[_is_live(settled, self._live)]
        return np.concatenate([settled, self._added.rows_enclosed(polygon)])


class FilteredCloud:
    """The points of a growing cloud that a mask keeps."""

    def __init__(self, settled: Cloud | MaskedCloud, added: Cloud | MaskedCloud) -> None:
        self._settled = settled
        self._added = added

    def __len__(self) -> int:
        return len(self._settled) + len(self._added)

    def inside(self, box: Box | None, limit: int) -> Found:
        """The first `limit` points in a box, or of all."""
        return self._settled.found(box, limit).merged(self._added.found(box, limit)).first(limit)

    @property
    def n_bytes(self) -> int:
        """What it takes in memory."""
        return self._settled.n_bytes + self._added.n_bytes


def _without(cloud: Cloud, positions: NDArray[np.int64]) -> Cloud:
    return Cloud(np.delete(cloud.rows, positions), np.delete(cloud.x, positions), np.delete(cloud.y, positions))


def _is_live(rows: NDArray[np.uint32], live: NDArray[np.bool_]) -> NDArray[np.bool_]:
    # points may be newer than the table: they belong to no track yet
    return live.take(rows, mode="clip") & (rows < len(live))


def _kept(cloud: Cloud, live: NDArray[np.bool_] | None) -> Cloud:
    if live is None:
        return cloud
    kept = _is_live(cloud.rows, live)
    return Cloud(cloud.rows[kept], cloud.x[kept], cloud.y[kept])
