"""Features as they are stored: one float16 blob per track and space."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from ..core.errors import CorruptError, NotFoundError
from .tables import Features, Space

__all__ = ["STORED", "Block", "blocks", "encode", "fingerprints", "forget_stale", "n_tracks_and_segments", "read", "sizes", "write"]

STORED = np.dtype("<f2")


@dataclass(frozen=True)
class Block:
    """Some tracks of a space, one after another.

    track_ids : np.ndarray [shape=(n_tracks,), dtype=int64]
    n_segments : np.ndarray [shape=(n_tracks,), dtype=int64]
    vectors : np.ndarray [shape=(n_segments.sum(), n_dims), dtype=float16]
    """

    track_ids: NDArray[np.int64]
    n_segments: NDArray[np.int64]
    vectors: NDArray[np.float16]


def encode(vectors: NDArray[np.float32]) -> bytes:
    """The stored form of [n_segments, n_dims] vectors.

    Raises
    ------
    CorruptError
        A value is not finite, or too large for float16.
    """
    with np.errstate(over="ignore"):
        stored = np.ascontiguousarray(vectors).astype(STORED)
    if not np.isfinite(stored).all():
        raise CorruptError(
            "non_finite_features", "A network gave values that are not finite.", "Run: flask install-networks --force"
        )
    return stored.tobytes()


def write(session: Session, rows: Sequence[dict[str, object]]) -> None:
    """Add or replace rows of `features`; keys are the table's columns, `vectors` comes from `encode`."""
    if rows:
        session.execute(insert(Features).prefix_with("OR REPLACE", dialect="sqlite"), list(rows))


def forget_stale(session: Session, track_id: int, space_ids: Collection[int], content_hash: str | None) -> Sequence[int]:
    """Remove a track's features of other contents of its file; gives the spaces that had some."""
    stale = (
        Features.track_id == track_id,
        Features.space_id.in_(space_ids),
        Features.content_hash.is_distinct_from(content_hash),
    )
    emptied = session.scalars(select(Features.space_id).where(*stale)).all()
    session.execute(delete(Features).where(*stale))
    return emptied


def read(session: Session, space: Space, track_id: int) -> NDArray[np.float32]:
    """Vectors of one track, [n_segments, n_dims].

    Raises
    ------
    NotFoundError
        The track has no features in the space.
    """
    query = select(Features.vectors).where(Features.space_id == space.id, Features.track_id == track_id)
    blob = session.scalar(query)
    if blob is None:
        raise NotFoundError("no_features", f"Track {track_id} has no features in this space.", "Run: flask extract-all")
    return np.frombuffer(blob, STORED).reshape(-1, space.n_dims).astype(np.float32)


def sizes(session: Session, space_id: int) -> list[tuple[int, int]]:
    """(track id, number of segments) of every track of a space, by track id: the rows of its columns."""
    query = select(Features.track_id, Features.n_segments).where(Features.space_id == space_id).order_by(Features.track_id)
    return [(track_id, n) for track_id, n in session.execute(query)]


def fingerprints(session: Session, space_id: int) -> dict[int, tuple[int, str | None]]:
    """(number of segments, content hash of the file they came from) of every track of a space, in the order of track ids."""
    query = select(Features.track_id, Features.n_segments, Features.content_hash).where(Features.space_id == space_id)
    return {track_id: (n, content_hash) for track_id, n, content_hash in session.execute(query.order_by(Features.track_id))}


def n_tracks_and_segments(session: Session, space_id: int) -> tuple[int, int]:
    """How many tracks and segments a space has."""
    query = select(func.count(), func.coalesce(func.sum(Features.n_segments), 0)).where(Features.space_id == space_id)
    n_tracks, n_segments = session.execute(query).one()
    return n_tracks, n_segments


def blocks(session: Session, space: Space, n_tracks: int = 256, track_ids: Sequence[int] | None = None) -> Iterator[Block]:
    """Stream a space, or the given tracks of it, in the order of track ids, `n_tracks` at a time."""
    ids = [i for i, _ in sizes(session, space.id)] if track_ids is None else sorted(track_ids)
    query = (
        select(Features.track_id, Features.n_segments, Features.vectors)
        .where(Features.space_id == space.id, Features.track_id.in_(bindparam("ids", expanding=True)))
        .order_by(Features.track_id)
    )
    for first in range(0, len(ids), n_tracks):
        rows = session.execute(query, {"ids": ids[first : first + n_tracks]}).all()
        if rows:
            yield Block(
                np.array([row.track_id for row in rows], np.int64),
                np.array([row.n_segments for row in rows], np.int64),
                np.frombuffer(b"".join(row.vectors for row in rows), STORED).reshape(-1, space.n_dims),
            )
