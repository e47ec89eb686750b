"""The vectors of a space as a stream, since they need not fit in memory."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .progress import Advance, Progress, Silent

__all__ = ["CHUNK_SEGMENTS", "VectorStream", "chunks"]

CHUNK_SEGMENTS = 16384
"""Vectors that are turned to float64 at a time: 26 MB of 200 dimensions."""


def chunks(block: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """The vectors of a block, few enough at a time to be turned to float64."""
    for first in range(0, len(block), CHUNK_SEGMENTS):
        yield block[first : first + CHUNK_SEGMENTS]


class VectorStream:
    """Vectors [n_segments, n_dims], read again for every pass over them.

    Parameters
    ----------
    blocks : callable
        Begins a pass: gives blocks [any number, n_dims] of any floating-point type, one after another.
    n_segments, n_dims : int
    progress : Progress
        Hears of long work, under `name`.
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

    @classmethod
    def of(cls, array: NDArray[Any]) -> Self:
        """Stream an array."""
        return cls(lambda: [array], *array.shape)

    def stretch(self, label: str, total: float | None, unit: str) -> AbstractContextManager[Advance]:
        """Report a stretch of work on these vectors."""
        return self._progress.stretch(f"{self.name}: {label}", total, unit)

    def rows(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of some rows, which rise, [len(rows), n_dims]."""
        taken, first = [], 0
        for block in self.blocks():
            inside = rows[(rows >= first) & (rows < first + len(block))]
            taken.append(block[inside - first].astype(np.float32))
            first += len(block)
        return np.concatenate(taken)
