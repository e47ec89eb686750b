"""What happens to sound after it is made: filters, room, echo, overdrive. All filters have zero phase."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from .signals import Signal

__all__ = ["chorus", "drive", "echo", "highpass", "lowpass", "resonances", "reverb", "swept_lowpass"]

FRAME_SAMPLES = 1024
HOP_SAMPLES = FRAME_SAMPLES // 4


def lowpass(signal: Signal, cutoff_hz: float, rate_hz: int, order: int = 2) -> Signal:
    """Keep what is below `cutoff_hz`, with the slope of a Butterworth filter."""
    return _shaped(signal, rate_hz, lambda f: 1 / np.sqrt(1 + (f / cutoff_hz) ** (2 * order)))


def highpass(signal: Signal, cutoff_hz: float, rate_hz: int, order: int = 2) -> Signal:
    """Keep what is above `cutoff_hz`, with the slope of a Butterworth filter."""
    return _shaped(signal, rate_hz, lambda f: 1 / np.sqrt(1 + (cutoff_hz / np.maximum(f, 1e-3)) ** (2 * order)))


def resonances(signal: Signal, peaks: Sequence[tuple[float, float, float]], rate_hz: int, floor: float = 0.05) -> Signal:
    """Give a body or a mouth: a gain of `floor` everywhere and a peak for each (centre_hz, width_hz, gain)."""

    def response(f: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.full_like(f, floor)
        for centre_hz, width_hz, gain in peaks:
            total += gain / (1 + ((f - centre_hz) / (width_hz / 2)) ** 2)
        return total

    return _shaped(signal, rate_hz, response)


def swept_lowpass(signal: Signal, cutoff_hz: Signal, rate_hz: int, resonance: float = 0.0) -> Signal:
    """Low-pass a mono signal with a cut-off that moves: 24 dB per octave, `resonance` is the gain added at the cut-off.

    Parameters
    ----------
    signal, cutoff_hz : Signal [shape=(n_samples,)]
    rate_hz : int
    resonance : float
    """
    n_hops = -(-len(signal) // HOP_SAMPLES) + 3
    padded = np.zeros((n_hops + 3) * HOP_SAMPLES, np.float32)
    padded[FRAME_SAMPLES - HOP_SAMPLES :][: len(signal)] = signal
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME_SAMPLES)[::HOP_SAMPLES]
    window = np.hanning(FRAME_SAMPLES + 1)[:-1].astype(np.float32) / 2
    centres = np.clip(np.arange(len(frames)) * HOP_SAMPLES - HOP_SAMPLES, 0, len(signal) - 1)
    octaves = (
        np.log2(np.maximum(np.fft.rfftfreq(FRAME_SAMPLES, 1 / rate_hz), 1)).astype(np.float32)
        - np.log2(cutoff_hz[centres])[:, None]
    )
    response = 1 / np.sqrt(1 + np.exp2(8 * np.minimum(octaves, 10)))
    if resonance:
        response += resonance * np.exp(-((octaves * 4) ** 2))
    quarters = np.fft.irfft(np.fft.rfft(frames * window) * response, FRAME_SAMPLES).reshape(len(frames), 4, HOP_SAMPLES)
    total = np.zeros((len(frames) + 3, HOP_SAMPLES), np.float32)
    for quarter in range(4):
        total[quarter : quarter + len(frames)] += quarters[:, quarter]
    return total.reshape(-1)[FRAME_SAMPLES - HOP_SAMPLES :][: len(signal)]


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
    dry = np.broadcast_to(signal, (2, signal.shape[-1]))
    n_fft = _fast_length(signal.shape[-1] + n_tail)
    wet = np.fft.irfft(np.fft.rfft(signal, n_fft) * np.fft.rfft(tail, n_fft), n_fft)[:, : signal.shape[-1]]
    return ((1 - amount) * dry + amount * wet).astype(np.float32)


def echo(signal: Signal, delay_s: float, feedback: float, rate_hz: int) -> Signal:
    """Repeat sound every `delay_s`, quieter by `feedback`, from alternating sides.

    Returns
    -------
    Signal [shape=(2, n_samples)]
    """
    out = np.array(np.broadcast_to(signal, (2, signal.shape[-1])))
    n_delay, gain = int(delay_s * rate_hz), feedback
    for turn in range(1, 6):
        shift = turn * n_delay
        if shift >= out.shape[-1]:
            break
        left = 0.8 if turn % 2 else 0.2
        out[:, shift:] += gain * np.array([[left], [1 - left]], np.float32) * np.atleast_2d(signal)[:, : out.shape[-1] - shift]
        gain *= feedback
    return out


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


def _shaped(signal: Signal, rate_hz: int, response: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Signal:
    n_samples = signal.shape[-1]
    # room for the filter to ring, so that the end does not sound into the beginning
    n_fft = _fast_length(n_samples + FRAME_SAMPLES)
    spectrum = np.fft.rfft(signal, n_fft) * response(np.fft.rfftfreq(n_fft, 1 / rate_hz).astype(np.float64)).astype(np.float32)
    return np.fft.irfft(spectrum, n_fft)[..., :n_samples].astype(np.float32)


def _fast_length(n: int) -> int:
    """Return the smallest 2^a or 3 * 2^a that is no less than n: lengths that transform fast."""
    power = 1 << (n - 1).bit_length()
    return power * 3 // 4 if power * 3 // 4 >= n else power
