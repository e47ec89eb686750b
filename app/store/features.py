"""Features as they are stored: one float16 blob per track and space."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from ..core.batches import batches
from ..core.errors import CorruptError, NotFoundError
from . import rows
from .spaces import StoredSpace
from .tables import IDS_PER_STATEMENT, Features, RowRange, Space

__all__ = ["DTYPE", "Block", "blocks", "encode", "forget_stale", "read", "rows_of", "sizes", "stored", "write"]


DTYPE = np.dtype("<f2")
"""How vectors are stored."""

_COLUMNS = Features.__table__.c
_VECTORS = select(_COLUMNS.vectors).where(_COLUMNS.space_id == bindparam("space_id"), _COLUMNS.track_id == bindparam("track_id"))


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
        encoded = np.ascontiguousarray(vectors).astype(DTYPE)
    if not np.isfinite(encoded).all():
        raise CorruptError(
            "non_finite_features", "A network gave values that are not finite.", "Run: flask install-networks --force"
        )
    return encoded.tobytes()


def write(session: Session, records: Sequence[dict[str, object]]) -> None:
    """Add or replace records, whose keys are the table's columns and whose `vectors` come from `encode`.

    Whoever writes vectors that differ from the stored ones gives the track new rows, too: see `rows.give`.
    """
    if records:
        session.execute(insert(Features).prefix_with("OR REPLACE", dialect="sqlite"), list(records))


def stored(session: Session, space_ids: Collection[int], track_ids: Iterable[int]) -> dict[tuple[int, int], bytes]:
    """The stored vectors of some tracks, as bytes by (track id, space id)."""
    query = select(Features.track_id, Features.space_id, Features.vectors).where(Features.space_id.in_(space_ids))
    return {
        (track_id, space_id): vectors
        for ids in batches(track_ids, IDS_PER_STATEMENT)
        for track_id, space_id, vectors in session.execute(query.where(Features.track_id.in_(ids)))
    }


def forget_stale(session: Session, network_id: int, track_id: int, content_hash: str | None) -> None:
    """Remove what a network heard in a track's file when it had other content."""
    own = select(Space.id).where(Space.network_id == network_id)
    stale = delete(Features).where(
        Features.track_id == track_id, Features.space_id.in_(own), Features.content_hash.is_distinct_from(content_hash)
    )
    # the rows of a track belong to both layers, which are always extracted together
    if session.execute(stale).rowcount:  # type: ignore[attr-defined]  # what a delete gives has one
        rows.forget(session, network_id, [track_id])


def read(session: Session, space: Space | StoredSpace, track_id: int) -> NDArray[np.float32]:
    """Vectors of one track, [n_segments, n_dims].

    Raises
    ------
    NotFoundError
        The track has no features in the space.
    """
    blob = session.connection().execute(_VECTORS, {"space_id": space.id, "track_id": track_id}).scalar()
    if blob is None:
        raise NotFoundError("no_features", f"Track {track_id} has no features in this space.", "Run: flask extract-all")
    return np.frombuffer(blob, DTYPE).reshape(-1, space.n_dims).astype(np.float32)


def sizes(session: Session, space_id: int) -> list[tuple[int, int]]:
    """(track id, number of segments) of every track of a space, by track id."""
    query = select(Features.track_id, Features.n_segments).where(Features.space_id == space_id).order_by(Features.track_id)
    return [(track_id, n) for track_id, n in session.execute(query)]


def rows_of(session: Session, space: Space) -> dict[int, tuple[int, int]]:
    """(first row, number of segments) of every track of a space, in the order of track ids."""
    has_rows = and_(RowRange.track_id == Features.track_id, RowRange.network_id == space.network_id)
    query = select(Features.track_id, RowRange.first_row, Features.n_segments).join(RowRange, has_rows)
    found = session.execute(query.where(Features.space_id == space.id).order_by(Features.track_id))
    return {track_id: (first_row, n_segments) for track_id, first_row, n_segments in found}


def blocks(
    session: Session, space: Space | StoredSpace, n_tracks: int = 256, track_ids: Sequence[int] | None = None
) -> Iterator[Block]:
    """Stream the given tracks of a space in their order, or all of it by track id, `n_tracks` at a time."""
    ids = [i for i, _ in sizes(session, space.id)] if track_ids is None else list(track_ids)
    query = select(Features.track_id, Features.n_segments, Features.vectors).where(
        Features.space_id == space.id, Features.track_id.in_(bindparam("ids", expanding=True))
    )
    for batch in batches(ids, n_tracks):
        found = {row.track_id: row for row in session.execute(query, {"ids": batch})}
        among = [found[track_id] for track_id in batch if track_id in found]
        if among:
            yield Block(
                np.array([row.track_id for row in among], np.int64),
                np.array([row.n_segments for row in among], np.int64),
                np.frombuffer(b"".join(row.vectors for row in among), DTYPE).reshape(-1, space.n_dims),
            )
