"""Mean and covariance of more vectors than fit in memory, in float64 and one pass."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.vectors import chunks

__all__ = ["Moments", "measure"]


@dataclass(frozen=True)
class Moments:
    """First and second moments of n vectors.

    n : int
    mean : np.ndarray [shape=(n_dims,), dtype=float64]
    covariance : np.ndarray [shape=(n_dims, n_dims), dtype=float64]
        Divided by n.
    noise : np.ndarray [shape=(n_dims,), dtype=float64]
        The standard deviation that rounding to the vectors' type can give a constant dimension.
    """

    n: int
    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]
    noise: NDArray[np.float64]


def measure(blocks: Iterable[NDArray[Any]]) -> Moments:
    """Moments of at least one vector.

    Parameters
    ----------
    blocks : iterable of np.ndarray [shape=(n_segments, n_dims)]
        Any floating-point type.

    Notes
    -----
    Sums are taken about the mean of the first chunk. So they keep their digits where the mean is large beside the deviation
    (Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983).
    """
    n = 0
    for chunk in (chunk for block in blocks for chunk in chunks(block)):
        vectors = chunk.astype(np.float64)
        if n == 0:
            shift, limits = vectors.mean(axis=0), np.finfo(chunk.dtype)
            total, scatter = np.zeros_like(shift), np.zeros((len(shift), len(shift)))
        vectors -= shift
        total += vectors.sum(axis=0)
        scatter += vectors.T @ vectors
        n += len(vectors)
    offset = total / n
    mean = shift + offset
    noise = np.maximum(float(limits.eps) / 2 * np.abs(mean), float(limits.smallest_subnormal))
    return Moments(n, mean, scatter / n - np.outer(offset, offset), noise)
