"""From numbers to levels of colour: by rank, by value, away from zero."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ....core.ranks import CODES, NUMBERS, Ranks

__all__ = ["NO_VALUE", "TOP_LEVEL", "Mark", "Ramp", "Scale", "by_rank", "by_value", "diverging"]

Scale = Literal["rank", "value", "shown"]

NO_VALUE = 255
"""The level of a point without a value."""
TOP_LEVEL = NO_VALUE - 1
ZERO_LEVEL = TOP_LEVEL // 2
"""Of a diverging scale: below it are negative numbers."""

WEAK_BELOW = 0.05
"""An activation that 99 % of the collection stay below is weak everywhere: its ramp does not reach its end."""

PERCENTS = (50.0, 90.0, 99.0, 100.0)
BOTH_SIDES = (0.0, 1.0, 50.0, 99.0, 100.0)
OUTSIDE_PERCENT = 99.9
EPSILON = 1e-9
SIGN = np.uint16(0x8000)

_IS_NUMBER = ~np.isnan(NUMBERS)
_FINITE = np.nan_to_num(NUMBERS)
_RISING = np.argsort(NUMBERS, kind="stable")[: np.count_nonzero(_IS_NUMBER)]


@dataclass(frozen=True)
class Mark:
    """A number on a ramp: so many percent of the collection do not exceed it."""

    percent: float
    value: float
    level: int


@dataclass(frozen=True, eq=False)
class Ramp:
    """What level every number has.

    levels : np.ndarray [shape=(CODES,), dtype=uint8]
        By the bits of a float16; NO_VALUE for NaN.
    ranks : of the numbers that it was made for
    marks : numbers to write beside it
    is_weak : whether nearly all values are small, so that the end of the ramp is not reached
    """

    levels: NDArray[np.uint8]
    ranks: Ranks
    marks: tuple[Mark, ...]
    is_weak: bool = False

    @property
    def values(self) -> tuple[float, ...]:
        """The smallest number of each level, from 0 to TOP_LEVEL; the largest one where a level is not reached."""
        if not self.ranks.n:
            return ()
        rising = self.levels[_RISING]
        at = np.minimum(np.searchsorted(rising, np.arange(TOP_LEVEL + 1)), len(rising) - 1)
        values = np.clip(NUMBERS[_RISING[at]], self.ranks.percentile(0), self.ranks.maximum)
        return tuple(float(f"{value:.4g}") for value in values.tolist())


def by_rank(ranks: Ranks, percents: tuple[float, ...] = PERCENTS, *, may_be_weak: bool = True) -> Ramp:
    """Levels that follow the mid-rank, so that every colour is seen equally often.

    Ranks alone would give a tag that is nowhere heard the strongest colours, too: its ramp ends where p99 / WEAK_BELOW says.
    """
    is_weak = may_be_weak and ranks.n > 0 and ranks.percentile(99) < WEAK_BELOW
    reach = max(ranks.percentile(99), 0) / WEAK_BELOW if is_weak else 1.0
    levels = _levels(ranks.share * np.float32(reach))
    return Ramp(levels, ranks, _marks(ranks, levels, percents), is_weak)


def by_value(ranks: Ranks, percents: tuple[float, ...] = PERCENTS, *, from_zero: bool = True) -> Ramp:
    """Levels that rise evenly with the number, up to what one in a thousand exceeds."""
    if not ranks.n:
        return by_rank(ranks, percents)
    low = 0.0 if from_zero else ranks.percentile(100 - OUTSIDE_PERCENT)
    high = _rounded_up(ranks.percentile(OUTSIDE_PERCENT)) if from_zero else ranks.percentile(OUTSIDE_PERCENT)
    shares = (np.clip(_FINITE, low, high) - low) / ((high - low) or 1.0)
    levels = _levels(shares)
    return Ramp(levels, ranks, _marks(ranks, levels, percents))


def diverging(ranks: Ranks, sizes: Ranks, scale: Scale) -> Ramp:
    """Levels on both sides of ZERO_LEVEL, by the sizes of the numbers.

    Parameters
    ----------
    ranks : of the numbers
    sizes : of the numbers without their signs
    """
    size = (by_value if scale == "value" else by_rank)(sizes)
    shares = size.levels[np.arange(CODES, dtype=np.uint16) & ~SIGN].astype(np.float32) / TOP_LEVEL
    levels = _levels((1 + np.where(NUMBERS < 0, -shares, shares)) / 2)
    levels[~_IS_NUMBER] = NO_VALUE
    levels[NUMBERS == 0] = ZERO_LEVEL
    return Ramp(levels, ranks, _marks(ranks, levels, BOTH_SIDES), size.is_weak)


def _levels(shares: NDArray[np.float32]) -> NDArray[np.uint8]:
    levels = np.rint(np.nan_to_num(shares) * TOP_LEVEL).astype(np.uint8)
    levels[np.isnan(shares) | ~_IS_NUMBER] = NO_VALUE
    return levels


def _marks(ranks: Ranks, levels: NDArray[np.uint8], percents: tuple[float, ...]) -> tuple[Mark, ...]:
    if not ranks.n:
        return ()
    values = [ranks.percentile(percent) for percent in percents]
    codes = np.array(values, np.float16).view(np.uint16)
    return tuple(Mark(*each) for each in zip(percents, values, levels[codes].tolist(), strict=True))


def _rounded_up(high: float) -> float:
    """To one significant digit, a number for a legend: 0.372 becomes 0.4. Activations never exceed 1."""
    if high <= 0:
        return 1.0
    exponent = math.floor(math.log10(high))
    step = 10.0**exponent
    # EPSILON keeps 0.4 from becoming 0.5 by rounding
    return min(round(math.ceil(high / step - EPSILON) * step, -exponent), 1.0)
