"""Rock and folk."""

import numpy as np

from ..drums import cymbal, hat, kick, snare, tom
from ..effects import drive, highpass, lowpass, resonances, reverb
from ..score import MAJOR, MINOR, PENTATONIC, Canvas, Note, Scale, melody, on_beats
from ..signals import Signal, envelope, noise, pluck, saw, vibrato

__all__ = ["folk", "rock"]

CABINET = [(110, 120, 0.8), (400, 500, 0.7), (2400, 2200, 1.2)]
GUITAR_BODY = [(105, 60, 0.9), (210, 120, 0.8), (450, 400, 0.6), (3000, 5000, 0.9)]
VOWELS = {
    "ah": [(730, 90, 1.0), (1090, 110, 0.6), (2440, 170, 0.25), (3400, 250, 0.12)],
    "oh": [(570, 80, 1.0), (840, 100, 0.55), (2410, 170, 0.12), (3300, 250, 0.08)],
    "eh": [(530, 70, 1.0), (1840, 130, 0.5), (2480, 170, 0.3), (3500, 250, 0.12)],
}
"""Formants of a singer (Peterson & Barney 1952): centre in Hz, width in Hz, gain."""


def rock(duration_s: float, rate_hz: int, rng: np.random.Generator) -> Signal:
    """Power chords on two overdriven guitars, bass, drums, and a lead guitar in half of the bars."""
    canvas = Canvas(duration_s, rate_hz)
    beat_s = 60 / float(rng.uniform(104, 156))
    bars_s = np.arange(0, duration_s, beat_s * 4)
    scale = Scale(int(rng.integers(40, 46)), MINOR)
    roots = np.resize([[0, 5, 2, 6], [0, 3, 4, 0], [0, 6, 5, 6], [0, 0, 3, 4]][int(rng.integers(4))], len(bars_s))
    strokes = np.arange(0, 4, 0.5)[rng.random(8) < 0.7]
    chords, bass = [], []
    for bar_s, root in zip(bars_s, roots, strict=True):
        pitch = scale.pitch(int(root)) - 12 * (int(root) > 4)
        for at, until in zip(strokes, [*strokes[1:], 4], strict=True):
            chords += [Note(bar_s + at * beat_s, (until - at) * beat_s, pitch + step) for step in (0, 7, 12)]
        bass += [Note(bar_s + at * beat_s / 2, beat_s / 2, pitch - 12) for at in range(8)]
    solo_from_s = float(rng.uniform(0.3, 0.6)) * duration_s
    solo_s = solo_from_s + np.cumsum(rng.choice([0.25, 0.5, 0.5, 1], int((duration_s - solo_from_s) / beat_s * 2))) * beat_s
    solo = melody(Scale(scale.tonic + 24, PENTATONIC), solo_s[solo_s < duration_s - 0.3], duration_s, rng, 3, 5)

    def string(frequency_hz: float, n: int) -> Signal:
        return pluck(frequency_hz, n, rate_hz, rng, 0.9) * envelope(n, rate_hz, 0.001, 0.02)

    def amplified(line: Signal, gain: float) -> Signal:
        return highpass(resonances(drive(line, gain), CABINET, rate_hz), 90, rate_hz)

    kicks = (0, 2, 2.5) if rng.random() < 0.5 else (0, 1.5, 2)
    canvas.add(amplified(canvas.line(chords, string), 9), 0.5, -0.7)
    canvas.add(amplified(canvas.line(chords, string), 7), 0.5, 0.7)
    canvas.add(lowpass(drive(canvas.line(bass, string), 2), 700, rate_hz), 0.7)
    canvas.add(reverb(amplified(canvas.line(solo, string, 0.1), 14), 1.2, 0.25, rate_hz, rng), 0.35)
    canvas.add(canvas.hits(kick(rate_hz, 0.22, 0.5), on_beats(bars_s, beat_s, kicks)), 1.0)
    canvas.add(reverb(canvas.hits(snare(rate_hz, rng, 180, 0.3), on_beats(bars_s, beat_s, (1, 3))), 0.6, 0.25, rate_hz, rng), 0.9)
    canvas.add(canvas.hits(hat(rate_hz, rng), on_beats(bars_s, beat_s, np.arange(0, 4, 0.5))), 0.5, 0.25)
    canvas.add(canvas.hits(cymbal(rate_hz, rng), bars_s[::4]), 0.5, -0.3)
    canvas.add(canvas.hits(tom(rate_hz, 110), bars_s[3::4] + 3.5 * beat_s), 0.8, 0.3)
    return canvas.master()


def folk(duration_s: float, rate_hz: int, rng: np.random.Generator) -> Signal:
    """A finger-picked steel-string guitar, and in most clips a voice that sings without words."""
    canvas = Canvas(duration_s, rate_hz)
    beat_s = 60 / float(rng.uniform(84, 116))
    scale = Scale(int(rng.integers(43, 51)), MAJOR if rng.random() < 0.7 else MINOR)
    roots = [[0, 4, 5, 3], [0, 3, 0, 4], [0, 5, 3, 4], [0, 2, 3, 4]][int(rng.integers(4))]
    n_bars = int(duration_s / beat_s / 4) + 1
    fingers = [[0, 3, 2, 4, 1, 3, 2, 4], [0, 2, 3, 4, 3, 2, 1, 2], [0, 4, 2, 3, 1, 4, 2, 3]][int(rng.integers(3))]
    picked = []
    for bar in range(n_bars):
        low, third, fifth = scale.chord(roots[bar % 4] - 7 * (roots[bar % 4] > 3))
        strings = [low, fifth, low + 12, third + 12, fifth + 12]
        for eighth, finger in enumerate(fingers):
            late_s = float(rng.normal(0, 0.006))
            start_s = max((bar * 4 + eighth / 2) * beat_s + late_s, 0)
            picked.append(Note(start_s, beat_s, strings[finger], float(rng.uniform(0.6, 1)) * (1.2 if finger < 2 else 1)))

    def steel(frequency_hz: float, n: int) -> Signal:
        return pluck(frequency_hz, n, rate_hz, rng, 0.75) * envelope(n, rate_hz, 0.001, 0.15)

    def voice(frequency_hz: float, n: int) -> Signal:
        breath = 0.08 * noise(n, rng)
        return (saw(vibrato(frequency_hz, n, rate_hz, 5.3, 0.012), n, rate_hz) + breath) * envelope(n, rate_hz, 0.09, 0.12, 0.85)

    guitar = resonances(canvas.line(picked, steel, ring_s=1.2), GUITAR_BODY, rate_hz, floor=0.15)
    canvas.add(reverb(guitar, 1.2, 0.2, rate_hz, rng), 0.6, -0.15)
    if rng.random() < 0.7:
        phrase = np.array([0, 1, 1.5, 2, 4, 5, 5.5, 6])
        starts_s = (np.arange(1, n_bars, 2)[:, None] * 4 + phrase).ravel() * beat_s
        tune = melody(
            Scale(scale.tonic + int(rng.choice([12, 19])), scale.steps), starts_s[starts_s < duration_s - 1], duration_s, rng, 2, 4
        )
        vowel = VOWELS[str(rng.choice(list(VOWELS)))]
        sung = highpass(resonances(canvas.line(tune, voice), vowel, rate_hz, floor=0.01), 120, rate_hz)
        canvas.add(reverb(sung, 1.6, 0.25, rate_hz, rng), 0.9, 0.1)
    return canvas.master()
