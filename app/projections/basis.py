"""Principal components of vectors, computed from their moments."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.vectors import chunks
from .moments import Moments

__all__ = ["Basis", "principal"]


@dataclass(frozen=True)
class Basis:
    """An affine transformation of vectors: subtract `mean`, divide by `scale`, project on `components`.

    mean, scale : np.ndarray [shape=(n_dims,), dtype=float64]
    components : np.ndarray [shape=(n_components, n_dims), dtype=float64]
        Orthonormal rows by falling variance; zero where the vectors have fewer directions than rows.
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    components: NDArray[np.float64]

    def transform(self, vectors: NDArray[Any]) -> NDArray[np.float32]:
        """Scores [n_segments, n_components] of vectors [n_segments, n_dims], computed in float64."""
        scores = np.empty((len(vectors), len(self.components)), np.float32)
        first = 0
        for chunk in chunks(vectors):
            scores[first : first + len(chunk)] = (chunk - self.mean) / self.scale @ self.components.T
            first += len(chunk)
        return scores

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays to store; `Basis(**arrays)` is the same basis again."""
        return {"mean": self.mean, "scale": self.scale, "components": self.components}


def principal(moments: Moments, n_components: int, standardise: bool = False) -> tuple[Basis, NDArray[np.float64]]:
    """The basis of the largest variances, and each component's ratio of the whole variance.

    The sign of a component is chosen so that its largest loading is positive. `standardise` divides each dimension by its standard
    deviation and leaves out those that differ by no more than rounding.
    """
    deviations = np.sqrt(np.maximum(np.diag(moments.covariance), 0.0))
    scale = np.ones_like(deviations)
    covariance = moments.covariance
    if standardise:
        # rounding alone gives a constant dimension some variance; divided by it, noise would look like a component
        varies = deviations > moments.noise
        scale[varies] = deviations[varies]
        covariance = covariance / np.outer(scale, scale) * np.outer(varies, varies)
    variances, directions = np.linalg.eigh(covariance)
    variances, components = variances[::-1], directions.T[::-1]
    # directions in which the vectors do not vary come out as tiny numbers of either sign
    real = variances > variances[0] * len(variances) * np.finfo(np.float64).eps
    variances, components = np.where(real, variances, 0.0), components * real[:, None]
    largest = np.abs(components).argmax(axis=1)
    components = components * np.where(components[np.arange(len(components)), largest] < 0, -1.0, 1.0)[:, None]
    whole = variances.sum()
    ratios = variances / whole if whole > 0 else variances
    return Basis(moments.mean, scale, components[:n_components]), ratios[:n_components]
