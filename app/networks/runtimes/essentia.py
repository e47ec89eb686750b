"""Essentia: the independent reference, with its own decoding, log-mel and TensorFlow. Reads frozen graphs."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.errors import InvalidError, MachineError
from ...core.geometry import PatchGeometry
from ...core.spaces import Layer
from ..weights import Weights, other_graph
from .base import LayerOutputs

__all__ = ["EssentiaEngine"]

OPUS_MARKS = (b"OpusHead", b"A_OPUS")
SNIFFED_BYTES = 1 << 16
PATCHES_PER_RUN = 64


class EssentiaEngine:
    """Networks in essentia's TensorFlow, f32.

    Parameters
    ----------
    weights : Sequence[Weights]
        Frozen graphs.

    Raises
    ------
    MachineError
        The library is not installed.
    CorruptError
        A graph lacks a layer.
    """

    def __init__(self, weights: Sequence[Weights]) -> None:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        try:
            import essentia
            from essentia.standard import TensorflowPredict  # noqa: F401 - essentia also comes without TensorFlow
        except ImportError as error:
            raise MachineError(
                "no_essentia", "The library essentia-tensorflow is not installed.", "Run: pip install -r requirements/essentia.txt"
            ) from error
        essentia.log.infoActive = False
        self.front_ends: Mapping[str, str] = {each.entry.name: each.entry.front_end for each in weights}
        self._weights = {each.entry.name: each for each in weights}
        self._predictors = {each.entry.name: _open(each) for each in weights}

    def predict_file(self, path: Path, networks: Sequence[str]) -> LayerOutputs:
        """Run one audio file through several loaded networks; see `FileEngine.predict_file`."""
        sound: NDArray[np.float32] | None = None
        patches: dict[str, NDArray[np.float32]] = {}
        vectors: LayerOutputs = {}
        for network in networks:
            entry = self._weights[network].entry
            if sound is None:
                sound = _decode(path, entry.geometry.sample_rate_hz)
            if entry.front_end not in patches:
                patches[entry.front_end] = _patches(sound, entry.front_end, entry.geometry)
            if len(patches[entry.front_end]):
                vectors[network] = self._predict(self._weights[network], patches[entry.front_end])
        return vectors

    def _predict(self, weights: Weights, patches: NDArray[np.float32]) -> dict[Layer, NDArray[np.float32]]:
        from essentia import Pool

        parts: dict[str, list[NDArray[np.float32]]] = {name: [] for name in weights.output_names}
        for start in range(0, len(patches), PATCHES_PER_RUN):
            pool = Pool()
            pool.set(weights.input_name, patches[start : start + PATCHES_PER_RUN, np.newaxis])
            output = self._predictors[weights.entry.name](pool)
            for name, part in parts.items():
                part.append(output[name].reshape(-1, output[name].shape[-1]))
        return {layer: np.concatenate(part) for layer, part in zip(weights.entry.layers, parts.values(), strict=True)}


def _open(weights: Weights) -> Any:
    from essentia.standard import TensorflowPredict

    try:
        return TensorflowPredict(graphFilename=str(weights.path), inputs=[weights.input_name], outputs=list(weights.output_names))
    except RuntimeError as error:
        raise other_graph(weights) from error


def _decode(path: Path, sample_rate_hz: int) -> NDArray[np.float32]:
    from essentia.standard import MonoLoader

    try:
        with path.open("rb") as file:
            start = file.read(SNIFFED_BYTES)
    except OSError as error:
        raise MachineError(
            "unreadable_file", f"{path.name} cannot be read: {error.strerror}.", "Check its permissions and the disk."
        ) from error
    if any(mark in start for mark in OPUS_MARKS):  # essentia would abort the process
        raise InvalidError("unsupported_codec", f"{path.name} is Opus, which essentia does not decode.", "Use --runtime openvino.")
    try:
        sound: NDArray[np.float32] = MonoLoader(filename=str(path), sampleRate=sample_rate_hz)()
    except RuntimeError as error:
        raise InvalidError("not_audio", f"Essentia cannot decode {path.name}.") from error
    return sound


def _patches(sound: NDArray[np.float32], front_end: str, geometry: PatchGeometry) -> NDArray[np.float32]:
    """Patches [n_segments, frames_per_patch, n_bands] of a whole track."""
    from essentia.standard import FrameGenerator, TensorflowInputMusiCNN, TensorflowInputVGGish

    bands = {"musicnn": TensorflowInputMusiCNN, "vggish": TensorflowInputVGGish}[front_end]()
    frames = FrameGenerator(sound, frameSize=geometry.window_samples, hopSize=geometry.hop_samples)
    spectrogram = np.array([bands(frame) for frame in frames], np.float32)
    n_segments = len(spectrogram) // geometry.frames_per_patch
    used = spectrogram[: n_segments * geometry.frames_per_patch]
    return used.reshape(n_segments, geometry.frames_per_patch, geometry.n_bands)
