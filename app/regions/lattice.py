"""The lattice of cells over a map."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["SIDE", "Lattice"]

SIDE = 1024
"""Cells along an axis."""

MARGIN = 64
"""Cells that are kept free on each side: room for what will be placed there."""

STEPS_PER_OCTAVE = 4
"""The sizes of cells are a fixed series, so that a refit that reaches a little further has the same lattice."""

ANCHOR = 32
"""The corner of a lattice is a multiple of so many cells."""


@dataclass(frozen=True)
class Lattice:
    """SIDE x SIDE cells in data units. It stays where it is when points join; those outside belong to the cells on the edge.

    x0, y0 : the lower left corner
    width, height : of a cell
    """

    x0: float
    y0: float
    width: float
    height: float

    @classmethod
    def around(cls, x: NDArray[np.float32], y: NDArray[np.float32]) -> Self:
        """A lattice that holds points [n], of which there is at least one, with some room."""
        (x0, width), (y0, height) = (_axis(float(values.min()), float(values.max())) for values in (x, y))
        return cls(x0, y0, width, height)

    def cells(self, x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.int32]:
        """The cell of each point, row * SIDE + column."""
        rows = _steps(y, self.y0, self.height)
        rows *= SIDE
        rows += _steps(x, self.x0, self.width)
        return rows

    def middles(self, cells: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """x and y of the middles of cells."""
        rows, columns = np.divmod(cells, SIDE)
        return self.x0 + (columns + 0.5) * self.width, self.y0 + (rows + 0.5) * self.height


def _axis(low: float, high: float) -> tuple[float, float]:
    """The corner and the size of a cell."""
    least = (high - low) / (SIDE - 2 * MARGIN - ANCHOR)
    # points without extent: any size does
    exponent = np.ceil(STEPS_PER_OCTAVE * np.log2(least)) / STEPS_PER_OCTAVE if least > 1e-30 else 0.0
    size = float(2.0**exponent)
    spare = (SIDE - (high - low) / size) / 2
    return float(np.floor((low / size - spare) / ANCHOR + 0.5) * ANCHOR * size), size


def _steps(values: NDArray[np.float32], low: float, size: float) -> NDArray[np.int32]:
    # in double precision: a point falls into the same cell however many others are asked for with it
    steps = values.astype(np.float64)
    steps -= low
    steps /= size
    np.clip(steps, 0, SIDE - 1, out=steps)
    return steps.astype(np.int32)
