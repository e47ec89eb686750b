"""The regions of a map: what they are called, why, and which rows are theirs."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache import tags
from ...cache.box import Box
from ...cache.cloud import Found
from ...cache.editions import Editions
from ...cache.recent import Recent
from ...cache.tags import TagColumns
from ...core.errors import NotFoundError, NotReadyError
from ...core.spaces import SpaceName
from ...regions import arrays, fit
from ...regions.fit import Counted, Fitted
from ...regions.names import scores
from ...store import projections, regions, runs, tracks
from ...store.projections import StoredProjection
from ...store.tracks import Shown
from . import points
from .points import ORIGINAL, MapView, Query

__all__ = ["Detail", "MapRegions", "RegionsView", "Word", "at", "check", "find", "n_matching", "rows_of", "shown_tracks", "words"]

ON_DEMAND = 60_000
"""Points of which a request makes the regions by itself: half a second. Those of larger projections are made by commands."""

REMEMBERED_BYTES = 1 << 25
N_TAGS = 6
CENTRAL = (2, 98)
"""Percentiles between which a region is shown: a few of its segments may lie far off."""

NO_SHARES = np.empty((0, 0), np.float32)

_remembered: Recent["MapRegions"] = Recent(REMEMBERED_BYTES, lambda found: found.fitted.grid.of_cell.nbytes)


@dataclass(frozen=True, eq=False)
class MapRegions:
    """Regions of a map.

    made : names these regions: while it stays, a number stands for the same part of the map
    named_by, labels : the network whose tags are the words, and these
    """

    made: str
    named_by: str
    labels: tuple[str, ...]
    fitted: Fitted
    counted: Counted


@dataclass(frozen=True)
class RegionsView:
    """The regions of a map, found but not yet read.

    version : another value whenever an answer may be another
    read : gives them; None where a map has none, since nobody hears tags in it or it is too large to make them at once
    made : what names them, where that is known before they are read; else None
    """

    view: MapView
    version: Hashable
    read: Callable[[], MapRegions | None]
    made: str | None = None


@dataclass(frozen=True)
class Word:
    """A tag in a region.

    mean_rank : of its segments in the collection, 0-1
    inside, outside : shares of segments, of the region and of the rest, that are among the strongest quarter of the collection
    """

    label: str
    mean_rank: float
    inside: float
    outside: float


@dataclass(frozen=True)
class Detail:
    """What a region is.

    n_segments : as they are now
    row : the segment nearest to its middle, the densest place
    box : where nearly all of it lies
    tags : those that distinguish it most, the strongest first, whether they name it or not
    """

    n_segments: int
    row: int
    box: Box
    tags: tuple[Word, ...]


def find(
    session: Session, editions: Editions, name: SpaceName, method: str, x: int = 0, y: int = 1, filter_text: str | None = None
) -> RegionsView:
    """The regions of the map of a space on two axes. A projection has stored ones on its first two.

    Parameters
    ----------
    filter_text : str or None
        What `n_matching` counts; the regions are the same.

    Raises
    ------
    NotReadyError, InvalidError
        As `points.find`. NotReadyError also while the tags that name regions are being prepared.
    """
    view = points.find(session, editions, name, method, Query(x=x, y=y, filter=filter_text))
    if method != ORIGINAL and (x, y) == (0, 1):
        projection = projections.stored(session, view.network.space(name.layer), method)
        state = regions.state(session, projection)
        if state is not None:
            # titles of tracks change with commands, and so do regions, from one network's tags to another's and back
            version = (view.table.lineage, state, runs.last(session))
            return RegionsView(view, version, lambda: _remembered.get(version, partial(_stored, session, projection)))
    # of a map that is too large nothing waits for its tags
    found = tags.of(session, editions, view.network) if 0 < len(view.cloud()) <= ON_DEMAND else None
    key = (view.table.lineage, view.table.revision, view.edition, (x, y), found and found.version)
    return RegionsView(view, (key, runs.last(session)), lambda: _made(view, found, key), _token(key))


def at(found: RegionsView, region: int, made: str | None = None) -> Detail:
    """What a region is.

    Parameters
    ----------
    made : str or None
        Of the regions that the caller knows.

    Raises
    ------
    NotFoundError
        There is no such region.
    NotReadyError
        Regions were made anew since.
    """
    known = _checked(found, region, made)
    inside = _inside(found.view, known, region)
    if not len(inside.rows):
        raise _no_region(region)
    of = known.fitted.regions
    # nearest in cells: they are as long on both axes as the map is on the screen
    lattice = known.fitted.grid.lattice
    apart = ((inside.x - of.x[region]) / lattice.width) ** 2 + ((inside.y - of.y[region]) / lattice.height) ** 2
    x0, x1 = np.percentile(inside.x, CENTRAL).tolist()
    y0, y1 = np.percentile(inside.y, CENTRAL).tolist()
    nearest = int(inside.rows[apart.argmin()])
    return Detail(len(inside.rows), nearest, (x0, x1, y0, y1), words(known, region, _strongest(known, region)))


def check(found: RegionsView, region: int, made: str | None = None) -> None:
    """Refuse what is no region.

    Raises
    ------
    NotFoundError, NotReadyError
        As `at`.
    """
    _checked(found, region, made)


def rows_of(found: RegionsView, region: int, made: str | None = None) -> NDArray[np.uint32]:
    """Every row of a region, in no order.

    Raises
    ------
    NotFoundError, NotReadyError
        As `at`.
    """
    return _inside(found.view, _checked(found, region, made), region).rows


def n_matching(found: RegionsView, made: str | None = None) -> NDArray[np.int64]:
    """How many segments of each region the filter keeps that the regions were found with; all, where there was none.

    Returns
    -------
    np.ndarray [shape=(n_regions,), dtype=int64]

    Raises
    ------
    NotFoundError, NotReadyError
        As `at`. NotFoundError where a map has no regions.
    """
    known = _checked(found, 0, made)
    cloud, mask = found.view.cloud(), found.view.mask
    every = cloud.inside(None, len(cloud))
    x, y = every.x, every.y
    if mask is not None:
        # points that were written after the table was read match nothing yet
        kept = np.flatnonzero(every.rows < len(mask.keep))
        kept = kept[mask.keep[every.rows[kept]]]
        x, y = x[kept], y[kept]
    of = known.fitted.regions
    in_basins = np.bincount(known.fitted.grid.basins(x, y), minlength=known.fitted.n_basins)
    before = np.concatenate(([0], np.cumsum(in_basins)))
    return before[of.end] - before[of.first]


def words(known: MapRegions, region: int, numbers: Sequence[int]) -> tuple[Word, ...]:
    """Some tags in a region, by their numbers."""
    sums, collection = known.counted.sums, known.counted.collection
    ranks, inside = sums.mean_ranks[region], sums.strong_shares[region]
    n_outside = max(float(collection.n[0] - sums.n[region]), 1.0)
    outside = (collection.strong[0] - sums.strong[region]) / n_outside
    return tuple(Word(known.labels[tag], float(ranks[tag]), float(inside[tag]), float(outside[tag])) for tag in numbers)


def shown_tracks(session: Session, known: MapRegions) -> dict[int, Shown]:
    """The tracks that regions are called by."""
    ids = known.counted.names.track
    return tracks.shown(session, ids[ids > 0].tolist())


def _strongest(known: MapRegions, region: int) -> list[int]:
    own = scores(known.counted.sums.mean_values[region], known.counted.collection.mean_values[0])
    return [tag for tag in np.argsort(-own, kind="stable")[:N_TAGS].tolist() if own[tag] > 0]


def _checked(found: RegionsView, region: int, made: str | None) -> MapRegions:
    # regions are not made, which takes half a second, only to be refused
    known = found.read() if found.made is None or made in (None, found.made) else None
    present = found.made if known is None else known.made
    if present is not None and made not in (None, present):
        raise NotReadyError("stale_regions", "The regions of this map were made anew.", "Load the map again.")
    if known is None or region >= len(known.fitted.regions):
        raise _no_region(region)
    return known


def _no_region(region: int) -> NotFoundError:
    return NotFoundError("no_region", f"This map has no region {region}.", "Load the map again, and choose another.")


def _inside(view: MapView, known: MapRegions, region: int) -> Found:
    cloud = view.cloud()
    every = cloud.inside(None, len(cloud))
    of, basins = known.fitted.regions, known.fitted.grid.basins(every.x, every.y)
    here = np.flatnonzero((basins >= of.first[region]) & (basins < of.end[region]))
    return Found(every.rows[here], every.x[here], every.y[here], len(here))


def _stored(session: Session, projection: StoredProjection) -> MapRegions:
    state = regions.state(session, projection)
    assert state is not None, "looked up before"
    fitted, counted = regions.arrays(session, projection)
    # the arrays, too: where other tags name them, regions are made anew though the projection stays
    made = _token((projection.space, projection.method, projection.fitted_at, _digest(fitted)))
    return MapRegions(made, state.named_by, state.labels, _without_shares(arrays.fitted_of(fitted)), arrays.counted_of(counted))


def _made(view: MapView, found: TagColumns | None, key: Hashable) -> MapRegions | None:
    if found is None:
        return None

    def make() -> MapRegions:
        cloud = view.cloud()
        every = cloud.inside(None, len(cloud))
        order = np.argsort(every.rows, kind="stable")
        rows = every.rows[order]
        segments = fit.PlacedSegments(every.x[order], every.y[order], view.table.track_ids(rows))
        fitted, counted = fit.fit(segments, found.shares(), found.blocks(rows))
        return MapRegions(_token(key), found.network, found.labels, _without_shares(fitted), counted)

    return _remembered.get(key, make)


def _without_shares(fitted: Fitted) -> Fitted:
    # only what is added needs them, and they take more than all else
    return replace(fitted, shares=NO_SHARES)


def _digest(named: Mapping[str, NDArray[Any]]) -> str:
    digest = blake2b(digest_size=16)
    for name in sorted(named):
        digest.update(name.encode())
        digest.update(named[name].tobytes())
    return digest.hexdigest()


def _token(value: object) -> str:
    return blake2b(repr(value).encode(), digest_size=8).hexdigest()
