"""What happens to sound after it is made: filters, room, echo, overdrive."""

from collections.abc import Sequence

import numpy as np
from scipy.signal import butter, firwin2, istft, oaconvolve, sosfilt, stft

from .signals import Signal

__all__ = ["chorus", "drive", "echo", "highpass", "lowpass", "resonances", "reverb", "swept_lowpass"]

N_TAPS = 4097
FRAME_SAMPLES = 1024
N_ECHOES = 5


def lowpass(signal: Signal, cutoff_hz: float, rate_hz: int, order: int = 2) -> Signal:
    """Keep what is below `cutoff_hz` (Butterworth)."""
    return _butterworth(signal, cutoff_hz, rate_hz, order, "lowpass")


def highpass(signal: Signal, cutoff_hz: float, rate_hz: int, order: int = 2) -> Signal:
    """Keep what is above `cutoff_hz` (Butterworth)."""
    return _butterworth(signal, cutoff_hz, rate_hz, order, "highpass")


def resonances(signal: Signal, peaks: Sequence[tuple[float, float, float]], rate_hz: int, floor: float = 0.05) -> Signal:
    """Shape a mono signal as a body or a mouth does: a gain of `floor` everywhere, a peak for each (centre_hz, width_hz, gain)."""
    # Symmetric taps leave the phase alone: recursive filters side by side would turn it, and cancel each other between two peaks.
    f = np.linspace(0, rate_hz / 2, N_TAPS // 2 + 1)
    response = floor + sum(gain / (1 + ((f - centre_hz) / (width_hz / 2)) ** 2) for centre_hz, width_hz, gain in peaks)
    filtered: Signal = oaconvolve(signal, firwin2(N_TAPS, f, response, fs=rate_hz).astype(np.float32), mode="same")
    return filtered


def swept_lowpass(signal: Signal, cutoff_hz: Signal, rate_hz: int, resonance: float = 0.0) -> Signal:
    """Low-pass a mono signal with a cut-off that moves: 24 dB per octave, `resonance` is the gain added at the cut-off.

    Parameters
    ----------
    signal, cutoff_hz : Signal [shape=(n_samples,)]
    rate_hz : int
    resonance : float
    """
    # A recursive filter would need other coefficients for every sample; frame by frame, a spectrum takes any response.
    frequency_hz, time_s, frames = stft(signal, rate_hz, nperseg=FRAME_SAMPLES)
    at = np.minimum(time_s * rate_hz, len(signal) - 1).astype(int)
    octaves = np.log2(np.maximum(frequency_hz, 1))[:, None].astype(np.float32) - np.log2(cutoff_hz[at])
    response = 1 / np.sqrt(1 + np.exp2(8 * np.minimum(octaves, 10))) + resonance * np.exp(-((octaves * 4) ** 2))
    swept: Signal = istft(frames * response, rate_hz, nperseg=FRAME_SAMPLES)[1][: len(signal)]
    return swept


def reverb(signal: Signal, seconds: float, amount: float, rate_hz: int, rng: np.random.Generator) -> Signal:
    """Put sound into a room: stereo, with a tail that falls by 60 dB in `seconds` and darkens on the way.

    Returns
    -------
    Signal [shape=(2, n_samples)]
    """
    n_tail = int(seconds * rate_hz)
    fall = np.exp(-6.9 * np.arange(n_tail) / n_tail)
    tail = lowpass((rng.standard_normal((2, n_tail)) * fall).astype(np.float32), 5000, rate_hz, order=1)
    tail /= np.sqrt((tail**2).sum(axis=1, keepdims=True))
    dry = np.atleast_2d(signal)
    wet = oaconvolve(dry, tail, axes=-1)[:, : dry.shape[-1]]
    mixed: Signal = ((1 - amount) * dry + amount * wet).astype(np.float32)
    return mixed


def echo(signal: Signal, delay_s: float, feedback: float, rate_hz: int) -> Signal:
    """Repeat sound every `delay_s`, quieter by `feedback`, from alternating sides.

    Returns
    -------
    Signal [shape=(2, n_samples)]
    """
    n_delay = int(delay_s * rate_hz)
    taps = np.zeros((2, N_ECHOES * n_delay + 1), np.float32)
    taps[:, 0] = 1
    for turn in range(1, N_ECHOES + 1):
        taps[:, turn * n_delay] = feedback**turn * np.array([0.8, 0.2] if turn % 2 else [0.2, 0.8])
    echoed: Signal = oaconvolve(np.atleast_2d(signal), taps, axes=-1)[:, : signal.shape[-1]]
    return echoed


def chorus(signal: Signal, rate_hz: int, depth_s: float = 0.003, speed_hz: float = 0.5) -> Signal:
    """Widen a mono signal: each side hears it through a slowly moving delay.

    Returns
    -------
    Signal [shape=(2, n_samples)]
    """
    position = np.arange(len(signal), dtype=np.float64)
    swing = np.sin(2 * np.pi * speed_hz * position / rate_hz)
    sides = [np.interp(position - depth_s * rate_hz * (2 + side * swing), position, signal) for side in (-1, 1)]
    widened: Signal = (0.5 * signal + 0.5 * np.array(sides)).astype(np.float32)
    return widened


def drive(signal: Signal, gain: float) -> Signal:
    """Overdrive: amplify, and round off what is too loud."""
    driven: Signal = np.tanh(np.float32(gain) * signal)
    return driven


def _butterworth(signal: Signal, cutoff_hz: float, rate_hz: int, order: int, kind: str) -> Signal:
    # In sections of second order: with one polynomial, a steep filter of low cut-off drowns in rounding.
    filtered: Signal = sosfilt(butter(order, cutoff_hz, kind, fs=rate_hz, output="sos"), signal).astype(np.float32)
    return filtered
