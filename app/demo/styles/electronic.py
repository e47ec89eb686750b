"""Ambient, techno, drum and bass, chiptune."""

import numpy as np

from ..drums import clap, cymbal, hat, kick, snare
from ..effects import chorus, drive, echo, highpass, lowpass, reverb, swept_lowpass
from ..score import MAJOR, MINOR, PENTATONIC, Canvas, Note, Scale, melody, on_beats
from ..signals import Signal, decay, envelope, noise, partials, pulse, saw, sine, triangle

__all__ = ["ambient", "chiptune", "drum_and_bass", "techno"]


def ambient(duration_s: float, rate_hz: int, rng: np.random.Generator) -> Signal:
    """Slow chords behind a moving filter, sparse bells, a long room."""
    canvas = Canvas(duration_s, rate_hz)
    scale = Scale(int(rng.integers(41, 53)), MINOR if rng.random() < 0.5 else MAJOR)
    chord_s = float(rng.uniform(5, 7.5))
    roots = rng.permutation([0, 3, 5, 2, 4, -2])
    starts_s = np.arange(0, duration_s, chord_s)
    chords = [
        Note(start_s, chord_s, pitch, 0.5)
        for start_s, root in zip(starts_s, np.resize(roots, len(starts_s)), strict=True)
        for pitch in scale.chord(int(root), 5)
    ]

    def pad(frequency_hz: float, n: int) -> Signal:
        voices = sum((saw(frequency_hz * detune, n, rate_hz, rng.random()) for detune in (0.996, 1.0, 1.005)), np.float32(0))
        return voices * envelope(n, rate_hz, 2.0, 3.0, 0.8)

    def bell(frequency_hz: float, n: int) -> Signal:
        ratios = np.array([1, 2.76, 5.4, 8.93])
        ring = partials(frequency_hz * ratios, np.array([1, 0.4, 0.2, 0.1]), 1.6 / ratios, n, rate_hz)
        return ring * envelope(n, rate_hz, 0.005, 0.5)

    sweep = np.interp(np.arange(canvas.n_samples) / rate_hz, np.linspace(0, duration_s, 6), rng.uniform(250, 1600, 6)).astype(
        np.float32
    )
    pads = swept_lowpass(canvas.line(chords, pad, ring_s=3.0), sweep, rate_hz, 0.4)
    wind = swept_lowpass(noise(canvas.n_samples, rng), sweep * 1.3, rate_hz, 2.0)
    high = Scale(scale.tonic + 24, scale.steps)
    bells = melody(high, np.cumsum(rng.uniform(1.2, 3.5, int(duration_s / 2.5))), duration_s, rng)
    drone = sine(440 * 2 ** ((scale.tonic - 81) / 12), canvas.n_samples, rate_hz)
    canvas.add(reverb(chorus(pads, rate_hz), 4.0, 0.55, rate_hz, rng), 0.35)
    canvas.add(reverb(canvas.line(bells, bell, ring_s=2.5), 4.0, 0.7, rate_hz, rng), float(rng.uniform(0.1, 0.35)))
    canvas.add(drone, 0.25)
    canvas.add(wind, 0.03)
    return canvas.master(fade_s=3.0)


def techno(duration_s: float, rate_hz: int, rng: np.random.Generator) -> Signal:
    """Four on the floor, off-beat hats, a resonant bass line in sixteenths, stabs in the echo."""
    canvas = Canvas(duration_s, rate_hz)
    beat_s = 60 / float(rng.uniform(124, 138))
    beats_s = np.arange(0, duration_s, beat_s)
    scale = Scale(int(rng.integers(33, 42)), MINOR)
    pattern = rng.choice([0, 0, 0, 7, 12, 3, -2], 16)
    rests = rng.random(16) < 0.25
    bass = [
        Note(step * beat_s / 4, beat_s / 4, scale.tonic + int(pattern[step % 16]), float(1 - 0.3 * (step % 4 == 1)))
        for step in range(int(duration_s / beat_s * 4))
        if not rests[step % 16]
    ]

    def acid(frequency_hz: float, n: int) -> Signal:
        return saw(frequency_hz, n, rate_hz) * envelope(n, rate_hz, 0.003, 0.03, 0.6)

    def stab(frequency_hz: float, n: int) -> Signal:
        return (saw(frequency_hz, n, rate_hz) + saw(frequency_hz * 1.007, n, rate_hz)) * decay(n, rate_hz, 0.07)

    time_s = np.arange(canvas.n_samples) / rate_hz
    wave = 0.5 - 0.5 * np.cos(2 * np.pi * time_s / (beat_s * 32) + rng.uniform(0, 6))
    accent = np.exp(-(time_s % (beat_s / 4)) / 0.06)
    cutoff_hz = (220 + 2200 * wave * accent + 500 * wave).astype(np.float32)
    stabs = [
        Note(bar * beat_s * 4 + at * beat_s, 0.4, pitch + 24)
        for bar in range(int(duration_s / beat_s / 4) + 1)
        for at in (0.75, 2.5)
        for pitch in scale.chord(0 if bar % 4 < 3 else 5)
    ]
    floor = beats_s[beats_s >= (beat_s * 8 if rng.random() < 0.5 else 0)]
    canvas.add(canvas.hits(kick(rate_hz, 0.45), floor), 1.0)
    canvas.add(canvas.hits(hat(rate_hz, rng, open_=True), beats_s + beat_s / 2), 0.45, 0.2)
    canvas.add(canvas.hits(hat(rate_hz, rng), np.arange(0, duration_s, beat_s / 4)), 0.25, -0.3)
    canvas.add(canvas.hits(clap(rate_hz, rng), beats_s[1::2]), 0.5)
    canvas.add(drive(swept_lowpass(canvas.line(bass, acid), cutoff_hz, rate_hz, 2.5), 1.5), 0.4)
    canvas.add(echo(lowpass(canvas.line(stabs, stab), 2500, rate_hz), beat_s * 0.75, 0.5, rate_hz), 0.13)
    return canvas.master()


def drum_and_bass(duration_s: float, rate_hz: int, rng: np.random.Generator) -> Signal:
    """A broken beat at 170 to 178 beats a minute over a growling bass; a pad far behind."""
    canvas = Canvas(duration_s, rate_hz)
    beat_s = 60 / float(rng.uniform(170, 178))
    bars_s = np.arange(0, duration_s, beat_s * 4)
    scale = Scale(int(rng.integers(28, 36)), MINOR)
    roots = rng.choice([0, 0, -2, 3, 5], len(bars_s))
    ghosts = rng.choice([1.75, 2.25, 3.75, 0.75], 2, replace=False)

    def growl(frequency_hz: float, n: int) -> Signal:
        pair = saw(frequency_hz * 0.992, n, rate_hz) + saw(frequency_hz * 1.009, n, rate_hz) + sine(frequency_hz / 2, n, rate_hz)
        return pair * envelope(n, rate_hz, 0.01, 0.05, 0.9)

    def pad(frequency_hz: float, n: int) -> Signal:
        return (saw(frequency_hz, n, rate_hz) + saw(frequency_hz * 1.006, n, rate_hz)) * envelope(n, rate_hz, 0.3, 0.6)

    bass, pads = [], []
    for bar_s, root in zip(bars_s, roots, strict=True):
        bass += [
            Note(bar_s + at * beat_s, held * beat_s, scale.pitch(int(root))) for at, held in ((0, 1.4), (1.5, 0.9), (2.5, 1.4))
        ]
        pads += [Note(bar_s, beat_s * 4, pitch + 24) for pitch in scale.chord(int(root), 4)]
    time_s = np.arange(canvas.n_samples) / rate_hz
    wobble = (180 + 700 * (0.5 + 0.5 * np.sin(2 * np.pi * time_s / (beat_s * float(rng.choice([0.5, 1, 1.5])))))).astype(np.float32)
    canvas.add(canvas.hits(kick(rate_hz, 0.25, 0.7), on_beats(bars_s, beat_s, (0, 2.5))), 1.0)
    canvas.add(canvas.hits(snare(rate_hz, rng, 210), on_beats(bars_s, beat_s, (1, 3))), 0.95)
    canvas.add(canvas.hits(snare(rate_hz, rng, 240, 0.12), on_beats(bars_s, beat_s, ghosts)), 0.3, 0.2)
    canvas.add(canvas.hits(hat(rate_hz, rng), on_beats(bars_s, beat_s, np.arange(0, 4, 0.5))), 0.5, 0.3)
    canvas.add(canvas.hits(cymbal(rate_hz, rng), bars_s[::8]), 0.4, -0.3)
    canvas.add(drive(swept_lowpass(canvas.line(bass, growl), wobble, rate_hz, 1.0), 1.8), 0.55)
    canvas.add(reverb(lowpass(canvas.line(pads, pad, ring_s=0.5), 1800, rate_hz), 2.5, 0.6, rate_hz, rng), 0.06)
    return canvas.master()


def chiptune(duration_s: float, rate_hz: int, rng: np.random.Generator) -> Signal:
    """Two pulses, a stepped triangle and noise, as game consoles of the 1980s play; fast broken chords."""
    canvas = Canvas(duration_s, rate_hz)
    beat_s = 60 / float(rng.uniform(128, 168))
    bar_s = beat_s * 4
    scale = Scale(int(rng.integers(55, 63)), MAJOR if rng.random() < 0.6 else MINOR)
    roots = [[0, 4, 5, 3], [0, 5, 3, 4], [0, 3, 4, 4], [5, 3, 0, 4]][int(rng.integers(4))]
    n_bars = int(duration_s / bar_s) + 1
    tick_s = beat_s / 8
    runs, bass = [], []
    for bar in range(n_bars):
        chord = scale.chord(roots[bar % 4])
        runs += [Note(bar * bar_s + tick * tick_s, tick_s, chord[tick % 3] + 12 * (tick // 3 % 2)) for tick in range(32)]
        bass += [Note(bar * bar_s + half * beat_s / 2, beat_s / 2, chord[0] - 24 + 12 * (half % 2)) for half in range(8)]
    rhythm = np.array([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5])[rng.random(8) < 0.75]
    starts_s = (np.arange(n_bars)[:, None] * bar_s + rhythm * beat_s).ravel()
    song = melody(Scale(scale.tonic + 12, PENTATONIC if scale.steps == MINOR else MAJOR), starts_s, duration_s, rng, 2, 6)
    width = float(rng.choice([0.125, 0.25]))

    def lead(frequency_hz: float, n: int) -> Signal:
        return pulse(frequency_hz, n, rate_hz, width) * envelope(n, rate_hz, 0.002, 0.06, 0.5)

    def run(frequency_hz: float, n: int) -> Signal:
        return pulse(frequency_hz, n, rate_hz, 0.5) * decay(n, rate_hz, 0.1)

    def low(frequency_hz: float, n: int) -> Signal:
        return triangle(frequency_hz, n, rate_hz) * envelope(n, rate_hz, 0.001, 0.01)

    # a shift register clocked at 8 kHz: noise in steps
    steps = np.repeat(np.sign(noise(rate_hz // 40, rng)), 6)[: rate_hz // 8]
    beats_s = np.arange(0, duration_s, beat_s)
    canvas.add(canvas.line(song, lead), 0.35, -0.15)
    canvas.add(canvas.line(runs, run), 0.22, 0.15)
    canvas.add(canvas.line(bass, low), 0.5)
    canvas.add(canvas.hits(steps * decay(len(steps), rate_hz, 0.025), beats_s[1::2]), 0.35)
    canvas.add(canvas.hits(highpass(steps, 5000, rate_hz) * decay(len(steps), rate_hz, 0.008), beats_s + beat_s / 2), 0.25)
    return canvas.master()
