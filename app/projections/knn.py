"""Exact nearest neighbours by Euclidean distance."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.progress import Advance

__all__ = ["Neighbours", "among", "nearest", "others"]

Neighbours = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Rows and distances, both [n_queries, k]: the nearest first, and of equally near ones the lower row first."""

CHUNK_QUERIES = 2048
"""Queries at a time: the differences to all their candidates are in memory at once."""

SPARE = 8
"""Candidates beyond k. faiss computes distances as |x|² - 2xy + |y|², and their rounding can push one of the k nearest out."""


def nearest(reference: NDArray[np.float32], queries: NDArray[np.float32], k: int) -> Neighbours:
    """The k nearest of `reference` [n, n_dims] to each of `queries` [n_queries, n_dims]; fewer where there are fewer."""
    k = min(k, len(reference))
    rows = np.empty((len(queries), k), np.int32)
    distances = np.empty((len(queries), k), np.float32)
    for chunk in _slices(len(queries)):
        candidates, exact = _sorted(reference, queries[chunk], k + SPARE)
        rows[chunk], distances[chunk] = candidates[:, :k], exact[:, :k]
    return rows, distances


def among(vectors: NDArray[np.float32], k: int, advance: Advance) -> Neighbours:
    """The k nearest other vectors of every vector; fewer where there are fewer."""
    k = min(k, len(vectors) - 1)
    rows = np.empty((len(vectors), k), np.int32)
    distances = np.empty((len(vectors), k), np.float32)
    for chunk in _slices(len(vectors)):
        candidates, exact = _sorted(vectors, vectors[chunk], k + 1 + SPARE)
        kept = others(candidates, np.arange(chunk.start, chunk.stop))
        shape = (len(candidates), -1)
        rows[chunk], distances[chunk] = candidates[kept].reshape(shape)[:, :k], exact[kept].reshape(shape)[:, :k]
        advance(chunk.stop - chunk.start)
    return rows, distances


def others(rows: NDArray[Any], own: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the nearest rows [n, k + 1] to keep as neighbours of `own`: k of each, without the segment itself."""
    kept: NDArray[np.bool_] = rows != own[:, None]
    # among many equal vectors the segment itself may not be found: then the last of them is too many
    kept[kept.all(axis=1), -1] = False
    return kept


def _sorted(reference: NDArray[np.float32], queries: NDArray[np.float32], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The nearest candidates in order, with distances computed from differences: equal vectors are exactly 0 apart."""
    import faiss

    _, rows = faiss.knn(queries, reference, min(k, len(reference)))
    differences = reference[rows] - queries[:, None]
    distances = np.sqrt(np.einsum("qkd,qkd->qk", differences, differences))
    order = np.lexsort((rows, distances), axis=-1)
    return np.take_along_axis(rows, order, axis=1), np.take_along_axis(distances, order, axis=1)


def _slices(n: int) -> Iterator[slice]:
    for first in range(0, n, CHUNK_QUERIES):
        yield slice(first, min(first + CHUNK_QUERIES, n))
