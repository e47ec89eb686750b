"""What the projections by neighbours share: where the points begin and end, and what is done with too few of them."""

import numpy as np
from numpy.typing import NDArray

from .vectors import Vectors

__all__ = ["FEWEST_SEGMENTS", "aligned", "first_components", "spread_out"]

FEWEST_SEGMENTS = 4
"""With fewer there is nothing to arrange: any layout by neighbours is as good as the principal components."""


def first_components(vectors: Vectors) -> NDArray[np.float32]:
    """The first two principal components [n_segments, 2], zeros for one that does not exist."""
    scores = vectors.scores[:, :2]
    return np.pad(scores, ((0, 0), (0, 2 - scores.shape[1])))


def spread_out(xy: NDArray[np.float32], size: float, random_state: np.random.RandomState) -> NDArray[np.float64]:
    """Points centred and scaled to a standard deviation of `size` along x, and moved apart by a hundredth of it.

    Equal segments would otherwise stay in one place for ever, since no force has a direction there.
    """
    xy = xy - xy.mean(axis=0, dtype=np.float64)
    spread = xy[:, 0].std()
    if spread > 0:
        xy *= size / spread
    return xy + random_state.normal(scale=size / 100, size=xy.shape)


def aligned(xy: NDArray[np.float32], start: NDArray[np.float32]) -> NDArray[np.float32]:
    """The layout turned, moved and scaled as a whole to lie as near to `start` as it can: none of that has a meaning in it.

    Ordinary Procrustes analysis (Gower, "Generalized Procrustes analysis", 1975).
    """
    centre = start.mean(axis=0, dtype=np.float64)
    points = xy - xy.mean(axis=0, dtype=np.float64)
    size = (points**2).sum()
    if size == 0:
        return xy
    left, values, right = np.linalg.svd(points.T @ (start - centre))
    turned: NDArray[np.float64] = points @ (left @ right) * (values.sum() / size) + centre
    return turned.astype(np.float32)
