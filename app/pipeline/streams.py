"""Features of the store as the vectors that projections take."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ..core.progress import Progress
from ..projections.vectors import Vectors
from ..store import features, spaces
from ..store.tables import Space

__all__ = ["vectors_of"]

TRACKS_PER_BLOCK = 64


def vectors_of(session: Session, space: Space, n_segments: Mapping[int, int], progress: Progress) -> Vectors:
    """The vectors of tracks of a space, given by their number of segments, one after another by track id."""
    track_ids = sorted(n_segments)

    def blocks() -> Iterator[NDArray[np.float16]]:
        return (block.vectors for block in features.blocks(session, space, TRACKS_PER_BLOCK, track_ids))

    return Vectors(blocks, sum(n_segments.values()), space.n_dims, progress, str(spaces.name_of(space)))
