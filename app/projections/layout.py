"""What t-SNE and UMAP share: where the points start, how they are aligned at the end, what happens with too few of them."""

import numpy as np
from numpy.typing import NDArray

from .vectors import Vectors

__all__ = ["FEWEST_SEGMENTS", "aligned", "first_components", "starting_points"]

FEWEST_SEGMENTS = 4
"""With fewer there is nothing to arrange, and the principal components are used as they are."""


def first_components(vectors: Vectors) -> NDArray[np.float32]:
    """The first two principal components [n_segments, 2], zeros where the space has only one dimension."""
    scores = vectors.scores[:, :2]
    return np.pad(scores, ((0, 0), (0, 2 - scores.shape[1])))


def starting_points(xy: NDArray[np.float32], size: float, random_state: np.random.RandomState) -> NDArray[np.float64]:
    """Points centred, scaled to a standard deviation of `size` along x, and each moved at random by a hundredth of it.

    Without the random move equal segments would stay in one place for ever: between them no force has a direction.
    """
    xy = xy - xy.mean(axis=0, dtype=np.float64)
    deviation = xy[:, 0].std()
    if deviation > 0:
        xy *= size / deviation
    return xy + random_state.normal(scale=size / 100, size=xy.shape)


def aligned(xy: NDArray[np.float32], start: NDArray[np.float32]) -> NDArray[np.float32]:
    """The layout turned, mirrored, moved and scaled as a whole, so that it lies as near to `start` as it can.

    Only distances between points mean something in such a layout, and none of these steps changes their ratios. Ordinary Procrustes
    analysis (Gower, "Generalized Procrustes analysis", 1975).
    """
    centre = start.mean(axis=0, dtype=np.float64)
    points = xy - xy.mean(axis=0, dtype=np.float64)
    size = (points**2).sum()
    if size == 0:
        return xy
    left, values, right = np.linalg.svd(points.T @ (start - centre))
    turned: NDArray[np.float64] = points @ (left @ right) * (values.sum() / size) + centre
    return turned.astype(np.float32)
