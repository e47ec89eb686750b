"""Where a value stands among all values of a collection."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["CODES", "NUMBERS", "Ranks", "counted"]

CODES = 1 << 16
"""A float16 is one of so many bit patterns: counting each is many times as fast as sorting millions of values."""

NUMBERS: NDArray[np.float32] = np.arange(CODES, dtype=np.uint16).view(np.float16).astype(np.float32)
"""The number of each bit pattern."""

_MINUS_ZERO = 0x8000
_IS_NUMBER = ~np.isnan(NUMBERS)
_RISING = np.argsort(NUMBERS, kind="stable")[: np.count_nonzero(_IS_NUMBER)]  # NaN comes last


@dataclass(frozen=True, eq=False)
class Ranks:
    """How often each value occurs.

    counts : np.ndarray [shape=(CODES,), dtype=int64]
        By the bits of a float16: none for NaN, and -0 is counted as 0.
    """

    counts: NDArray[np.int64]

    @cached_property
    def n(self) -> int:
        """How many values there are."""
        return int(self.counts.sum())

    @cached_property
    def share(self) -> NDArray[np.float32]:
        """The rank of each number, from 0 to 1, by its bits: the share of values below it, and half of those equal to it.

        NaN for NaN, and everywhere when there are no values. The mean over all values is .5, whatever their distribution: the
        mid-rank of Conover and Iman (1981), "Rank transformations as a bridge", which treats equal values alike.
        """
        share = np.full(CODES, np.nan, np.float32)
        if self.n:
            share[_RISING] = (self._upto - self.counts[_RISING] / 2) / self.n
            share[_MINUS_ZERO] = share[0]
        return share

    @cached_property
    def mean(self) -> float:
        """The mean of all values; NaN without any."""
        codes = np.flatnonzero(self.counts)
        return float(self.counts[codes] @ NUMBERS[codes].astype(np.float64) / self.n) if self.n else float("nan")

    @property
    def maximum(self) -> float:
        """The largest value; NaN without any."""
        return self.percentile(100)

    def percentile(self, percent: float) -> float:
        """The smallest value that at least so many percent of the values do not exceed; NaN without any."""
        if not self.n:
            return float("nan")
        wanted = min(max(1, int(np.ceil(percent / 100 * self.n - 1e-9))), self.n)
        return float(NUMBERS[_RISING[np.searchsorted(self._upto, wanted)]])

    def and_those(self, values: NDArray[np.float16]) -> "Ranks":
        """These values and others."""
        return Ranks(self.counts + counted(values).counts)

    @cached_property
    def _upto(self) -> NDArray[np.int64]:
        return self.counts[_RISING].cumsum()


def counted(values: NDArray[np.float16]) -> Ranks:
    """The ranks of some values, of which those that are NaN count for nothing.

    Parameters
    ----------
    values : np.ndarray [shape=(n,), dtype=float16]
    """
    counts = np.bincount(values.view(np.uint16), minlength=CODES)
    counts[~_IS_NUMBER] = 0
    counts[0] += counts[_MINUS_ZERO]
    counts[_MINUS_ZERO] = 0
    return Ranks(counts)
