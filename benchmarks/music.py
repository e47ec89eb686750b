"""Which of the shared music is measured on."""

import csv
import math
import wave
from pathlib import Path

import av
import numpy as np

__all__ = ["every", "longest", "noise", "repeated"]

NOISE_RATE_HZ = 16000


def every(shared: Path) -> dict[str, Path]:
    """All tracks of the shared folder, by their path in it."""
    return {row["path"]: shared / "audio" / row["path"] for row in _manifest(shared)}


def longest(shared: Path, n_files: int) -> dict[str, Path]:
    """The longest tracks of the shared folder, longest first, by their path in it."""
    rows = sorted(_manifest(shared), key=lambda row: float(row["duration_s"]), reverse=True)
    return {row["path"]: shared / "audio" / row["path"] for row in rows[:n_files]}


def noise(target: Path, duration_s: float) -> Path:
    """Write a wav of seeded noise: the least that is music to a network."""
    samples = np.random.default_rng(0).integers(-9000, 9000, int(NOISE_RATE_HZ * duration_s), np.int16)
    with wave.open(str(target), "wb") as file:
        file.setparams((1, samples.itemsize, NOISE_RATE_HZ, len(samples), "NONE", ""))
        file.writeframes(samples.astype("<i2").tobytes())
    return target


def repeated(source: Path, target: Path, at_least_s: float) -> Path:
    """Write an mp3 again and again into one file until it is long enough, without encoding anew."""
    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        stream = given.streams.audio[0]
        packets = [packet for packet in given.demux(stream) if packet.size]
        once_s = float(sum(packet.duration for packet in packets) * stream.time_base)
        copy = made.add_stream_from_template(stream)
        at = 0
        for _ in range(math.ceil(at_least_s / once_s)):
            for packet in packets:
                again = av.Packet(bytes(packet))
                again.stream, again.time_base = copy, packet.time_base
                again.pts = again.dts = at
                again.duration = packet.duration
                at += packet.duration
                made.mux(again)
    return target


def _manifest(shared: Path) -> list[dict[str, str]]:
    with (shared / "audio" / "manifest.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
