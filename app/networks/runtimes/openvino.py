"""OpenVINO: the default runtime. Reads ONNX and frozen TensorFlow graphs."""

import logging
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.batches import batches
from ...core.errors import MachineError
from ...disk import machine
from .. import fast_convolution
from ..weights import Weights, other_graph
from .base import LayerOutputs

__all__ = ["OpenVinoEngine"]

REQUESTS_PER_THREAD = 2

log = logging.getLogger(__name__)


class OpenVinoEngine:
    """Networks compiled for this processor.

    A request carries one patch and runs on one thread: faster than batches, without padding, and a segment's vectors
    do not depend on its neighbours.

    Parameters
    ----------
    weights : Sequence[Weights]
        ONNX or frozen graphs.
    precision : str
        `f32` or `bf16`.
    threads : int
        Requests computed at a time.

    Raises
    ------
    MachineError
        The library is not installed, or the processor does not compute in this precision.
    CorruptError
        A graph cannot be read or is not the network it is named after.
    """

    def __init__(self, weights: Sequence[Weights], precision: str, threads: int) -> None:
        try:
            import openvino
        except ImportError as error:
            raise MachineError("no_openvino", "The library openvino is not installed.", "Run: pip install openvino") from error
        core = openvino.Core()
        if precision == "bf16":
            _check_bf16(core)
        # every thread of a network holds its own intermediate results: many networks get fewer threads, and run some at a time
        threads_each = min(threads, math.ceil(2 * threads / len(weights)))
        self._n_at_once = threads // threads_each
        options = {
            # left to itself, OpenVINO takes bf16 where it is fast, and pins every process to the same cores
            "INFERENCE_PRECISION_HINT": precision,
            "ENABLE_CPU_PINNING": False,
            "INFERENCE_NUM_THREADS": threads_each,
            "NUM_STREAMS": threads_each,
        }
        self.front_ends: Mapping[str, str] = {each.entry.name: each.entry.front_end for each in weights}
        self._architectures = {each.entry.name: each.entry.architecture for each in weights}
        self._layers = {each.entry.name: each.entry.layers for each in weights}
        self._queues = {}
        for each in weights:
            compiled = core.compile_model(_read(core, each, precision), "CPU", options)
            queue = openvino.AsyncInferQueue(compiled, threads_each * REQUESTS_PER_THREAD)
            queue.set_callback(_keep)
            self._queues[each.entry.name] = queue

    def predict(self, front_end: str, patches: NDArray[np.float32], networks: Sequence[str]) -> LayerOutputs:
        """Run every patch through several networks; see `Engine.predict`."""
        vectors: LayerOutputs = {
            network: {layer: np.empty((len(patches), facts.n_dims), np.float32) for layer, facts in self._layers[network].items()}
            for network in networks
        }
        rows = {network: list(layers.values()) for network, layers in vectors.items()}
        alike = sorted(networks, key=self._architectures.__getitem__)
        for group in batches(alike, self._n_at_once):
            for index in range(len(patches)):
                for network in group:
                    self._queues[network].start_async({0: patches[index : index + 1]}, (rows[network], index))
        for network in networks:
            self._queues[network].wait_all()
        return vectors


def _keep(request: Any, destination: tuple[list[NDArray[np.float32]], int]) -> None:
    rows, index = destination
    for output, row in enumerate(rows):
        row[index] = request.get_output_tensor(output).data[0]


def _read(core: Any, weights: Weights, precision: str) -> Any:
    """The part of a graph from one patch to the layers."""
    import openvino

    try:
        if weights.entry.onnx_sha256 and weights.format == "onnx" and precision == "f32":
            model = core.read_model(fast_convolution.rewrite(weights.path.read_bytes()))
        else:
            model = core.read_model(weights.path)
        tensors = {name: tensor for operation in model.get_ops() for tensor in operation.outputs() for name in tensor.get_names()}
        suffix = "" if weights.format == "onnx" else ":0"
        layers = [tensors[name + suffix] for name in weights.output_names]
        parameter = tensors[weights.input_name + suffix].get_node()
        part = openvino.Model(layers, [parameter], weights.entry.name)
        geometry = weights.entry.geometry
        part.reshape([1, geometry.frames_per_patch, geometry.n_bands])
        widths = [tuple(output.shape) for output in part.outputs]
    except (RuntimeError, KeyError) as error:
        raise other_graph(weights) from error
    if widths != [(1, facts.n_dims) for facts in weights.entry.layers.values()]:
        raise other_graph(weights)
    return part


def _check_bf16(core: Any) -> None:
    if "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        raise MachineError("no_bf16", "This processor has no bf16 arithmetic.", "Use --precision f32.")
    if not _has_amx():
        log.warning("This processor computes bf16 without AMX: no faster than f32, and less exact.")


def _has_amx() -> bool:
    """Does the processor multiply bf16 matrices? Taken for granted where the system does not tell."""
    flags = machine.processor_flags()
    return flags is None or "amx_bf16" in flags
