"""How true a projection is to its space, measured on a seeded sample."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import knn
from .vectors import Vectors

__all__ = ["N_NEIGHBOURS", "N_SAMPLE", "Ruler"]

N_NEIGHBOURS = 10
N_SAMPLE = 2000


class Ruler:
    """Measures the projections of one space, all on the same sample.

    Distances in the space are Euclidean, in all dimensions. Of the coordinates the first two count, which are shown first.

    Parameters
    ----------
    vectors : Vectors
    random_state : int
        Chooses the sample of at most 2000 segments.
    """

    def __init__(self, vectors: Vectors, random_state: int = 0) -> None:
        n = vectors.n_segments
        self.k = min(N_NEIGHBOURS, (n - 1) // 2)
        self.rows = np.sort(np.random.default_rng(random_state).permutation(n)[:N_SAMPLE])
        self._sample = vectors.rows(self.rows) - vectors.moments.mean.astype(np.float32)
        self._nearest = self._nearest_in_space(vectors) if self.k else None

    def measure(self, coordinates: NDArray[np.float32]) -> dict[str, Any]:
        """Figures of coordinates [n_segments, n_components]; none where there are fewer than three segments.

        - `trustworthiness`, within the sample: 1 where no segment that is near in coordinates is far in the space
          (Venna and Kaski, "Neighborhood preservation in nonlinear projection methods", 2001; scikit-learn's).
        - `neighbours_kept`: the share of the k nearest neighbours, among all segments, that are so in coordinates as well.
        """
        if self._nearest is None:
            return {}
        from sklearn.manifold import trustworthiness

        xy = np.ascontiguousarray(coordinates[:, :2])
        found = _others(knn.nearest(xy, xy[self.rows], self.k + 1)[0], self.rows)
        kept = (self._nearest[:, :, None] == found[:, None, :]).any(axis=2).mean()
        k_in_sample = min(self.k, (len(self.rows) - 1) // 2)
        return {
            "trustworthiness": float(trustworthiness(self._sample, xy[self.rows], n_neighbors=k_in_sample)),
            "neighbours_kept": float(kept),
            "k": self.k,
            "n_sampled": len(self.rows),
        }

    def _nearest_in_space(self, vectors: Vectors) -> NDArray[np.int64]:
        """Rows [n_sampled, k] of the nearest others, from one pass over all vectors."""
        best = np.zeros((len(self.rows), 0), np.int64)
        apart = np.zeros((len(self.rows), 0), np.float32)
        first = 0
        for block in vectors.centred():
            rows, distances = knn.nearest(block, self._sample, self.k + 1)
            best, apart = np.hstack([best, rows + first]), np.hstack([apart, distances])
            order = np.argsort(apart, axis=1, kind="stable")[:, : self.k + 1]
            best, apart = np.take_along_axis(best, order, axis=1), np.take_along_axis(apart, order, axis=1)
            first += len(block)
        return _others(best, self.rows)


def _others(nearest: NDArray[Any], own: NDArray[np.int64]) -> NDArray[Any]:
    return nearest[knn.others(nearest, own)].reshape(len(nearest), -1)
