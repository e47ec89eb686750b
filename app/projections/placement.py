"""Places new segments into a projection that was fitted without them. Nothing that is there moves."""

import numpy as np
from numpy.typing import NDArray

from . import knn

__all__ = ["place"]

N_NEIGHBOURS = 5
"""Fitted segments that tell where a new one belongs."""

N_IN_REACH = 10
"""The distance to so many neighbours is how far a neighbourhood reaches."""

N_SAMPLE = 1000
"""Segments whose reach is measured."""


def place(fitted: NDArray[np.float32], coordinates: NDArray[np.float32], new: NDArray[np.float32]) -> NDArray[np.float32]:
    """Put each new segment among its nearest fitted neighbours, at their mean weighted by inverse distance.

    Neighbours whose coordinates lie far from those of the nearest one count less, since a mean of places in two clusters lies in
    neither. Measured with tracks that the projection was fitted without, a plain mean keeps a third fewer neighbours.

    Parameters
    ----------
    fitted : np.ndarray [shape=(n_fitted, n_scores), dtype=float32]
        Scores of the fitted segments, at least one.
    coordinates : np.ndarray [shape=(n_fitted, n_components), dtype=float32]
        Where they are.
    new : np.ndarray [shape=(n_new, n_scores), dtype=float32]

    Returns
    -------
    np.ndarray [shape=(n_new, n_components), dtype=float32]
        A segment equal to a fitted one lies exactly where that does.
    """
    rows, distances = knn.nearest(fitted, new, N_NEIGHBOURS)
    places = coordinates[rows].astype(np.float64)
    away = np.linalg.norm(places - places[:, :1], axis=2)
    equal = distances == 0
    # among equals only equals count: their inverse distance would be infinite
    weights = np.where(equal.any(axis=1, keepdims=True), equal, 1.0 / np.where(equal, 1.0, distances))
    weights = weights * np.exp(-((away / _reach(coordinates)) ** 2) / 2)
    weights /= weights.sum(axis=1, keepdims=True)
    placed: NDArray[np.float64] = np.einsum("nk,nkc->nc", weights, places)
    return placed.astype(np.float32)


def _reach(coordinates: NDArray[np.float32]) -> float:
    """How far away a typical segment's tenth neighbour is, in coordinates."""
    sample = coordinates[:: max(len(coordinates) // N_SAMPLE, 1)]
    distances = knn.nearest(coordinates, sample, N_IN_REACH + 1)[1]
    return max(float(np.median(distances[:, -1])), float(np.finfo(np.float32).tiny))
