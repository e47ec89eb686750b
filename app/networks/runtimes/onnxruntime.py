"""ONNX Runtime: the second runtime, where OpenVINO has no wheel. Reads ONNX only."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.errors import MachineError
from ...core.spaces import Layer
from ..weights import Weights, other_graph
from .base import LayerOutputs

__all__ = ["OnnxRuntimeEngine"]

PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")
PATCHES_PER_RUN = 4


class OnnxRuntimeEngine:
    """Networks in ONNX Runtime's sessions, f32.

    Parameters
    ----------
    weights : Sequence[Weights]
        ONNX graphs.
    threads : int
        Threads that share one run.

    Raises
    ------
    MachineError
        The library is not installed.
    CorruptError
        A graph cannot be read.
    """

    def __init__(self, weights: Sequence[Weights], threads: int) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise MachineError(
                "no_onnxruntime", "The library onnxruntime is not installed.", "Run: pip install onnxruntime"
            ) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.front_ends: Mapping[str, str] = {each.entry.name: each.entry.front_end for each in weights}
        self._layers = {each.entry.name: each.entry.layers for each in weights}
        self._sessions = {}
        for each in weights:
            self._sessions[each.entry.name] = _open(each, options)

    def predict(self, front_end: str, patches: NDArray[np.float32], networks: Sequence[str]) -> LayerOutputs:
        """Run every patch through several networks; see `Engine.predict`."""
        return {network: self._predict(network, patches) for network in networks}

    def _predict(self, network: str, patches: NDArray[np.float32]) -> dict[Layer, NDArray[np.float32]]:
        layers = self._layers[network]
        vectors = {layer: np.empty((len(patches), facts.n_dims), np.float32) for layer, facts in layers.items()}
        for start in range(0, len(patches), PATCHES_PER_RUN):
            rows = slice(start, start + PATCHES_PER_RUN)
            for layer, part in zip(layers, self._sessions[network].run(list(layers), {"patches": patches[rows]}), strict=True):
                vectors[layer][rows] = part
        return vectors


def _open(weights: Weights, options: Any) -> Any:
    import onnxruntime
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument, InvalidGraph, InvalidProtobuf

    available = onnxruntime.get_available_providers()
    try:
        session = onnxruntime.InferenceSession(weights.path, options, providers=[name for name in PROVIDERS if name in available])
    except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf) as error:
        raise other_graph(weights) from error
    layers = {output.name: output.shape[-1] for output in session.get_outputs()}
    if any(layers.get(layer) != facts.n_dims for layer, facts in weights.entry.layers.items()):
        raise other_graph(weights)
    return session
