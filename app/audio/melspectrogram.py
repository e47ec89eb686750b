"""The log-mel front ends of the networks: 16 kHz sound to patches, identical to those of essentia to float32 precision."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from ..core.geometry import PatchGeometry
from ..core.units import Samples
from .resample import TARGET_HZ

__all__ = ["FRONT_ENDS", "MUSICNN", "VGGISH", "FrontEnd", "Patches"]

FFT_SAMPLES = 512
N_BINS = FFT_SAMPLES // 2 + 1

MUSICNN = PatchGeometry(TARGET_HZ, Samples(512), Samples(256), n_bands=96, frames_per_patch=187, patch_hop_frames=187)
VGGISH = PatchGeometry(TARGET_HZ, Samples(400), Samples(160), n_bands=64, frames_per_patch=96, patch_hop_frames=96)

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class FrontEnd:
    """One way from sound to patches.

    log_mel : spectrum, complex64 [257, n_frames] -> float32 [n_bands, n_frames]
    """

    name: str
    geometry: PatchGeometry
    log_mel: Callable[[NDArray[np.complex64]], Floats]


class Patches:
    """Cuts one stream of 16 kHz sound into patches.

    The result depends neither on how the stream is cut into chunks nor on which BLAS there is and how many threads it has.
    """

    def __init__(self, front_end: FrontEnd) -> None:
        self.front_end = front_end
        geometry = front_end.geometry
        # Symmetric, as the networks were trained; a periodic window moves tags by 1e-2.
        self._window = np.hanning(geometry.window_samples).astype(np.float32)
        self._step = geometry.patch_hop_frames * geometry.hop_samples
        self._span = (geometry.frames_per_patch - 1) * geometry.hop_samples + geometry.window_samples
        # The first frame is centred on the first sample: half of its window lies in the silence before.
        self._waiting = np.zeros(geometry.window_samples // 2, np.float32)
        self._n_samples = self._n_patches = 0

    def push(self, samples: Floats) -> Floats:
        """Take float32 [n] samples at 16 kHz; give the patches [k, frames_per_patch, n_bands] that they complete."""
        self._n_samples += len(samples)
        self._waiting = np.concatenate([self._waiting, samples])
        return self._take(max(0, (len(self._waiting) - self._span) // self._step + 1))

    def finish(self) -> Floats:
        """The patches that end in the silence after the last sample."""
        n_left = self.front_end.geometry.n_segments(self._n_samples) - self._n_patches
        n_needed = (n_left - 1) * self._step + self._span
        self._waiting = np.pad(self._waiting, (0, max(0, n_needed - len(self._waiting))))
        return self._take(n_left)

    def _take(self, n_patches: int) -> Floats:
        from scipy.fft import rfft

        geometry = self.front_end.geometry
        # Frames are columns: every step below then runs along neighbouring floats, one band or bin at a time.
        shape = (geometry.window_samples, geometry.frames_per_patch)
        window = self._window[:, None]
        # One patch at a time: its spectrum stays in the processor's cache, however long the chunk.
        patches = np.empty((n_patches, geometry.frames_per_patch, geometry.n_bands), np.float32)
        for index, patch in enumerate(patches):
            frames = as_strided(self._waiting[index * self._step :], shape, (4, 4 * geometry.hop_samples))
            patch[:] = self.front_end.log_mel(rfft(frames * window, FFT_SAMPLES, axis=0, overwrite_x=True)).T
        if n_patches:
            self._waiting = self._waiting[n_patches * self._step :]
            self._n_patches += n_patches
        return patches


def _musicnn(spectrum: NDArray[np.complex64]) -> Floats:
    """log10(1 + 10000 x) of 96 Slaney bands of the power spectrum."""
    bands = _bands(_musicnn_filters, spectrum.real**2 + spectrum.imag**2)
    bands += 1
    np.log(bands, out=bands)  # vectorised on every processor, where log10 needs AVX-512
    bands *= np.float32(1 / np.log(10))
    return bands


def _vggish(spectrum: NDArray[np.complex64]) -> Floats:
    """ln(x + 0.01) of 64 HTK bands of the magnitude spectrum."""
    bands = _bands(_vggish_filters, np.abs(spectrum))
    bands += np.float32(0.01)
    np.log(bands, out=bands)
    return bands


def _bands(filters: Callable[[], Floats], spectrum: Floats) -> Floats:
    """[n_bands, n_frames] of a real spectrum [257, n_frames]."""
    bands: Floats = _sparse(filters) @ spectrum
    return bands


@lru_cache(maxsize=2)
def _sparse(filters: Callable[[], Floats]) -> Any:
    """Filters as a sparse matrix [n_bands, 257].

    A bin counts in two bands at most: nearly all products of a dense matrix would be with zeros. And SciPy sums in one thread and
    one order, where BLAS changes the last bits with the number of its threads.
    """
    from scipy.sparse import csr_array

    return csr_array(filters().T)


@lru_cache(maxsize=1)
def _musicnn_filters() -> Floats:
    """[257, 96] triangles over 0 to 8000 Hz, linear in Hz, of unit area, times 10000.

    Source: Slaney, Auditory Toolbox, 1998: linear below 1 kHz, 27 bands per factor 6.4 above.
    """
    # The scale reaches 15 at 1 kHz, in steps of 200/3 Hz, and grows by equal ratios from there.
    top = 15 + 27 * np.log(8000 / 1000) / np.log(6.4)
    mels = np.linspace(0, top, 98)
    edges_hz = np.where(mels < 15, mels * 200 / 3, 1000 * 6.4 ** ((mels - 15) / 27))
    triangles = _triangles(edges_hz, np.arange(N_BINS) * TARGET_HZ / FFT_SAMPLES)
    areas = (edges_hz[2:] - edges_hz[:-2]) / 2
    return np.ascontiguousarray(1e4 * triangles / areas, dtype=np.float32)


@lru_cache(maxsize=1)
def _vggish_filters() -> Floats:
    """[257, 64] triangles over 125 to 7500 Hz, linear in mel, of unit height; the constant bin counts nowhere.

    Source: the mel scale of HTK as in AudioSet's VGGish, 1127 ln(1 + f / 700).
    """

    def mel(frequency_hz: NDArray[np.float64]) -> NDArray[np.float64]:
        return 1127.01048 * np.log(1 + frequency_hz / 700)

    low, high = mel(np.array([125.0, 7500.0]))
    triangles = _triangles(np.linspace(low, high, 66), mel(np.arange(N_BINS) * TARGET_HZ / FFT_SAMPLES))
    return np.ascontiguousarray(triangles, dtype=np.float32)


def _triangles(edges: NDArray[np.float64], bins: NDArray[np.float64]) -> NDArray[np.float64]:
    """[n_bins, n_edges - 2]: band i rises from edge i to edge i + 1 and falls to edge i + 2."""
    rising = (bins[:, None] - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - bins[:, None]) / np.diff(edges)[1:]
    return np.maximum(0, np.minimum(rising, falling))


FRONT_ENDS: Mapping[str, FrontEnd] = MappingProxyType(
    {
        "musicnn": FrontEnd("musicnn", MUSICNN, _musicnn),
        "vggish": FrontEnd("vggish", VGGISH, _vggish),
    }
)
