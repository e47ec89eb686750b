"""t-SNE, by openTSNE."""

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from .base import Projector
from .layout import FEWEST_SEGMENTS, aligned, first_components, starting_points
from .vectors import Vectors

__all__ = ["TSNE"]

EXAGGERATION = 12.0
"""While points gather, attraction counts so many times: clusters can still pass through each other."""

MOMENTUM = 0.8

START_DEVIATION = 1e-4
"""Small, so that forces between all points are alike at first."""

MANY_SEGMENTS = 100_000
"""From here on threads gain more than they cost."""

TELL_EVERY = 50


class TSNE(Projector):
    """t-SNE of the first 50 principal components, from an exact graph of neighbours.

    A first fit starts from the first two components, with early exaggeration. A refit starts from the present coordinates, without
    it, since it would pull all points together first, and with half the iterations: new points find their places and the others
    move little. The same seed gives the same coordinates, whatever the number of threads.

    Attributes
    ----------
    coordinates_ : np.ndarray [shape=(n_segments, 2), dtype=float32]
    basis_ : Basis
    """

    linear: ClassVar[bool] = False

    def __init__(self, perplexity: float = 30.0, n_gathering: int = 250, n_iterations: int = 500, random_state: int = 0) -> None:
        self.perplexity = perplexity
        self.n_gathering = n_gathering
        self.n_iterations = n_iterations
        self.random_state = random_state

    def fit(self, vectors: Vectors, start: NDArray[np.float32] | None = None) -> Self:
        """Fit to the vectors, from `start` [n_segments, 2] where it is given."""
        self.basis_ = vectors.basis
        k = min(int(3 * self.perplexity), vectors.n_segments - 1)
        # openTSNE expects three neighbours for each unit of perplexity, and warns where there are fewer
        perplexity = min(self.perplexity, k / 3)
        self.parameters_ = {"perplexity": perplexity, "n_neighbours": k, "n_scores": len(self.basis_.components)}
        if vectors.n_segments < FEWEST_SEGMENTS:
            self.coordinates_ = first_components(vectors)
            return self
        self.coordinates_ = self._optimised(vectors, k, perplexity, start)
        return self

    def _optimised(self, vectors: Vectors, k: int, perplexity: float, start: NDArray[np.float32] | None) -> NDArray[np.float32]:
        from openTSNE import TSNEEmbedding
        from openTSNE.affinity import PerplexityBasedNN
        from openTSNE.nearest_neighbors import PrecomputedNeighbors

        rows, distances = vectors.nearest(k)
        n_jobs = -1 if vectors.n_segments >= MANY_SEGMENTS else 1
        affinities = PerplexityBasedNN(
            knn_index=PrecomputedNeighbors(rows, distances),
            perplexity=perplexity,
            n_jobs=n_jobs,
        )
        # neighbours are ours: exact, and shared with UMAP, where openTSNE would look for approximate ones
        n_gathering, n_iterations = (self.n_gathering, self.n_iterations) if start is None else (0, self.n_iterations // 2)
        with vectors.stretch("t-SNE", n_gathering + n_iterations, "iterations") as advance:

            def tell(iteration: int, error: float, embedding: Any) -> None:
                advance(TELL_EVERY)

            embedding = TSNEEmbedding(
                self._begin(vectors, start), affinities, n_jobs=n_jobs, callbacks=tell, callbacks_every_iters=TELL_EVERY
            )
            if n_gathering:
                embedding.optimize(n_gathering, exaggeration=EXAGGERATION, momentum=MOMENTUM, inplace=True)
            embedding.optimize(n_iterations, momentum=MOMENTUM, inplace=True)
        xy = np.asarray(embedding, np.float32)
        return xy if start is None else aligned(xy, start)

    def _begin(self, vectors: Vectors, start: NDArray[np.float32] | None) -> NDArray[np.float64]:
        if start is not None:
            return start.astype(np.float64)
        return starting_points(first_components(vectors), START_DEVIATION, np.random.RandomState(self.random_state))
