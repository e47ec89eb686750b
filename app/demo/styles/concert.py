"""String ensemble and piano solo."""

import numpy as np

from ..effects import lowpass, resonances, reverb
from ..score import MAJOR, MINOR, Canvas, Note, Scale, melody
from ..signals import Signal, envelope, noise, partials, saw, vibrato

__all__ = ["piano", "strings"]

VIOLIN_BODY = [(280, 100, 0.8), (460, 150, 0.7), (700, 300, 0.5), (1200, 500, 0.5), (2600, 1500, 0.6)]
PROGRESSIONS = [[0, 3, 4, 0], [0, 5, 3, 4], [0, 4, 5, 2, 3, 0, 3, 4], [0, 5, 1, 4]]


def strings(duration_s: float, rate_hz: int, rng: np.random.Generator) -> Signal:
    """Cellos hold the root, violas the chord, violins sing above; slow, in a hall."""
    canvas = Canvas(duration_s, rate_hz)
    bar_s = float(rng.uniform(2.2, 3.6))
    scale = Scale(int(rng.integers(48, 58)), MINOR if rng.random() < 0.6 else MAJOR)
    n_bars = int(duration_s / bar_s) + 1
    roots = np.resize(PROGRESSIONS[int(rng.integers(4))], n_bars)
    cellos, violas = [], []
    for bar, root in enumerate(roots):
        chord = scale.chord(int(root) - 7 * (int(root) > 3))
        cellos.append(Note(bar * bar_s, bar_s, chord[0] - 12))
        violas += [Note(bar * bar_s, bar_s, pitch, 0.6) for pitch in (*chord[1:], chord[0] + 12)]
    rhythm = np.array([0, 0.5, 0.75] if rng.random() < 0.5 else [0, 0.25, 0.5, 0.75])
    starts_s = (np.arange(n_bars)[:, None] + rhythm).ravel() * bar_s
    violins = melody(Scale(scale.tonic + 12, scale.steps), starts_s[starts_s < duration_s], duration_s, rng, 4, 5)

    def section(frequency_hz: float, n: int) -> Signal:
        players = [(-0.003, 5.1), (0.0, 5.7), (0.0035, 6.2)]
        tone = sum(
            (
                saw(vibrato(frequency_hz * (1 + off), n, rate_hz, speed_hz, 0.006), n, rate_hz, rng.random())
                for off, speed_hz in players
            ),
            np.float32(0),
        )
        return (tone + 0.15 * noise(n, rng)) * envelope(n, rate_hz, 0.14, 0.25, 0.85)

    for notes, gain, pan in ((cellos, 0.6, 0.4), (violas, 0.4, 0.1), (violins, 0.6, -0.4)):
        bowed = lowpass(resonances(canvas.line(notes, section, ring_s=0.2), VIOLIN_BODY, rate_hz, 0.2), 5500, rate_hz)
        canvas.add(reverb(bowed, 2.4, 0.35, rate_hz, rng), gain, pan)
    return canvas.master(fade_s=2.0)


def piano(duration_s: float, rate_hz: int, rng: np.random.Generator) -> Signal:
    """Broken chords in the left hand, a tune in the right, a little freedom in time."""
    canvas = Canvas(duration_s, rate_hz)
    beat_s = 60 / float(rng.uniform(66, 112))
    scale = Scale(int(rng.integers(45, 55)), MAJOR if rng.random() < 0.6 else MINOR)
    n_bars = int(duration_s / beat_s / 4) + 1
    roots = np.resize(PROGRESSIONS[int(rng.integers(4))], n_bars)
    left = []
    for bar, root in enumerate(roots):
        low, third, fifth = scale.chord(int(root) - 7 * (int(root) > 3))
        for eighth, pitch in enumerate((low - 12, fifth - 12, low, third, fifth, third, low, fifth - 12)):
            start_s = max((bar * 4 + eighth / 2) * beat_s + float(rng.normal(0, 0.008)), 0)
            left.append(Note(start_s, beat_s, pitch, float(rng.uniform(0.35, 0.6))))
    rhythm = np.array([0, 1, 2, 3, 3.5, 1.5, 2.5])[: int(rng.integers(3, 8))]
    starts_s = (np.arange(n_bars)[:, None] * 4 + np.sort(rhythm)).ravel() * beat_s
    right = melody(Scale(scale.tonic + 12, scale.steps), starts_s[starts_s < duration_s], duration_s, rng, 4, 6)

    def hammered(frequency_hz: float, n: int) -> Signal:
        harmonic = np.arange(1, 1 + min(28, int(0.45 * rate_hz / frequency_hz)))
        stiff = frequency_hz * harmonic * np.sqrt(1 + 0.0004 * harmonic**2)
        strength = np.abs(np.sin(np.pi * harmonic / 8.3)) * harmonic**-1.1 * np.exp(-harmonic * frequency_hz / 6000)
        ring_s = 2.2 * (220 / frequency_hz) ** 0.5 / (1 + 0.25 * harmonic)
        twice = np.concatenate([stiff, stiff * 1.0006])
        tone = partials(twice, np.tile(strength, 2), np.tile(ring_s, 2), n, rate_hz)
        return tone * envelope(n, rate_hz, 0.002, 0.15)

    played = canvas.line([*left, *right], hammered, ring_s=1.0)
    canvas.add(reverb(played, 1.8, 0.22, rate_hz, rng), 1.0)
    return canvas.master(fade_s=2.0)
