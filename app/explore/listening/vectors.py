"""Vectors of some rows of a space, and the rows that are nearest to a vector."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache.columns import SpaceColumns
from ...cache.editions import Editions
from ...cache.recent import Recent
from ...core.errors import NotReadyError
from ...core.spaces import Layer
from ...neighbours.index import SimilarityIndex
from ...store import features
from ...store.spaces import StoredNetwork
from .. import neighbours
from .choosing import unit

__all__ = ["EXACT_ROWS", "Search", "of_rows", "search"]

EXACT_ROWS = 1 << 16
"""A space of no more rows needs no index: every vector is compared."""
REMEMBERED_BYTES = 1 << 27

Search = Callable[[NDArray[np.float32], int, NDArray[np.bool_]], tuple[NDArray[np.int64], NDArray[np.float32]]]
"""The rows nearest to a vector [n_dims]: at most so many, of those that a mask [n_rows] allows, and their cosine similarities."""

_units: Recent[NDArray[np.float32]] = Recent(REMEMBERED_BYTES, lambda vectors: vectors.nbytes)


def of_rows(session: Session, editions: Editions, network: StoredNetwork, layer: Layer, rows: Sequence[int]) -> NDArray[np.float32]:
    """Unit vectors of rows that are there [shape=(n_rows, n_dims), dtype=float32]."""
    columns, table = editions.columns(session, network, layer), editions.rows(session, network)
    found = []
    for row in rows:
        if row < columns.n_rows:
            found.append(columns.row(row))
        else:  # so new that the columns lack it
            track_id, first, _ = table.locate(row)
            found.append(features.read(session, network.space(layer), track_id)[row - first])
    return unit(np.stack(found).astype(np.float32))


def search(session: Session, editions: Editions, network: StoredNetwork, layer: Layer) -> Search:
    """What finds the nearest rows of a space: its index, or every vector of a small space that has none.

    Raises
    ------
    NotReadyError
        The space is large and was never indexed, or there is no edition of it yet.
    """
    try:
        return _by_index(neighbours.opened(editions, network, layer))
    except NotReadyError:
        columns = editions.columns(session, network, layer)
        if columns.n_rows > EXACT_ROWS:
            raise
        return _exact(columns)


def _by_index(index: SimilarityIndex) -> Search:
    nothing = range(0)
    return lambda vector, k, allowed: index.search(vector, k, nothing, _padded(allowed, index.n_rows))


def _exact(columns: SpaceColumns) -> Search:
    vectors = _units.get((columns.made, columns.n_rows), lambda: _read(columns))

    def find(vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        similarities = vectors @ unit(vector)
        similarities[~_padded(allowed, len(vectors))] = -np.inf
        rows = np.argsort(-similarities, kind="stable")[:k]
        rows = rows[similarities[rows] > -np.inf]
        return rows, similarities[rows]

    return find


def _read(columns: SpaceColumns) -> NDArray[np.float32]:
    parts = [chunk.T for chunk in columns.chunks] + [columns.tail]
    return unit(np.concatenate(parts).astype(np.float32))


def _padded(allowed: NDArray[np.bool_], n_rows: int) -> NDArray[np.bool_]:
    """A mask of exactly so many rows: what is read may be older than the table of rows, or newer."""
    return np.pad(allowed[:n_rows], (0, max(0, n_rows - len(allowed))))
