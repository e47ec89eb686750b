"""Features of the store as the vectors that projections take."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ..core.progress import Progress
from ..core.vectors import VectorStream
from ..projections.vectors import Vectors
from ..store import features, rows, spaces
from ..store.tables import Space

__all__ = ["rows_of", "vectors_of"]

TRACKS_PER_BLOCK = 64


def vectors_of(session: Session, space: Space, n_segments: Mapping[int, int], progress: Progress) -> Vectors:
    """The vectors of tracks of a space, given by their number of segments, one after another by track id."""
    track_ids = sorted(n_segments)

    def blocks() -> Iterator[NDArray[np.float16]]:
        return (block.vectors for block in features.blocks(session, space, TRACKS_PER_BLOCK, track_ids))

    return Vectors(blocks, sum(n_segments.values()), space.n_dims, progress, str(spaces.name_of(space)))


def rows_of(session: Session, space: Space, progress: Progress) -> VectorStream:
    """The vectors of a space by row; those of rows that are gone are NaN."""
    ranges = rows.since(session, space.network_id)

    def blocks() -> Iterator[NDArray[np.float16]]:
        row = 0
        first_rows = dict(zip(ranges.track_ids.tolist(), ranges.first_rows.tolist(), strict=True))
        for block in features.blocks(session, space, TRACKS_PER_BLOCK, ranges.track_ids.tolist()):
            first = 0
            for track_id, n in zip(block.track_ids.tolist(), block.n_segments.tolist(), strict=True):
                # faiss numbers vectors by their order: rows that are gone must keep their places
                if first_rows[track_id] > row:
                    yield np.full((first_rows[track_id] - row, space.n_dims), np.nan, np.float16)
                yield block.vectors[first : first + n]
                first, row = first + n, first_rows[track_id] + n
        if row < space.network.n_rows:
            yield np.full((space.network.n_rows - row, space.n_dims), np.nan, np.float16)

    return VectorStream(blocks, space.network.n_rows, space.n_dims, progress, str(spaces.name_of(space)))
