"""What parts of a collection have in common: sums of ranks and values over segments, which add up."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..core.ranks import NUMBERS

__all__ = ["STRONG", "Block", "Sums", "add_up"]

STRONG = 0.75
"""A segment is strong in a tag whose rank is at least this: it belongs to the strongest quarter of the collection."""

Block = tuple[NDArray[np.int32], NDArray[np.uint16]]
"""For some segments the part [n] that each belongs to, and the bits of their float16 activations [n_tags, n]."""


@dataclass(frozen=True)
class Sums:
    """Sums over the segments of each part of a collection. Segments that no network with tags heard are not in them.

    n : np.ndarray [shape=(n_parts,), dtype=float64]
        Segments.
    ranks, values, strong : np.ndarray [shape=(n_parts, n_tags), dtype=float64]
        Sums of ranks and of activations, and how many segments are strong.
    """

    n: NDArray[np.float64]
    ranks: NDArray[np.float64]
    values: NDArray[np.float64]
    strong: NDArray[np.float64]

    @classmethod
    def nothing(cls, n_parts: int, n_tags: int) -> "Sums":
        """Sums over no segments."""
        return cls(np.zeros(n_parts), *(np.zeros((n_parts, n_tags)) for _ in range(3)))

    @property
    def _arrays(self) -> tuple[NDArray[np.float64], ...]:
        return self.n, self.ranks, self.values, self.strong

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(mine + theirs for mine, theirs in zip(self._arrays, other._arrays, strict=True)))

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(*(mine - theirs for mine, theirs in zip(self._arrays, other._arrays, strict=True)))

    def take(self, parts: NDArray[np.intp]) -> "Sums":
        """Those of some parts, in the order given."""
        return Sums(*(array[parts] for array in self._arrays))

    def spans(self, first: NDArray[np.int32], end: NDArray[np.int32]) -> "Sums":
        """Sums over parts `first[i]` to `end[i]`, for each i."""
        running = (np.concatenate([np.zeros((1, *array.shape[1:])), array.cumsum(axis=0)]) for array in self._arrays)
        return Sums(*(sums[end] - sums[first] for sums in running))

    @property
    def total(self) -> "Sums":
        """Sums over all parts, as one."""
        return Sums(*(array.sum(axis=0, keepdims=True) for array in self._arrays))

    @property
    def mean_ranks(self) -> NDArray[np.float64]:
        """Mean rank of each tag in each part: the probability that a segment of it beats one of the collection (the area under the
        curve of the part against all); 0 where a part has no segment.
        """
        return self._mean(self.ranks)

    @property
    def mean_values(self) -> NDArray[np.float64]:
        """Mean activation of each tag in each part."""
        return self._mean(self.values)

    @property
    def strong_shares(self) -> NDArray[np.float64]:
        """Share of the segments of each part that are strong."""
        return self._mean(self.strong)

    def _mean(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        return sums / np.maximum(self.n, 1)[:, None]


def add_up(n_parts: int, shares: NDArray[np.float32], blocks: Iterable[Block]) -> Sums:
    """Sums over segments, which come in blocks.

    Parameters
    ----------
    shares : np.ndarray [shape=(n_tags, 65536), dtype=float32]
        The rank of each float16 number in each tag, NaN where it has none.
    blocks : iterable of Block
        Any number of segments at a time; some ten thousand are quickest.
    """
    total = Sums.nothing(n_parts, len(shares))
    for parts, codes in blocks:
        # segments without a vector are NaN in every tag
        is_heard = ~np.isnan(NUMBERS[codes[0]]) if len(codes) else np.zeros(len(parts), np.bool_)
        order = np.argsort(parts, kind="stable")
        order = order[is_heard[order]]
        if not len(order):
            continue
        ordered = parts[order]
        starts = np.flatnonzero(np.diff(ordered, prepend=-1))
        here = ordered[starts]
        total.n[here] += np.diff(starts, append=len(ordered))
        # tag by tag: its table and its values stay in the processor's cache; `take` is twice as quick as an index
        for tag, share in enumerate(shares):
            bits = codes[tag].take(order)
            ranks = share.take(bits)
            total.ranks[here, tag] += np.add.reduceat(ranks, starts, dtype=np.float64)
            total.values[here, tag] += np.add.reduceat(NUMBERS.take(bits), starts, dtype=np.float64)
            total.strong[here, tag] += np.add.reduceat(ranks >= STRONG, starts, dtype=np.float64)
    return total
