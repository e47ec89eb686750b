"""The vectors of a space as projections take them. What several projections need is computed once."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..core.vectors import VectorStream, chunks
from . import knn
from .basis import Basis, principal
from .moments import Moments, measure

__all__ = ["N_SCORES", "Vectors"]

N_SCORES = 50
"""Principal components in which neighbours are looked for."""


class Vectors(VectorStream):
    """Vectors [n_segments, n_dims] with their moments, scores and neighbours, each computed when it is first asked for."""

    _nearest: knn.Neighbours | None = None

    @cached_property
    def moments(self) -> Moments:
        """Mean and covariance."""
        return measure(self.blocks())

    @cached_property
    def basis(self) -> Basis:
        """The basis of `scores`."""
        return principal(self.moments, N_SCORES)[0]

    @cached_property
    def scores(self) -> NDArray[np.float32]:
        """The first principal components [n_segments, at most 50]."""
        return self.transformed(self.basis)

    def transformed(self, basis: Basis) -> NDArray[np.float32]:
        """All vectors in a basis, [n_segments, n_components]."""
        scores = np.empty((self.n_segments, len(basis.components)), np.float32)
        first = 0
        for block in self.blocks():
            scores[first : first + len(block)] = basis.transform(block)
            first += len(block)
        return scores

    def centred(self) -> Iterator[NDArray[np.float32]]:
        """All vectors minus their mean, chunk after chunk. The numbers are small: float32 keeps the digits of their distances."""
        for block in self.blocks():
            for chunk in chunks(block):
                yield (chunk - self.moments.mean).astype(np.float32)

    def nearest(self, k: int) -> knn.Neighbours:
        """The k nearest other segments of every segment, by `scores`; fewer where there are fewer."""
        k = min(k, self.n_segments - 1)
        if self._nearest is None or self._nearest[0].shape[1] < k:
            with self.stretch("nearest neighbours", self.n_segments, "segments") as advance:
                self._nearest = knn.among(self.scores, k, advance)
        rows, distances = self._nearest
        return rows[:, :k], distances[:, :k]
