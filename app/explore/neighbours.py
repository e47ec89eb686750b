"""The segments that sound most like a given one."""

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ..cache.editions import Editions
from ..cache.recent import Recent
from ..core.errors import NotReadyError
from ..core.spaces import Layer
from ..neighbours import index
from ..neighbours.index import SimilarityIndex
from ..store import features
from ..store.spaces import StoredNetwork
from . import segments

__all__ = ["nearest", "opened"]

N_OPEN = 8

_indexes: Recent[SimilarityIndex] = Recent(N_OPEN, lambda opened: 1)


def nearest(
    session: Session,
    editions: Editions,
    network: StoredNetwork,
    layer: Layer,
    row: int,
    k: int,
    *,
    revision: int,
    same_track: bool = False,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k segments most similar to that of a row, among those that are indexed.

    Parameters
    ----------
    revision : int
        At which the caller read the row.
    same_track : bool
        Whether segments of the same track may be found. The segment itself never is.

    Returns
    -------
    rows : np.ndarray [shape=(at most k,), dtype=int64]
        Most similar first.
    similarities : np.ndarray [shape=(at most k,), dtype=float32]
        Cosine similarities, -1 to 1.

    Raises
    ------
    NotReadyError
        The space was never indexed, or its rows were given other numbers after `revision`.
    NotFoundError
        There is no such row.
    """
    space = network.space(layer)
    segments.check_revision(network, revision)
    table = editions.rows(session, network)
    track_id, first, n_segments = segments.locate(network, table, row, revision)
    found = opened(editions, network, layer)
    # from the database, not from the index, which may be older than the row
    vector = features.read(session, space, track_id)[row - first]
    excluded = range(row, row + 1) if same_track else range(first, first + n_segments)
    return found.search(vector, k, excluded, table.live)


def opened(editions: Editions, network: StoredNetwork, layer: Layer) -> SimilarityIndex:
    """The index of a space.

    Raises
    ------
    NotReadyError
        The space was never indexed.
    """
    path = index.newest(editions.folder, network.lineage, layer)
    try:
        if path is not None:
            return _indexes.get(path, lambda: SimilarityIndex(path))
    except FileNotFoundError:
        pass  # the cache was deleted at this moment
    name = network.space(layer).name
    raise NotReadyError("not_indexed", f"The neighbours in {name} are not indexed.", "Run: flask index-all-embeddings")
