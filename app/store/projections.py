"""Fitted maps and where they put each track."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from ..core.batches import batches
from ..core.errors import NotReadyError
from .spaces import name_of
from .tables import Coordinates, Projection, Space

__all__ = [
    "Placed",
    "blocks",
    "by_method",
    "find",
    "forget_coordinates",
    "forget_every_coordinate",
    "n_tracks_and_placed",
    "of_space",
    "pack",
    "placed",
    "sizes",
    "unpack",
    "write_coordinates",
]

STORED = np.dtype("<f4")
TRACKS_PER_STATEMENT = 500


@dataclass(frozen=True)
class Placed:
    """Of what a track's coordinates were computed, and whether the map was fitted without it."""

    n_segments: int
    content_hash: str | None
    placed: bool


def find(session: Session, space_id: int, method: str) -> Projection | None:
    """The projection of a space by a method, if it was ever fitted."""
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
        name = name_of(space)
        raise NotReadyError(
            "not_reduced", f"There is no {method} map of {name} yet.", f"Run: flask reduce-all --space {name} --projection {method}"
        )
    return projection


def of_space(session: Session, space_id: int) -> Sequence[Projection]:
    """All fitted projections of a space, in the order they were first fitted."""
    return session.scalars(select(Projection).where(Projection.space_id == space_id).order_by(Projection.id)).all()


def placed(session: Session, projection_id: int) -> dict[int, Placed]:
    """What every track's coordinates were computed from, by track id."""
    query = select(Coordinates.track_id, Coordinates.n_segments, Coordinates.content_hash, Coordinates.placed)
    rows = session.execute(query.where(Coordinates.projection_id == projection_id).order_by(Coordinates.track_id))
    return {track_id: Placed(n, content_hash, was_placed) for track_id, n, content_hash, was_placed in rows}


def n_tracks_and_placed(session: Session, projection_id: int) -> tuple[int, int]:
    """How many tracks a map has, and how many of them it was fitted without."""
    query = select(func.count(), func.count().filter(Coordinates.placed)).where(Coordinates.projection_id == projection_id)
    n_tracks, n_placed = session.execute(query).one()
    return n_tracks, n_placed


def sizes(session: Session, projection_id: int) -> list[tuple[int, int]]:
    """(track id, number of segments) of every track in a map, by track id."""
    return [(track_id, row.n_segments) for track_id, row in placed(session, projection_id).items()]


def blocks(
    session: Session, projection: Projection, track_ids: Sequence[int] | None = None
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Stream (track id, coordinates [n_segments, n_dims]) of all, or of the given, tracks by track id."""
    ids = sorted(placed(session, projection.id)) if track_ids is None else sorted(track_ids)
    query = select(Coordinates.track_id, Coordinates.xy).where(Coordinates.projection_id == projection.id)
    for batch in batches(ids, TRACKS_PER_STATEMENT):
        for track_id, xy in session.execute(query.where(Coordinates.track_id.in_(batch)).order_by(Coordinates.track_id)):
            yield track_id, np.frombuffer(xy, STORED).reshape(-1, projection.n_dims)


def write_coordinates(
    session: Session, projection: Projection, tracks: Iterable[tuple[int, str | None, NDArray[np.float32]]], *, placed: bool
) -> None:
    """Add or replace (track id, content hash, coordinates [n_segments, n_dims]) of tracks."""
    for batch in batches(tracks, TRACKS_PER_STATEMENT):
        forget_coordinates(session, projection, [track_id for track_id, _, _ in batch])
        rows = [
            {
                "projection_id": projection.id,
                "track_id": track_id,
                "n_segments": len(xy),
                "placed": placed,
                "content_hash": content_hash,
                "xy": np.ascontiguousarray(xy, STORED).tobytes(),
            }
            for track_id, content_hash, xy in batch
        ]
        session.execute(insert(Coordinates), rows)


def forget_coordinates(session: Session, projection: Projection, track_ids: Iterable[int]) -> None:
    """Take tracks out of a map."""
    query = delete(Coordinates).where(Coordinates.projection_id == projection.id)
    for ids in batches(track_ids, TRACKS_PER_STATEMENT):
        session.execute(query.where(Coordinates.track_id.in_(ids)))


def forget_every_coordinate(session: Session, projection: Projection) -> None:
    """Empty a map."""
    session.execute(delete(Coordinates).where(Coordinates.projection_id == projection.id))


def pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays as they are stored."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]  # its allow_pickle keyword takes no array
    return buffer.getvalue()


def unpack(stored: bytes) -> dict[str, NDArray[Any]]:
    """Stored arrays by name."""
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        return dict(arrays)
