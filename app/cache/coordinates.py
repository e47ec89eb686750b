"""The coordinates of rows in a projection: a settled part, mapped from the disk, and what was added since."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ..disk.atomic import folder_beside
from ..store import projections
from ..store.projections import StoredProjection
from .cloud import Cloud
from .priority import by_priority, priority

__all__ = ["PlacedRows", "Projected", "newest", "open_settled", "read_since", "settle", "with_added"]


@dataclass(frozen=True)
class PlacedRows:
    """Rows with their coordinates, in the order of their priorities.

    rows : np.ndarray [shape=(n,), dtype=uint32]
    coordinates : np.ndarray [shape=(n_dims, n), dtype=float32]
        Finite.
    """

    rows: NDArray[np.uint32]
    coordinates: NDArray[np.float32]

    def followed_by(self, others: "PlacedRows") -> "PlacedRows":
        """These rows and others, in the order of their priorities."""
        rows = np.concatenate([self.rows, others.rows])
        coordinates = np.concatenate([self.coordinates, others.coordinates], axis=1)
        order = by_priority(rows)
        return PlacedRows(rows[order], coordinates[:, order])

    def cloud(self, x: int, y: int) -> Cloud:
        """The points on two axes."""
        return Cloud(self.rows, self.coordinates[x], self.coordinates[y])


@dataclass(frozen=True, eq=False)
class Projected:
    """One revision of a projection: the coordinates of all rows that it ever placed, also of rows that are gone by now.

    revision : of the projection
    folder : of the settled part; None where nothing is settled, and everything is `added`
    first_axes : the settled part on the first two axes, with its index
    """

    revision: int
    folder: Path | None
    settled: PlacedRows
    added: PlacedRows
    first_axes: Cloud


def settle(session: Session, parent: Path, projection: StoredProjection) -> None:
    """Write all coordinates of a projection as its settled part, in place of an earlier one.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    place = parent / f"{_stem(projection)}-{projection.revision}"
    placed = read_since(session, projection, -1)
    with folder_beside(place) as folder:
        np.save(folder / "rows.npy", placed.rows)
        np.save(folder / "coordinates.npy", placed.coordinates)
        placed.cloud(*_first_axes(projection)).write_index(folder)
        try:
            # whole or not at all: a folder of that name is never looked into while it is filled
            folder.rename(place)
        except OSError:
            if not place.exists():  # otherwise another process was faster
                raise
    for other in parent.glob(f"{projection.space.layer}-{projection.method}-*"):
        if other != place:
            shutil.rmtree(other, ignore_errors=True)


def newest(parent: Path, projection: StoredProjection) -> list[Path]:
    """Folders of settled parts of a projection, up to its revision, the latest first."""
    found = ((int(folder.name.rpartition("-")[2]), folder) for folder in parent.glob(f"{_stem(projection)}-*"))
    return [folder for revision, folder in sorted(found, reverse=True) if revision <= projection.revision]


def open_settled(parent: Path, projection: StoredProjection) -> Projected:
    """The last settled part of a projection, at its revision; an empty one before any where there is none that is whole."""
    for folder in newest(parent, projection):
        try:
            return _opened(folder, projection)
        except (OSError, ValueError, EOFError):
            continue  # missing or damaged: as good as none
    nothing = PlacedRows(np.empty(0, np.uint32), np.empty((projection.n_dims, 0), np.float32))
    return Projected(-1, None, nothing, nothing, nothing.cloud(*_first_axes(projection)))


def read_since(session: Session, projection: StoredProjection, revision: int) -> PlacedRows:
    """What was placed after a revision, without segments whose coordinates are NaN or infinite."""
    return _sorted(projections.since(session, projection, revision), projection.n_dims)


def with_added(before: Projected, revision: int, added: PlacedRows) -> Projected | None:
    """A projection at a later revision, with what was placed since; None where rows were placed a second time."""
    if any(_overlap(part.rows, added.rows) for part in (before.settled, before.added)):
        return None
    return Projected(revision, before.folder, before.settled, before.added.followed_by(added), before.first_axes)


def _overlap(rows: NDArray[np.uint32], others: NDArray[np.uint32]) -> bool:
    """Whether rows, which lie in the order of their priorities, share one with others."""
    if not (len(rows) and len(others)):
        return False
    keys, wanted = priority(rows), priority(others)
    return bool((keys[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)] == wanted).any())


def _opened(folder: Path, projection: StoredProjection) -> Projected:
    settled = PlacedRows(np.load(folder / "rows.npy", mmap_mode="r"), np.load(folder / "coordinates.npy", mmap_mode="r"))
    first_axes = settled.cloud(*_first_axes(projection))
    first_axes.open_index(folder)
    nothing = PlacedRows(np.empty(0, np.uint32), np.empty((projection.n_dims, 0), np.float32))
    return Projected(int(folder.name.rpartition("-")[2]), folder, settled, nothing, first_axes)


def _sorted(placed: Iterable[tuple[int, NDArray[np.float32]]], n_dims: int) -> PlacedRows:
    rows: list[NDArray[np.uint32]] = [np.empty(0, np.uint32)]
    values: list[NDArray[np.float32]] = [np.empty((0, n_dims), np.float32)]
    for first_row, xy in placed:
        rows.append(np.arange(first_row, first_row + len(xy), dtype=np.uint32))
        values.append(xy)
    every, coordinates = np.concatenate(rows), np.concatenate(values)
    is_finite = np.isfinite(coordinates).all(axis=1)
    every, coordinates = every[is_finite], coordinates[is_finite]
    order = by_priority(every)
    return PlacedRows(every[order], np.stack([column[order] for column in coordinates.T]))


def _first_axes(projection: StoredProjection) -> tuple[int, int]:
    return 0, min(1, projection.n_dims - 1)


def _stem(projection: StoredProjection) -> str:
    return f"{projection.space.layer}-{projection.method}-{projection.fitted_at:%Y%m%d%H%M%S%f}"
