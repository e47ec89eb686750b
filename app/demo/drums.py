"""Drums, one hit each. Mono, float32."""

import numpy as np

from .effects import highpass, lowpass
from .signals import Signal, decay, noise, partials, sine

__all__ = ["clap", "cymbal", "hat", "kick", "snare", "tom"]


def kick(rate_hz: int, length_s: float = 0.4, punch: float = 1.0) -> Signal:
    """Bass drum: a sine that falls from `punch` octaves higher to 48 Hz."""
    n = int(length_s * rate_hz)
    fall = np.exp(-np.arange(n) / (0.02 * rate_hz))
    body = sine(48 * (1 + 5 * punch * fall), n, rate_hz) * decay(n, rate_hz, length_s / 4)
    body[: rate_hz // 500] *= np.linspace(0, 1, rate_hz // 500, dtype=np.float32)
    return body


def snare(rate_hz: int, rng: np.random.Generator, tone_hz: float = 190.0, length_s: float = 0.25) -> Signal:
    """Snare drum: a short skin under a rattle of noise."""
    n = int(length_s * rate_hz)
    rattle = highpass(noise(n, rng), 1200, rate_hz) * decay(n, rate_hz, length_s / 5)
    skin = (sine(tone_hz, n, rate_hz) + 0.5 * sine(tone_hz * 1.7, n, rate_hz)) * decay(n, rate_hz, 0.03)
    return 0.7 * rattle + 0.5 * skin


def clap(rate_hz: int, rng: np.random.Generator) -> Signal:
    """Hand clap: four bursts of noise, the last one rings."""
    n = int(0.3 * rate_hz)
    shape = np.zeros(n, np.float32)
    for burst in range(4):
        at = int(burst * 0.011 * rate_hz)
        shape[at:] = np.maximum(shape[at:], decay(n - at, rate_hz, 0.05 if burst == 3 else 0.003))
    return highpass(lowpass(noise(n, rng), 4000, rate_hz), 700, rate_hz) * shape * 1.5


def hat(rate_hz: int, rng: np.random.Generator, open_: bool = False) -> Signal:
    """Hi-hat, closed or open."""
    n = int((0.35 if open_ else 0.08) * rate_hz)
    return highpass(noise(n, rng), 7000, rate_hz, order=4) * decay(n, rate_hz, 0.08 if open_ else 0.015)


def cymbal(rate_hz: int, rng: np.random.Generator) -> Signal:
    """Crash cymbal: many inharmonic partials and noise."""
    n = int(1.8 * rate_hz)
    metal = partials(rng.uniform(2000, 11000, 60), rng.uniform(0.02, 0.05, 60), rng.uniform(0.1, 0.4, 60), n, rate_hz)
    return metal + 0.4 * highpass(noise(n, rng), 5000, rate_hz) * decay(n, rate_hz, 0.25)


def tom(rate_hz: int, tone_hz: float) -> Signal:
    """Tom-tom: a skin that falls a little."""
    n = int(0.5 * rate_hz)
    fall = 1 + 0.5 * np.exp(-np.arange(n) / (0.04 * rate_hz))
    return sine(tone_hz * fall, n, rate_hz) * decay(n, rate_hz, 0.1)
