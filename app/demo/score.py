"""Notes and where they go: scales, chords, melodies, and the canvas that sounds are added to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .signals import Signal

__all__ = ["MAJOR", "MINOR", "PENTATONIC", "Canvas", "Note", "Scale", "frequency_hz", "melody", "on_beats"]

MAJOR = (0, 2, 4, 5, 7, 9, 11)
MINOR = (0, 2, 3, 5, 7, 8, 10)
PENTATONIC = (0, 3, 5, 7, 10)

Instrument = Callable[[float, int], Signal]
"""(frequency_hz, n_samples) -> mono signal of about that length."""


def frequency_hz(pitch: float) -> float:
    """Frequency of a MIDI pitch; 69 is 440 Hz."""
    return float(440 * 2 ** ((pitch - 69) / 12))


@dataclass(frozen=True)
class Scale:
    """A key: MIDI pitch of its first degree, and the steps from there in semitones."""

    tonic: int
    steps: tuple[int, ...]

    def pitch(self, degree: int) -> int:
        """MIDI pitch of a degree, from 0; degrees beyond the scale are in other octaves."""
        octave, step = divmod(degree, len(self.steps))
        return self.tonic + 12 * octave + self.steps[step]

    def chord(self, root: int, size: int = 3) -> list[int]:
        """Pitches of the chord of thirds on a degree."""
        return [self.pitch(root + 2 * third) for third in range(size)]


@dataclass(frozen=True)
class Note:
    """One note of a line."""

    start_s: float
    duration_s: float
    pitch: float
    loudness: float = 1.0


def melody(
    scale: Scale, starts_s: Iterable[float], end_s: float, rng: np.random.Generator, around: int = 0, reach: int = 5
) -> list[Note]:
    """Walk through the scale, mostly by step, within `reach` degrees of degree `around`."""
    times_s = [*starts_s, end_s]
    degree, notes = around, []
    for start_s, next_s in pairwise(times_s):
        degree += int(rng.choice([-3, -2, -1, -1, 0, 1, 1, 2, 4]))
        if abs(degree - around) > reach:
            degree = around + int(rng.choice([-2, 0, 2]))
        notes.append(Note(start_s, next_s - start_s, scale.pitch(degree), float(rng.uniform(0.75, 1))))
    return notes


def on_beats(bars_s: NDArray[np.float64], beat_s: float, beats: ArrayLike) -> NDArray[np.float64]:
    """Times of the given beats, from 0, in every bar."""
    return (bars_s[:, None] + np.asarray(beats, np.float64) * beat_s).ravel()


@dataclass
class Canvas:
    """Stereo sound of a fixed length that everything is added to."""

    duration_s: float
    rate_hz: int
    sound: Signal = field(init=False)

    def __post_init__(self) -> None:
        self.n_samples = round(self.duration_s * self.rate_hz)
        self.sound = np.zeros((2, self.n_samples), np.float32)

    def add(self, signal: Signal, gain: float = 1.0, pan: float = 0.0) -> None:
        """Add a signal as long as the canvas; `pan` from -1 (left) to 1 (right)."""
        sides = np.sqrt(np.array([[1 - pan], [1 + pan]], np.float32))
        self.sound += np.float32(gain) * sides * signal

    def hits(self, signal: Signal, times_s: Iterable[float], loudness: float = 1.0) -> Signal:
        """Repeat one sound at the given times."""
        line = np.zeros(self.n_samples, np.float32)
        for time_s in times_s:
            _place(line, signal, round(time_s * self.rate_hz), loudness)
        return line

    def line(self, notes: Iterable[Note], instrument: Instrument, ring_s: float = 0.0) -> Signal:
        """Play notes; each rings `ring_s` longer than written. Equal notes are made once."""
        line = np.zeros(self.n_samples, np.float32)
        made: dict[tuple[float, int], Signal] = {}
        for note in notes:
            key = (note.pitch, round((note.duration_s + ring_s) * self.rate_hz))
            if key not in made:
                made[key] = instrument(frequency_hz(note.pitch), key[1])
            _place(line, made[key], round(note.start_s * self.rate_hz), note.loudness)
        return line

    def master(self, fade_s: float = 1.5, peak: float = 0.89) -> Signal:
        """Return the finished sound: as loud as `peak` allows with the tallest peaks rounded, and faded out."""
        sound: Signal = np.tanh(self.sound / np.float32(np.quantile(np.abs(self.sound[:, ::16]), 0.999)))
        fade = np.linspace(1, 0, round(fade_s * self.rate_hz), dtype=np.float32)
        sound[:, -len(fade) :] *= fade
        sound *= np.float32(peak / np.abs(sound).max())
        return sound


def _place(line: Signal, signal: Signal, start: int, loudness: float) -> None:
    if start < len(line):
        part = signal[: len(line) - start]
        line[start : start + len(part)] += np.float32(loudness) * part
