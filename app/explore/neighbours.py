"""The segments that sound most like one."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ..cache import columns
from ..cache.recent import Recent
from ..core.errors import NotReadyError
from ..neighbours import index as similarity
from ..neighbours.index import SimilarityIndex
from ..store import features, spaces
from ..store.tables import Space

__all__ = ["nearest"]

_indexes: Recent[SimilarityIndex] = Recent(8)


def nearest(
    session: Session, cache: Path, space: Space, row: int, k: int, *, same_track: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k segments most similar to that of a row.

    Parameters
    ----------
    same_track : bool
        Also those of its own track; the segment itself never is among them.

    Returns
    -------
    rows : np.ndarray [shape=(at most k,), dtype=int64]
        Most similar first.
    similarities : np.ndarray [shape=(at most k,), dtype=float32]
        Cosine similarities, -1 to 1.

    Raises
    ------
    NotReadyError
        The space has changed since it was indexed, or never was.
    NotFoundError
        There is no such row.
    """
    track_id, first, n_segments = columns.of_space(session, cache, space).locate(row)
    index = _open(similarity.path_of(cache, spaces.edition(space)), space)
    vector = features.read(session, space, track_id)[row - first]
    excluded = range(row, row + 1) if same_track else range(first, first + n_segments)
    return index.search(vector, k, excluded)


def _open(path: Path, space: Space) -> SimilarityIndex:
    try:
        return _indexes.get(path, lambda: SimilarityIndex(path))
    except FileNotFoundError:
        raise NotReadyError(
            "not_indexed", f"The neighbours in {spaces.name_of(space)} are not indexed.", "Run: flask index-all-embeddings"
        ) from None
