"""Boxes in a map: what lies in them, and how places in them become steps of 16 bits."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["SMALLEST", "Box", "holds", "quantise", "representable", "widened", "within"]

Box = tuple[float, float, float, float]
"""x0, x1, y0, y1 in data units, edges included."""

STEPS = 65535

SMALLEST = 1e-30
"""A smaller extent counts as none: single precision could not divide by it."""


def quantise(values: NDArray[np.float32], low: float, high: float) -> NDArray[np.uint16]:
    """0 at `low`, 65535 at `high`, to the nearest step; values outside go to the edge."""
    steps = np.empty(len(values), np.uint16)
    # by parts that stay in the processor's cache; in double precision, which deep zooms need
    for first in range(0, len(values), 1 << 15):
        part = values[first : first + (1 << 15)].astype(np.float64)
        part -= low
        part *= STEPS / (high - low)
        np.clip(part, 0, STEPS, out=part)
        part += 0.5
        steps[first : first + (1 << 15)] = part
    return steps


def within(x: NDArray[np.float32], y: NDArray[np.float32], box: Box) -> NDArray[np.uint32]:
    """Positions of the points in a box, edges included."""
    x0, x1, y0, y1 = box
    return np.flatnonzero((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)).astype(np.uint32)


def holds(box: Box, other: Box) -> bool:
    """Whether all of another box lies in a box."""
    return box[0] <= other[0] and box[1] >= other[1] and box[2] <= other[2] and box[3] >= other[3]


def representable(box: Box) -> Box:
    """The largest box of float32 numbers inside `box`: comparing coordinates with it is exact and needs no conversion."""
    x0, x1, y0, y1 = box
    return _upward(x0), -_upward(-x1), _upward(y0), -_upward(-y1)


def _upward(edge: float) -> float:
    nearest = np.float32(edge)
    return float(nearest if float(nearest) >= edge else np.nextafter(nearest, np.float32(np.inf)))


def widened(low: float, high: float) -> tuple[float, float]:
    """A range that divides: itself, or where it is a point about one unit around it."""
    if high - low >= SMALLEST:
        return low, high
    margin = max(0.5, abs(low) / 1024)
    return low - margin, high + margin
