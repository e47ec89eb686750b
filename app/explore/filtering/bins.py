"""Bins of round widths for histograms."""

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_BINS", "edges"]

MOST_BINS = 50

DECIMAL = (1.0, 2.0, 5.0)
TIMES_S = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0)
EPSILON = 1e-9


def edges(low: float, high: float, *, are_times: bool = False, least: float = 0.0) -> NDArray[np.float64]:
    """The edges of at most MOST_BINS bins of one round width [shape=(n_bins + 1,)], which hold `low` and `high`.

    Parameters
    ----------
    are_times : whether widths are those of clocks, in seconds, and not decimal
    least : the smallest width
    """
    wanted = max((high - low) / (MOST_BINS - 1), least, EPSILON)
    width = next((step for step in TIMES_S if step >= wanted), None) if are_times else None
    if width is None:
        power = 10.0 ** math.floor(math.log10(wanted))
        width = next(step * power for step in (*DECIMAL, 10.0) if step * power >= wanted * (1 - EPSILON))
    first, last = math.floor(low / width + EPSILON), math.floor(high / width + EPSILON)
    # multiplied, not added up: 0.3 stays 0.3
    at: NDArray[np.float64] = np.round(np.arange(first, last + 2) * width, 12)
    return at
