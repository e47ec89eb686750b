"""Sources of sound: oscillators, envelopes, struck and plucked strings. Mono, float32, about -1 to 1."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Pitch", "Signal", "decay", "envelope", "noise", "partials", "pluck", "pulse", "saw", "sine", "triangle", "vibrato"]

Signal: TypeAlias = NDArray[np.float32]
"""Mono [shape=(n_samples,)] or stereo [shape=(2, n_samples)]."""
Pitch: TypeAlias = float | NDArray[np.float64]
"""A frequency in Hz, for all samples or for each."""

BLOCK_SAMPLES = 256


def sine(frequency_hz: Pitch, n_samples: int, rate_hz: int, start: float = 0.0) -> Signal:
    """Draw a sine; `start` is its phase in cycles."""
    phase, _ = _phase(frequency_hz, n_samples, rate_hz, start)
    return _single(np.sin(2 * np.pi * phase))


def saw(frequency_hz: Pitch, n_samples: int, rate_hz: int, start: float = 0.0) -> Signal:
    """Draw a saw whose corners are rounded (PolyBLEP: Välimäki & Huovilainen 2007), so that it hardly aliases."""
    phase, step = _phase(frequency_hz, n_samples, rate_hz, start)
    after = np.minimum(phase / step, 1) - 1
    before = np.maximum((phase - 1) / step, -1) + 1
    return _single(2 * phase - 1 + after**2 - before**2)


def pulse(frequency_hz: Pitch, n_samples: int, rate_hz: int, width: float = 0.5) -> Signal:
    """Draw a pulse with hard edges, as a game console's sound chip does."""
    phase, _ = _phase(frequency_hz, n_samples, rate_hz, 0.0)
    return _single(np.where(phase < width, 1.0, -1.0))


def triangle(frequency_hz: Pitch, n_samples: int, rate_hz: int, levels: int = 16) -> Signal:
    """Draw a triangle in `levels` steps, as a game console's sound chip does."""
    phase, _ = _phase(frequency_hz, n_samples, rate_hz, 0.0)
    return (np.round((1 - 2 * np.abs(2 * phase - 1)) * levels / 2) / (levels / 2)).astype(np.float32)


def noise(n_samples: int, rng: np.random.Generator) -> Signal:
    """White noise, uniform in [-1, 1)."""
    return rng.random(n_samples, dtype=np.float32) * 2 - 1


def envelope(n_samples: int, rate_hz: int, attack_s: float, release_s: float, sustain: float = 1.0) -> Signal:
    """Rise in `attack_s`, sink to `sustain` until the release begins, end at zero."""
    end_s = n_samples / rate_hz
    release_s = min(release_s, end_s / 2)
    attack_s = min(attack_s, end_s - release_s)
    points_s = [0.0, attack_s, end_s - release_s, end_s]
    return _single(np.interp(np.arange(n_samples) / rate_hz, points_s, [0.0, 1.0, sustain, 0.0]))


def decay(n_samples: int, rate_hz: int, half_life_s: float) -> Signal:
    """Halve every `half_life_s`."""
    return _single(np.exp2(np.arange(n_samples, dtype=np.float32) / np.float32(-half_life_s * rate_hz)))


def vibrato(
    frequency_hz: float, n_samples: int, rate_hz: int, speed_hz: float, depth: float, onset_s: float = 0.4
) -> NDArray[np.float64]:
    """Frequency of each sample around `frequency_hz`, by up to `depth` (a fraction), growing over `onset_s`."""
    time_s = np.arange(n_samples) / rate_hz
    return frequency_hz * (1 + depth * np.minimum(time_s / onset_s, 1) * np.sin(2 * np.pi * speed_hz * time_s))


def partials(
    frequencies_hz: NDArray[np.float64],
    amplitudes: NDArray[np.float64],
    half_lives_s: NDArray[np.float64],
    n_samples: int,
    rate_hz: int,
) -> Signal:
    """Sum damped sines.

    A damped sine is a power of a complex number, and z^(a + b) = z^a z^b. So the powers at the start of every block times
    the powers within one block are all samples: one matrix product, far cheaper than a sine or a filter's step per sample.

    Parameters
    ----------
    frequencies_hz, amplitudes, half_lives_s : np.ndarray [shape=(n_partials,)]
    n_samples, rate_hz : int

    Returns
    -------
    Signal [shape=(n_samples,)]
    """
    exponent = (2j * np.pi * frequencies_hz - np.log(2) / half_lives_s) / rate_hz
    starts = np.arange(-(-n_samples // BLOCK_SAMPLES)) * BLOCK_SAMPLES
    within = np.arange(BLOCK_SAMPLES)
    left = np.exp(np.outer(starts, exponent)) * amplitudes
    right = np.exp(np.outer(exponent, within))
    product = left.imag @ right.real + left.real @ right.imag
    return _single(product.reshape(-1)[:n_samples])


def pluck(frequency_hz: float, n_samples: int, rate_hz: int, rng: np.random.Generator, brightness: float = 0.5) -> Signal:
    """Pluck a string (Karplus & Strong 1983).

    Every period is the one before, averaged with itself one sample later. In the spectrum of one period that is a factor
    per harmonic, so that all periods come from one inverse transform, several times faster than from `scipy.signal.lfilter`.
    """
    # The average takes half a sample more than the period: the string is made a little short, and read at the speed that tunes it.
    period = max(int(rate_hz / frequency_hz - 0.5), 8)
    speed = frequency_hz * (period + 0.5) / rate_hz
    n_periods = int(n_samples * speed / period) + 2
    burst = np.fft.rfft(rng.uniform(-1, 1, period))
    harmonic = np.arange(len(burst))
    burst[0] = 0
    burst *= np.exp(-harmonic * (1 - brightness) * frequency_hz / 1500)
    turn = (1 + np.exp(-2j * np.pi * harmonic / period)) / 2
    loop = np.log(np.maximum(np.abs(turn), 1e-12)) + 1j * np.angle(turn)
    periods = np.fft.irfft(burst * np.exp(np.outer(np.arange(n_periods), loop - 0.4 / frequency_hz)), period)
    samples = np.interp(np.arange(n_samples) * speed, np.arange(periods.size), periods.reshape(-1))
    return _single(samples / max(float(np.abs(samples).max()), 1e-9))


def _phase(frequency_hz: Pitch, n_samples: int, rate_hz: int, start: float) -> tuple[NDArray[np.float64], Pitch]:
    step: Pitch = frequency_hz / rate_hz
    turns = np.cumsum(step) if isinstance(step, np.ndarray) else np.arange(n_samples, dtype=np.float64) * step
    turns += start
    return turns - np.floor(turns), step


def _single(values: NDArray[Any]) -> Signal:
    return values.astype(np.float32, copy=False)
