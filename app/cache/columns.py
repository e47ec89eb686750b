"""What the map reads: memory-mapped columns of spaces and maps, kept under `cache/` of the instance.

Columns are in one random order, seeded by the number of rows: both layers of a network, and maps of all its tracks,
share it, and any prefix of it is a uniform sample.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..core.errors import NotFoundError, NotReadyError
from ..store import features, projections, spaces
from ..store.tables import Features, Projection, Space
from . import editions as shelf

__all__ = ["MapColumns", "SpaceColumns", "of_projection", "of_space"]

ORDER_SEED = 0


@dataclass(frozen=True)
class SpaceColumns:
    """One revision of a space. Row r is at the position p where order[p] == r.

    folder : where they are, named by the revision
    version : tells them from columns of the same name in another instance, or built again
    track_ids : np.ndarray [shape=(n_tracks,), dtype=int64], ascending
    first_rows : np.ndarray [shape=(n_tracks + 1,), dtype=int64], where each track begins, and the number of rows
    order : np.ndarray [shape=(n_rows,), dtype=uint32], the row at each position
    vectors : np.ndarray [shape=(n_dims, n_rows), dtype=float16], one contiguous column per dimension, by position
    """

    folder: Path
    version: str
    track_ids: NDArray[np.int64]
    first_rows: NDArray[np.int64]
    order: NDArray[np.uint32]
    vectors: NDArray[np.float16]

    @property
    def n_rows(self) -> int:
        """Segments in the space."""
        return len(self.order)

    def locate(self, row: int) -> tuple[int, int, int]:
        """(track id, first row of the track, number of its segments) of a row.

        Raises
        ------
        NotFoundError
            There is no such row.
        """
        if not 0 <= row < self.n_rows:
            raise NotFoundError("no_row", f"There is no row {row}.", f"Rows go from 0 to {self.n_rows - 1}.")
        at = int(np.searchsorted(self.first_rows, row, side="right")) - 1
        first, end = self.first_rows[at : at + 2].tolist()
        return int(self.track_ids[at]), first, end - first

    def first_row(self, track_id: int) -> int:
        """First row of a track.

        Raises
        ------
        NotFoundError
            The track has no features in the space.
        """
        at = int(np.searchsorted(self.track_ids, track_id))
        if at == len(self.track_ids) or self.track_ids[at] != track_id:
            raise NotFoundError("no_features", f"Track {track_id} has no features in this space.", "Run: flask extract-all")
        return int(self.first_rows[at])


@dataclass(frozen=True)
class MapColumns:
    """One revision of a map over one revision of its space.

    folder, version : as for spaces
    positions : np.ndarray [shape=(n_points,), dtype=uint32], ascending: where the points are in the columns of the space;
        None when every row has its point
    coordinates : np.ndarray [shape=(n_dims, n_points), dtype=float32]
    """

    folder: Path
    version: str
    positions: NDArray[np.uint32] | None
    coordinates: NDArray[np.float32]


def of_space(session: Session, cache: Path, space: Space) -> SpaceColumns:
    """The columns of a space as it is now; `space.revision` is read anew.

    Raises
    ------
    NotReadyError
        The space is empty, or it changes faster than it can be read.
    MachineError
        The cache cannot be written.
    """
    return shelf.current(
        cache / "spaces",
        lambda: _space_key(session, space),
        lambda folder: _write_space(session, space, folder),
        _open_space,
    )


def of_projection(session: Session, cache: Path, projection: Projection, space: SpaceColumns) -> MapColumns:
    """The columns of a map over the given revision of its space. Tracks without up-to-date coordinates have no points.

    Raises
    ------
    NotReadyError
        No track of the space has its place in the map, or the map changes faster than it can be read.
    MachineError
        The cache cannot be written.
    """
    return shelf.current(
        cache / "maps",
        lambda: _map_key(session, projection, space),
        lambda folder: _write_map(session, projection, space, folder),
        _open_map,
    )


def _space_key(session: Session, space: Space) -> str:
    session.refresh(space, ["revision"])
    return spaces.edition(space)


def _write_space(session: Session, space: Space, folder: Path) -> None:
    sizes = features.sizes(session, space.id)
    n_rows = sum(n for _, n in sizes)
    if n_rows == 0:
        name = spaces.name_of(space)
        raise NotReadyError(
            "no_features", f"Nothing has been extracted for {name}.", f"Run: flask extract-all --networks {name.network}"
        )
    order = np.random.default_rng(ORDER_SEED).permutation(n_rows).astype(np.uint32)
    np.save(folder / "track_ids.npy", np.array([track_id for track_id, _ in sizes], np.int64))
    np.save(folder / "first_rows.npy", np.cumsum([0, *(n for _, n in sizes)], dtype=np.int64))
    np.save(folder / "order.npy", order)
    columns = _new_columns(folder / "vectors.npy", (space.n_dims, n_rows), np.dtype(np.float16))
    row = 0
    for block in features.blocks(session, space):
        end = row + len(block.vectors)
        if end > n_rows:
            return
        columns[:, row:end] = block.vectors.T
        row = end
    for column in columns:
        column[:] = column[order]
    columns.flush()


def _new_columns(path: Path, shape: tuple[int, int], dtype: np.dtype[Any]) -> np.memmap[Any, np.dtype[Any]]:
    """An array on the disk whose space is taken: a full disk is an error here, and would be a crash in a mapped write."""
    header = np.lib.format.header_data_from_array_1_0(np.empty((0, 0), dtype)) | {"shape": shape}
    blank = np.zeros(shape[1], dtype)
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for _ in range(shape[0]):
            blank.tofile(file)
    return np.lib.format.open_memmap(path, "r+")


def _open_space(folder: Path) -> SpaceColumns:
    return SpaceColumns(
        folder,
        _version(folder),
        np.load(folder / "track_ids.npy"),
        np.load(folder / "first_rows.npy"),
        np.load(folder / "order.npy", mmap_mode="r"),
        np.load(folder / "vectors.npy", mmap_mode="r"),
    )


def _map_key(session: Session, projection: Projection, space: SpaceColumns) -> str:
    if _space_key(session, projection.space) != space.folder.name:
        # coordinates and rows would be of two revisions
        raise shelf.changing()
    session.refresh(projection, ["revision", "fitted_at"])
    subject, _, edition = space.folder.name.partition("@")
    return f"{subject}-{projection.method}@{edition}-{projection.fitted_at:%Y%m%d%H%M%S%f}-{projection.revision}"


def _write_map(session: Session, projection: Projection, space: SpaceColumns, folder: Path) -> None:
    stored = select(Features.track_id, Features.n_segments, Features.content_hash).where(Features.space_id == projection.space_id)
    facts = {track_id: (n, content_hash) for track_id, n, content_hash in session.execute(stored)}
    placed = projections.placed(session, projection.id)
    current = [i for i in sorted(placed) if (placed[i].n_segments, placed[i].content_hash) == facts.get(i)]
    by_row = np.full((space.n_rows, projection.n_dims), np.nan, np.float32)
    for track_id, xy in projections.blocks(session, projection, current):
        row = space.first_row(track_id)
        by_row[row : row + len(xy)] = xy
    mapped = np.isfinite(by_row).all(axis=1, out=np.empty(space.n_rows, np.bool_))[space.order]
    if not mapped.any():
        name = spaces.name_of(projection.space)
        raise NotReadyError(
            "not_placed",
            f"No track of {name} has its place in the {projection.method} map.",
            f"Run: flask reduce-all --space {name} --projection {projection.method}",
        )
    np.save(folder / "positions.npy", np.flatnonzero([] if mapped.all() else mapped).astype(np.uint32))
    rows = space.order[mapped]
    np.save(folder / "coordinates.npy", np.stack([column[rows] for column in by_row.T]))


def _open_map(folder: Path) -> MapColumns:
    # an empty file, not a missing one, says that every row has its point: the cache may be deleted at this moment
    positions = np.load(folder / "positions.npy")
    coordinates = np.load(folder / "coordinates.npy", mmap_mode="r")
    return MapColumns(folder, _version(folder), positions if len(positions) else None, coordinates)


def _version(folder: Path) -> str:
    return f"{folder}~{folder.stat().st_mtime_ns}"
