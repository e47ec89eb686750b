"""New segments in a map that was fitted without them; nothing that is there moves."""

import numpy as np
from numpy.typing import NDArray

from . import knn

__all__ = ["N_MAPPED_NEIGHBOURS", "place"]

N_MAPPED_NEIGHBOURS = 5


def place(mapped: NDArray[np.float32], coordinates: NDArray[np.float32], new: NDArray[np.float32]) -> NDArray[np.float32]:
    """Put each new segment at the mean of its nearest mapped neighbours, weighted by inverse distance.

    Parameters
    ----------
    mapped : np.ndarray [shape=(n_mapped, n_scores), dtype=float32]
        Scores of the fitted segments, at least one.
    coordinates : np.ndarray [shape=(n_mapped, n_components), dtype=float32]
        Where they are in the map.
    new : np.ndarray [shape=(n_new, n_scores), dtype=float32]

    Returns
    -------
    np.ndarray [shape=(n_new, n_components), dtype=float32]
        A segment equal to mapped ones lies exactly where they do (at their mean, if they lie apart).
    """
    rows, distances = knn.nearest(mapped, new, N_MAPPED_NEIGHBOURS)
    equal = distances == 0
    weights = np.where(equal.any(axis=1, keepdims=True), equal, 1.0 / np.where(equal, 1.0, distances))
    weights /= weights.sum(axis=1, keepdims=True)
    placed: NDArray[np.float64] = np.einsum("nk,nkc->nc", weights, coordinates[rows])
    return placed.astype(np.float32)
