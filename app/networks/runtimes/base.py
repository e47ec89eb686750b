"""What a runtime offers, whichever library does the work."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ...core.spaces import Layer

__all__ = ["Engine", "FileEngine", "LayerOutputs"]

LayerOutputs: TypeAlias = dict[str, dict[Layer, NDArray[np.float32]]]
"""By network, then by layer: float32 [n_segments, n_dims]."""


class Engine(Protocol):
    """Loaded networks that take patches; decoding and the log-mel front end are done elsewhere.

    `front_ends` names, for every loaded network, the front end that makes its patches: `musicnn` or `vggish`.
    """

    front_ends: Mapping[str, str]

    def predict(self, front_end: str, patches: NDArray[np.float32], networks: Sequence[str]) -> LayerOutputs:
        """Run every patch through several networks of one front end.

        Parameters
        ----------
        front_end : str
            Which front end made the patches.
        patches : np.ndarray [shape=(n_segments, frames_per_patch, n_bands), dtype=float32]
            May be empty.
        networks : Sequence[str]
            Loaded networks of that front end.

        Returns
        -------
        LayerOutputs
            New arrays, in the order of the patches; every layer that a network offers.
        """
        ...


@runtime_checkable
class FileEngine(Protocol):
    """Loaded networks that take a file and do everything themselves: decoding, log-mel, patches."""

    front_ends: Mapping[str, str]

    def predict_file(self, path: Path, networks: Sequence[str]) -> LayerOutputs:
        """Run one audio file through several loaded networks. Those whose patch is longer than the file are left out.

        Raises
        ------
        InvalidError
            The file cannot be decoded.
        MachineError
            The file cannot be read.
        """
        ...
