"""From a file to patches, for several front ends from one decode. Memory does not grow with the length of the file."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..core.errors import CorruptError, TagscapeError
from ..core.units import Seconds
from .decode import opened
from .downmix import Chunk
from .melspectrogram import FRONT_ENDS, Patches
from .resample import Resampler

__all__ = ["PatchStream"]

TRUNCATED_BELOW = 0.98


class PatchStream:
    """One reading of a file: iterate over it once, then ask how long it was and what was wrong.

    Yields (front end, patches) with patches float32 [k, frames_per_patch, n_bands], k > 0, in the order of time for each front end.

    Raises
    ------
    NotFoundError, InvalidError, MachineError
        As for `decode.opened`, while iterating.
    CorruptError
        A sample is not a finite number.
    """

    def __init__(self, path: Path, front_ends: Sequence[str]) -> None:
        self.path = path
        self.front_ends = front_ends
        self.duration_s = Seconds(0.0)
        self.warnings: tuple[TagscapeError, ...] = ()

    def __iter__(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        cutters = [Patches(FRONT_ENDS[name]) for name in self.front_ends]
        with opened(self.path) as recording:
            for samples in self._resampled(recording.chunks()):
                yield from _full((cutter.front_end.name, cutter.push(samples)) for cutter in cutters)
            declared_s = recording.declared_s
        yield from _full((cutter.front_end.name, cutter.finish()) for cutter in cutters)
        if declared_s and self.duration_s < TRUNCATED_BELOW * declared_s:
            self.warnings = (_truncated(self.path.name, self.duration_s, declared_s),)

    def _resampled(self, chunks: Iterator[Chunk]) -> Iterator[NDArray[np.float32]]:
        for rate_hz, same_rate in groupby(chunks, key=lambda chunk: chunk.sample_rate_hz):
            resampler = Resampler(rate_hz)
            for chunk in same_rate:
                if not np.isfinite(chunk.samples).all():
                    raise CorruptError("non_finite_audio", f"{self.path.name} holds samples that are not finite numbers.")
                self.duration_s = Seconds(self.duration_s + len(chunk.samples) / rate_hz)
                yield resampler.push(chunk.samples)
            yield resampler.finish()


def _full(batches: Iterator[tuple[str, NDArray[np.float32]]]) -> Iterator[tuple[str, NDArray[np.float32]]]:
    return (batch for batch in batches if len(batch[1]))


def _truncated(name: str, duration_s: Seconds, declared_s: Seconds) -> CorruptError:
    return CorruptError(
        "truncated",
        f"{name} is cut short: {duration_s:.1f} s of the {declared_s:.1f} s in its header could be decoded.",
        "Copy the file again from where it came.",
    )
