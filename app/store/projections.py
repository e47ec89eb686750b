"""Projections, and where they put each track."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from ..core.batches import batches
from ..core.errors import NotReadyError
from ..core.spaces import SpaceName
from .spaces import StoredSpace, name_of
from .tables import IDS_PER_STATEMENT, Coordinates, Projection, Space

__all__ = [
    "Facts",
    "StoredProjection",
    "TrackPlace",
    "blocks",
    "by_method",
    "facts",
    "find",
    "forget_coordinates",
    "forget_every_coordinate",
    "n_segments_since",
    "n_tracks_and_placed",
    "of_space",
    "of_track",
    "pack",
    "placed",
    "since",
    "sizes",
    "stored",
    "stored_of_space",
    "unpack",
    "write_coordinates",
]

DTYPE = np.dtype("<f4")
"""How coordinates are stored."""


_FACTS = select(
    Projection.space_id,
    Projection.method,
    Projection.n_dims,
    Projection.fitted_at,
    Projection.revision,
    Projection.id,
    Projection.explained_variance,
    Projection.quality,
)
# of the table, built once: an entity or a new condition each time would cost a request more than the database does
_COLUMNS = Projection.__table__.c
_STORED = (
    select(_COLUMNS.id, _COLUMNS.method, _COLUMNS.n_dims, _COLUMNS.revision, _COLUMNS.fitted_at)
    .where(_COLUMNS.space_id == bindparam("space_id"))
    .order_by(_COLUMNS.id)
)
_PLACES = Coordinates.__table__.c
_OF_TRACK = select(_PLACES.first_row, _PLACES.xy).where(
    _PLACES.projection_id == bindparam("projection_id"), _PLACES.track_id == bindparam("track_id")
)
_NAMED = _STORED.where(_COLUMNS.method == bindparam("method"))


@dataclass(frozen=True)
class TrackPlace:
    """A track in a projection: which rows its coordinates were computed from, and whether the projection was fitted without it."""

    first_row: int
    n_segments: int
    placed: bool


@dataclass(frozen=True)
class StoredProjection:
    """A projection as it is stored at this moment: plain values, which outlive the session."""

    id: int
    space: SpaceName
    method: str
    n_dims: int
    revision: int
    fitted_at: datetime


def stored(session: Session, space: StoredSpace, method: str) -> StoredProjection:
    """The projection of a space by a method.

    Raises
    ------
    NotReadyError
        It has not been fitted yet.
    """
    row = session.connection().execute(_NAMED, {"space_id": space.id, "method": method}).one_or_none()
    if row is None:
        raise _not_reduced(space.name, method)
    return StoredProjection(row.id, space.name, row.method, row.n_dims, row.revision, row.fitted_at)


def stored_of_space(session: Session, space: StoredSpace) -> list[StoredProjection]:
    """All projections of a space."""
    found = session.connection().execute(_STORED, {"space_id": space.id})
    return [StoredProjection(row.id, space.name, row.method, row.n_dims, row.revision, row.fitted_at) for row in found]


def find(session: Session, space_id: int, method: str) -> Projection | None:
    """The projection of a space by a method, None where it was never fitted."""
    return session.scalar(select(Projection).where(Projection.space_id == space_id, Projection.method == method))


def by_method(session: Session, space: Space, method: str) -> Projection:
    """The projection of a space by a method.

    Raises
    ------
    NotReadyError
        It has not been fitted yet.
    """
    projection = find(session, space.id, method)
    if projection is None:
        raise _not_reduced(name_of(space), method)
    return projection


@dataclass(frozen=True)
class Facts:
    """What the collection page and the pickers show of a projection."""

    space_id: int
    method: str
    n_dims: int
    fitted_at: datetime
    revision: int
    id: int
    explained_variance: list[float] | None
    quality: dict[str, float]


def facts(session: Session) -> list[Facts]:
    """Facts of every projection, in one query."""
    return [Facts(*row) for row in session.execute(_FACTS)]


def of_space(session: Session, space_id: int) -> Sequence[Projection]:
    """All fitted projections of a space, in the order they were first fitted."""
    return session.scalars(select(Projection).where(Projection.space_id == space_id).order_by(Projection.id)).all()


def placed(session: Session, projection_id: int) -> dict[int, TrackPlace]:
    """Every track of a projection, by track id."""
    query = select(Coordinates.track_id, Coordinates.first_row, Coordinates.n_segments, Coordinates.placed)
    found = session.execute(query.where(Coordinates.projection_id == projection_id).order_by(Coordinates.track_id))
    return {track_id: TrackPlace(first_row, n, was_placed) for track_id, first_row, n, was_placed in found}


def n_tracks_and_placed(session: Session, projection_id: int) -> tuple[int, int]:
    """How many tracks a projection has, and how many of them it was fitted without."""
    query = select(func.count(), func.count().filter(Coordinates.placed)).where(Coordinates.projection_id == projection_id)
    n_tracks, n_placed = session.execute(query).one()
    return n_tracks, n_placed


def sizes(session: Session, projection_id: int) -> list[tuple[int, int]]:
    """(track id, number of segments) of every track in a projection, by track id."""
    return [(track_id, row.n_segments) for track_id, row in placed(session, projection_id).items()]


def blocks(
    session: Session, projection: Projection, track_ids: Sequence[int] | None = None
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Stream (track id, coordinates [n_segments, n_dims]) of all, or of the given, tracks by track id."""
    ids = sorted(placed(session, projection.id)) if track_ids is None else sorted(track_ids)
    query = select(Coordinates.track_id, Coordinates.xy).where(Coordinates.projection_id == projection.id)
    for batch in batches(ids, IDS_PER_STATEMENT):
        for track_id, xy in session.execute(query.where(Coordinates.track_id.in_(batch)).order_by(Coordinates.track_id)):
            yield track_id, np.frombuffer(xy, DTYPE).reshape(-1, projection.n_dims)


def of_track(session: Session, projection: StoredProjection, track_id: int, first_row: int) -> NDArray[np.float32] | None:
    """Coordinates [n_segments, n_dims] of a track whose rows begin at `first_row`; None where these have not been placed."""
    found = session.connection().execute(_OF_TRACK, {"projection_id": projection.id, "track_id": track_id}).one_or_none()
    if found is None or found.first_row != first_row:
        return None
    return np.frombuffer(found.xy, DTYPE).reshape(-1, projection.n_dims)


def since(session: Session, projection: StoredProjection, revision: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Stream (first row, coordinates [n_segments, n_dims]) of what was written after a revision, up to that of `projection`.

    What another program writes meanwhile belongs to a later revision, and is left to it.
    """
    # -1 stands for coordinates of an upgraded database that belong to no rows; reduce-all computes them again
    query = select(Coordinates.first_row, Coordinates.xy).where(
        Coordinates.projection_id == projection.id,
        Coordinates.first_row >= 0,
        Coordinates.revision > revision,
        Coordinates.revision <= projection.revision,
    )
    for first_row, xy in session.execute(query.execution_options(yield_per=IDS_PER_STATEMENT)):
        yield first_row, np.frombuffer(xy, DTYPE).reshape(-1, projection.n_dims)


def n_segments_since(session: Session, projection: StoredProjection, revision: int) -> int:
    """How many segments have coordinates that were written after a revision."""
    query = select(func.sum(Coordinates.n_segments)).where(Coordinates.projection_id == projection.id)
    return session.scalar(query.where(Coordinates.revision > revision)) or 0


def write_coordinates(
    session: Session, projection: Projection, tracks: Iterable[tuple[int, int, NDArray[np.float32]]], *, placed: bool
) -> None:
    """Add or replace (track id, first row, coordinates [n_segments, n_dims]) of tracks, at the projection's present revision."""
    for batch in batches(tracks, IDS_PER_STATEMENT):
        forget_coordinates(session, projection, [track_id for track_id, _, _ in batch])
        records = [
            {
                "projection_id": projection.id,
                "track_id": track_id,
                "n_segments": len(xy),
                "placed": placed,
                "first_row": first_row,
                "revision": projection.revision,
                "xy": np.ascontiguousarray(xy, DTYPE).tobytes(),
            }
            for track_id, first_row, xy in batch
        ]
        session.execute(insert(Coordinates), records)


def forget_coordinates(session: Session, projection: Projection, track_ids: Iterable[int]) -> None:
    """Take tracks out of a projection."""
    query = delete(Coordinates).where(Coordinates.projection_id == projection.id)
    for ids in batches(track_ids, IDS_PER_STATEMENT):
        session.execute(query.where(Coordinates.track_id.in_(ids)))


def forget_every_coordinate(session: Session, projection: Projection) -> None:
    """Take every track out of a projection."""
    session.execute(delete(Coordinates).where(Coordinates.projection_id == projection.id))


def pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays as an npz, to be stored."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]  # its allow_pickle keyword takes no array
    return buffer.getvalue()


def unpack(stored: bytes) -> dict[str, NDArray[Any]]:
    """Arrays of a stored npz, by name."""
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        return dict(arrays)


def _not_reduced(space: SpaceName, method: str) -> NotReadyError:
    return NotReadyError(
        "not_reduced", f"There is no {method} map of {space} yet.", f"Run: flask reduce-all --space {space} --projection {method}"
    )
