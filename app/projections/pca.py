"""Principal components, plain and standardised."""

from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from .base import Projector
from .basis import Basis, principal
from .vectors import Vectors

__all__ = ["PCA", "StandardisedPCA"]

N_COMPONENTS = 10


class PCA(Projector):
    """The components of the largest variance. New vectors are projected exactly.

    Attributes
    ----------
    basis_ : Basis
    explained_variance_ratio_ : list of float
    coordinates_ : np.ndarray [shape=(n_segments, n_components), dtype=float32]
    """

    linear: ClassVar[bool] = True
    standardise: ClassVar[bool] = False

    def __init__(self, n_components: int = N_COMPONENTS, random_state: int = 0) -> None:
        self.n_components = n_components
        self.random_state = random_state

    def fit(self, vectors: Vectors, start: NDArray[np.float32] | None = None) -> Self:
        """Fit. Where `start` is given, each component keeps the sign that it has there, so that the axes do not flip."""
        basis, ratios = principal(vectors.moments, self.n_components, self.standardise)
        self.coordinates_ = vectors.transformed(basis)
        if start is not None and start.shape == self.coordinates_.shape:
            signs = _signs(self.coordinates_, start)
            self.coordinates_ *= signs.astype(np.float32)
            basis = Basis(basis.mean, basis.scale, basis.components * signs[:, None])
        self.basis_ = basis
        self.explained_variance_ratio_ = [float(ratio) for ratio in ratios]
        self.parameters_ = {"n_components": len(basis.components)}
        return self


class StandardisedPCA(PCA):
    """PCA of vectors whose dimensions were first divided by their standard deviations."""

    standardise: ClassVar[bool] = True


def _signs(coordinates: NDArray[np.float32], start: NDArray[np.float32]) -> NDArray[np.float64]:
    """-1 for components that point away from where they pointed in `start`, else 1."""
    centred = start - start.mean(axis=0, dtype=np.float64)
    return np.where(np.einsum("ij,ij->j", coordinates, centred) < 0, -1.0, 1.0)
