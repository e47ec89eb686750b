"""Make the regions of projections, count what was placed since, and name them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ..cache import coordinates, tags
from ..cache.coordinates import PlacedRows
from ..cache.editions import Editions
from ..cache.rows import RowTable
from ..cache.tags import TagColumns
from ..core.progress import Progress
from ..regions import arrays, fit
from ..regions.fit import PlacedSegments
from ..store import projections, regions, spaces
from ..store.projections import StoredProjection
from ..store.regions import StoredRegions
from ..store.spaces import StoredNetwork

__all__ = ["bring_up"]


def bring_up(session: Session, editions: Editions, progress: Progress) -> None:
    """Bring the regions of every projection in line with its coordinates, and with the tags that name them.

    Regions are made when a projection was fitted. Those of a network without tags have the tags of the one that heard most, and are
    made anew when that is another, or has heard more by now. What was placed into a projection later is added to their sums, and a
    region is renamed only where its name no longer holds. The editions have to be prepared. Each projection is one transaction.
    """
    for network in spaces.every_stored(session):
        found = tags.of(session, editions, network) if editions.rows(session, network).n_segments else None
        if found is None:
            continue
        for space in network.spaces.values():
            for projection in projections.stored_of_space(session, space):
                if projection.n_dims < 2:
                    continue
                known = _known(session, editions, network, projection, found)
                if known is not None and known.revision == projection.revision:
                    continue
                with progress.stretch(f"{space.name}: naming the regions of {projection.method}", 1, "maps") as advance:
                    _bring_up(session, editions, network, projection, known, found)
                    session.commit()
                    advance(1)


def _known(
    session: Session, editions: Editions, network: StoredNetwork, projection: StoredProjection, found: TagColumns
) -> StoredRegions | None:
    """The stored regions of a projection, unless other tags name them by now, or those of a network that has heard more since."""
    known = regions.state(session, projection)
    if known is None or (known.named_by, known.labels) != (found.network, found.labels):
        return None
    if known.named_by != network.name and known.revision == projection.revision:
        n_heard = arrays.counted_of(regions.arrays(session, projection)[1]).collection.n[0]
        if n_heard != found.n_heard(_everything(session, editions, network, projection).rows):
            return None
    return known


def _bring_up(
    session: Session,
    editions: Editions,
    network: StoredNetwork,
    projection: StoredProjection,
    known: StoredRegions | None,
    found: TagColumns,
) -> None:
    table = editions.rows(session, network)
    if known is None:
        _fit(session, editions, network, projection, found)
        return
    fitted, before = regions.arrays(session, projection)
    frozen, old = arrays.fitted_of(fitted), arrays.counted_of(before)
    added = _live([coordinates.read_since(session, projection, known.revision)], table)
    if old.n_points + len(added.rows) == projections.n_segments_since(session, projection, -1):
        counted = fit.add(frozen, old, added.points(table), found.blocks(added.rows))
    else:  # tracks are gone, and what they added cannot be told any more
        everything = _everything(session, editions, network, projection)
        counted = fit.recount(frozen, old, everything.points(table), found.blocks(everything.rows))
    regions.write(session, projection, found.network, found.labels, None, arrays.counted_arrays(counted))


def _fit(session: Session, editions: Editions, network: StoredNetwork, projection: StoredProjection, found: TagColumns) -> None:
    everything = _everything(session, editions, network, projection)
    if len(everything.rows):
        points = everything.points(editions.rows(session, network))
        fitted, counted = fit.fit(points, found.shares(), found.blocks(everything.rows))
        parts = arrays.fitted_arrays(fitted), arrays.counted_arrays(counted)
        regions.write(session, projection, found.network, found.labels, *parts)


def _everything(session: Session, editions: Editions, network: StoredNetwork, projection: StoredProjection) -> "_Placed":
    projected = editions.projected(session, network, projection)
    return _live([projected.settled, projected.added], editions.rows(session, network))


@dataclass(frozen=True)
class _Placed:
    """Rows that are not gone, rising, for then their tags lie together, and where they are."""

    rows: NDArray[np.uint32]
    x: NDArray[np.float32]
    y: NDArray[np.float32]

    def points(self, table: RowTable) -> PlacedSegments:
        return PlacedSegments(self.x, self.y, table.track_ids(self.rows))


def _live(parts: Sequence[PlacedRows], table: RowTable) -> _Placed:
    rows = np.concatenate([part.rows for part in parts])
    order = np.argsort(rows, kind="stable")
    order = order[: np.searchsorted(rows, np.uint32(table.n_rows), sorter=order)]
    if table.live is not None:
        order = order[table.live[rows[order]]]
    x, y = (np.concatenate([part.coordinates[axis] for part in parts])[order] for axis in (0, 1))
    return _Placed(rows[order], x, y)
