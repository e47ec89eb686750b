"""Which of the shared music is measured on."""

import csv
import math
from collections.abc import Mapping
from pathlib import Path

import av

__all__ = ["every", "long", "repeated"]


def every(shared: Path) -> dict[str, Path]:
    """All tracks of the shared folder, by their path in it."""
    return {row["path"]: shared / "audio" / row["path"] for row in _manifest(shared)}


def long(shared: Path, scratch: Path, n_files: int, at_least_s: float) -> Mapping[str, Path]:
    """The longest tracks; where too few are long enough, others are made of short mp3."""
    rows = sorted(_manifest(shared), key=lambda row: float(row["duration_s"]), reverse=True)
    found = {row["path"]: shared / "audio" / row["path"] for row in rows if float(row["duration_s"]) >= at_least_s}
    for row in [row for row in rows if row["codec"].startswith("mp3")]:
        if len(found) < n_files:
            made = repeated(shared / "audio" / row["path"], scratch / f"long-{len(found)}.mp3", at_least_s)
            found[made.name] = made
    return dict(list(found.items())[:n_files])


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
