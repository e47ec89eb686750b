"""Chooses and loads a runtime."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ...core.errors import InvalidError, NotReadyError
from ...disk import machine
from .. import catalogue, weights
from ..weights import Format, Weights
from .base import Engine, FileEngine

__all__ = ["READS", "find", "load"]

READS: Mapping[str, tuple[Format, ...]] = {"openvino": ("onnx", "pb"), "onnxruntime": ("onnx",), "essentia": ("pb",)}
"""What each runtime reads; of two files the earlier format is taken."""


def load(models_dir: Path, networks: Sequence[str], runtime: str, precision: str, threads: int) -> Engine | FileEngine:
    """Load networks into a runtime.

    Parameters
    ----------
    networks : Sequence[str]
        Names from the catalogue.
    runtime : str
        `openvino`, `onnxruntime` or `essentia`; only the last takes files, the others take patches.
    precision : str
        `f32`, or with openvino `bf16`.
    threads : int
        Threads that compute; 0: one per processor this process may use. The essentia runtime decides for itself.

    Raises
    ------
    InvalidError
        A network or the runtime is unknown, or the runtime does not compute in this precision.
    NotReadyError
        Weights are missing, or are not in a format that the runtime reads.
    CorruptError
        Weights are damaged.
    MachineError
        The runtime's library is not installed, or the processor lacks the precision.
    """
    found = [find(models_dir, name, runtime) for name in networks]
    if precision != "f32" and runtime != "openvino":
        raise InvalidError("invalid_precision", f"{runtime} computes in f32, not in {precision}.", "Use --runtime openvino.")
    threads = threads or machine.n_processors()
    if runtime == "openvino":
        from .openvino import OpenVinoEngine

        return OpenVinoEngine(found, precision, threads)
    if runtime == "onnxruntime":
        from .onnxruntime import OnnxRuntimeEngine

        return OnnxRuntimeEngine(found, threads)
    from .essentia import EssentiaEngine

    return EssentiaEngine(found)


def find(models_dir: Path, network: str, runtime: str) -> Weights:
    """The weights that a runtime would load for a network, verified; errors as those of `load`."""
    if runtime not in READS:
        raise InvalidError("unknown_runtime", f"Unknown runtime {runtime!r}.", f"Use one of: {', '.join(READS)}.")
    try:
        return weights.find(models_dir, network, READS[runtime])
    except NotReadyError:
        if network not in weights.available(models_dir):
            raise
        present = weights.find(models_dir, network)
        raise NotReadyError(
            "unreadable_format",
            f"{runtime} does not read {models_dir.name}/{present.path.name}.",
            _other_format(runtime, network),
        ) from None


def _other_format(runtime: str, network: str) -> str:
    if runtime == "essentia":
        return f"Put a frozen TensorFlow graph {network}.pb there, or use --runtime openvino."
    install = f"Run: flask install-networks {network}, or use" if catalogue.by_name(network).checkpoint else "Use"
    return f"{install} --runtime openvino."
