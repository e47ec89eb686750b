"""The vectors of a space as projections take them: streamed, with what several projections need worked out once."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.progress import Advance, Progress, Silent
from . import knn
from .basis import Basis, principal
from .moments import Moments, chunks, measure

__all__ = ["N_SCORES", "Vectors"]

N_SCORES = 50
"""Principal components in which neighbours are looked for."""


class Vectors:
    """Vectors [n_segments, n_dims] that need not fit in memory.

    Parameters
    ----------
    blocks : callable
        Begins a new pass: blocks [any number, n_dims] of any floating-point type, one after another.
    n_segments, n_dims : int
    progress : Progress
        Told of long work, under `name`.
    """

    def __init__(
        self,
        blocks: Callable[[], Iterable[NDArray[Any]]],
        n_segments: int,
        n_dims: int,
        progress: Progress | None = None,
        name: str = "vectors",
    ) -> None:
        self.blocks = blocks
        self.n_segments = n_segments
        self.n_dims = n_dims
        self.name = name
        self._progress = progress or Silent()
        self._nearest: knn.Neighbours | None = None

    @classmethod
    def of(cls, array: NDArray[Any]) -> "Vectors":
        """An array as vectors."""
        return cls(lambda: [array], *array.shape)

    def stretch(self, label: str, total: float | None, unit: str) -> AbstractContextManager[Advance]:
        """Tell of a stretch of work on these vectors."""
        return self._progress.stretch(f"{self.name}: {label}", total, unit)

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
        """All vectors less their mean, chunk after chunk: small numbers, whose distances float32 can hold."""
        for block in self.blocks():
            for chunk in chunks(block):
                yield (chunk - self.moments.mean).astype(np.float32)

    def rows(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Some vectors, by rising row, [len(rows), n_dims]."""
        taken, first = [], 0
        for block in self.blocks():
            inside = rows[(rows >= first) & (rows < first + len(block))]
            taken.append(block[inside - first].astype(np.float32))
            first += len(block)
        return np.concatenate(taken)

    def nearest(self, k: int) -> knn.Neighbours:
        """The k nearest of every segment among the others, in `scores`; fewer where there are fewer."""
        k = min(k, self.n_segments - 1)
        if self._nearest is None or self._nearest[0].shape[1] < k:
            with self.stretch("nearest neighbours", self.n_segments, "segments") as advance:
                self._nearest = knn.among(self.scores, k, advance)
        rows, distances = self._nearest
        return rows[:, :k], distances[:, :k]
