"""Which places on a plane are neighbours."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["neighbours"]


def neighbours(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.intp]:
    """Pairs of neighbours [n_pairs, 2], the smaller number first: the edges of the Delaunay triangulation.

    It joins every place to every other by some way. Places on one line, and fewer than four, are joined in the order of their
    coordinates.
    """
    from scipy.spatial import Delaunay, QhullError

    n = len(x)
    if n > 3:
        try:
            # Qhull is exact only for coordinates of like size
            triangles = Delaunay(np.stack([_scaled(x), _scaled(y)], axis=1))
        except QhullError:
            pass  # all on one line
        else:
            simplices, left_out = triangles.simplices, triangles.coplanar
            # places that rounding would put on another one are joined to that
            pairs = np.concatenate([simplices[:, [0, 1]], simplices[:, [1, 2]], simplices[:, [0, 2]], left_out[:, [0, 2]]])
            return np.unique(np.sort(pairs, axis=1), axis=0).astype(np.intp)
    order = np.lexsort((y, x))
    return np.sort(np.stack([order[:-1], order[1:]], axis=1), axis=1)


def _scaled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = values.min(), values.max()
    scaled: NDArray[np.float64] = (values - low) / ((high - low) or 1.0)
    return scaled
