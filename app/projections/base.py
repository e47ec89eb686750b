"""What every projection offers: it is fitted to the vectors of a space, and stored as plain arrays."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from .basis import Basis
from .vectors import Vectors

__all__ = ["Projector"]


class Projector(ABC):
    """A way to lay out the vectors of a space. Parameters are keywords, `random_state` always among them.

    Attributes
    ----------
    linear : bool
        `basis_` gives the coordinates of new vectors. Otherwise it gives the scores in which they find their neighbours.
    coordinates_ : np.ndarray [shape=(n_segments, n_components), dtype=float32]
    basis_ : Basis
    explained_variance_ratio_ : list of float, or None where components have no variance
    parameters_ : dict
        The parameters that the fit used, after adapting them to the number of segments.
    """

    linear: ClassVar[bool]

    coordinates_: NDArray[np.float32]
    basis_: Basis
    explained_variance_ratio_: list[float] | None = None
    parameters_: dict[str, Any]

    @abstractmethod
    def __init__(self, *, random_state: int = 0) -> None: ...

    @abstractmethod
    def fit(self, vectors: Vectors, start: NDArray[np.float32] | None = None) -> Self:
        """Fit to the vectors; close to `start`, the present coordinates of the same segments, where they are given."""
