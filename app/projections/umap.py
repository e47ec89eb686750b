"""UMAP, by umap-learn."""

from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from .base import Projector
from .layout import FEWEST_SEGMENTS, aligned, first_components, starting_points
from .vectors import Vectors

__all__ = ["UMAP"]

START_DEVIATION = 2.5
FEW_SEGMENTS = 10_000
LEARNING_RATE = 1.0
REFIT_LEARNING_RATE = 0.1
"""Of a refit, which starts from present coordinates: points move a third as far as with 1, and keep more neighbours."""


class UMAP(Projector):
    """UMAP of the first 50 principal components, from an exact graph of neighbours.

    The steps of umap-learn are called one by one, because its estimator does more than is wanted: it looks for neighbours again in
    small collections, scales each axis of a start separately, and has to be kept with its own index to place new vectors.

    Attributes
    ----------
    coordinates_ : np.ndarray [shape=(n_segments, 2), dtype=float32]
    basis_ : Basis
    """

    linear: ClassVar[bool] = False

    def __init__(self, n_neighbours: int = 15, min_dist: float = 0.1, n_epochs: int | None = None, random_state: int = 0) -> None:
        self.n_neighbours = n_neighbours
        self.min_dist = min_dist
        self.n_epochs = n_epochs
        self.random_state = random_state

    def fit(self, vectors: Vectors, start: NDArray[np.float32] | None = None) -> Self:
        """Fit to the vectors, from `start` [n_segments, 2] where it is given."""
        self.basis_ = vectors.basis
        k = min(self.n_neighbours, vectors.n_segments)
        # as umap-learn chooses them
        n_epochs = self.n_epochs or (500 if vectors.n_segments <= FEW_SEGMENTS else 200)
        self.parameters_ = {
            "n_neighbours": k,
            "min_dist": self.min_dist,
            "n_epochs": n_epochs,
            "n_scores": len(self.basis_.components),
        }
        if vectors.n_segments < FEWEST_SEGMENTS:
            self.coordinates_ = first_components(vectors)
            return self
        self.coordinates_ = self._optimised(vectors, k, n_epochs, start)
        return self

    def _optimised(self, vectors: Vectors, k: int, n_epochs: int, start: NDArray[np.float32] | None) -> NDArray[np.float32]:
        from umap.layouts import optimize_layout_euclidean
        from umap.umap_ import find_ab_params, fuzzy_simplicial_set, make_epochs_per_sample

        random_state = np.random.RandomState(self.random_state)
        rows, distances = _with_itself(*vectors.nearest(k - 1))
        with vectors.stretch("UMAP", n_epochs, "epochs") as advance:
            graph = fuzzy_simplicial_set(vectors.scores, k, random_state, "euclidean", knn_indices=rows, knn_dists=distances)[
                0
            ].tocoo()
            # an edge so weak would not be drawn once in all epochs
            graph.data[graph.data < graph.data.max() / n_epochs] = 0.0
            graph.eliminate_zeros()
            xy = self._begin(vectors, start, random_state)
            a, b = find_ab_params(1.0, self.min_dist)
            # three numbers that are the state of the random generator inside the compiled loop
            generator = random_state.randint(np.iinfo(np.int32).min, np.iinfo(np.int32).max, 3).astype(np.int64)
            xy = optimize_layout_euclidean(
                xy,
                xy,
                graph.row,
                graph.col,
                n_epochs,
                vectors.n_segments,
                make_epochs_per_sample(graph.data, n_epochs),
                a,
                b,
                generator,
                initial_alpha=LEARNING_RATE if start is None else REFIT_LEARNING_RATE,
                parallel=False,  # threads race, and the same seed would give other coordinates
                move_other=True,
            )
            advance(n_epochs)
        return xy if start is None else aligned(xy, start)

    def _begin(
        self, vectors: Vectors, start: NDArray[np.float32] | None, random_state: np.random.RandomState
    ) -> NDArray[np.float32]:
        if start is not None:
            # a copy: the loop moves the points in place
            return np.array(start, np.float32, order="C")
        return starting_points(first_components(vectors), START_DEVIATION, random_state).astype(np.float32)


def _with_itself(rows: NDArray[np.int32], distances: NDArray[np.float32]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Neighbours as umap-learn wants them: each segment is its own first neighbour, at distance 0."""
    own = np.arange(len(rows), dtype=np.int32)[:, None]
    return np.hstack([own, rows]), np.hstack([np.zeros_like(distances, shape=(len(rows), 1)), distances])
