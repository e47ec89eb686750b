"""The front end's time with different kernels and threads of BLAS: resampling and log-mel, in ratios.

    python -m benchmarks.front_end [--rounds N]

OpenBLAS chooses its kernels by the processor, older ones for a processor that it does not know. Every setting runs in a process of
its own, all of them in turns, so that what else the machine does slows all alike. A number is the fastest of the rounds, divided by
that of the first column. A column is named after its kernels and threads; the first two have those that OpenBLAS chooses itself.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from threadpoolctl import threadpool_info

from app.audio.melspectrogram import FRONT_ENDS, Patches
from app.audio.resample import TARGET_HZ, Resampler
from app.core.units import Hertz
from app.disk import machine

from .instance import ROOT
from .machine import describe, seconds

RATES_HZ = (22_050, 44_100, 48_000, 96_000)
SOUND_S = 60
CHUNK_S = 1

KERNELS: Mapping[str, set[str]] = {"Sandybridge": {"avx"}, "Haswell": {"avx2", "fma"}, "SkylakeX": {"avx512f", "avx512vl"}}
"""Kernels of OpenBLAS, and what a processor needs to run them."""


def main() -> None:
    """Measure in turns and print a line for every part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.answer:
        answer()
        return
    print(describe())
    processes = {process.name: process for process in map(_Process, _settings())}
    rounds = [[process.measure() for process in processes.values()] for _ in range(arguments.rounds)]
    print(f"\n{'':24}{'ms per minute':>14}  " + "".join(f"{name:>18}" for name in processes))
    for part in rounds[0][0]:
        fastest = [min(measured[column][part] for measured in rounds) for column in range(len(processes))]
        print(f"{part:24}{fastest[0] * 60_000 / SOUND_S:14.1f}  " + "".join(f"{each / fastest[0]:18.2f}" for each in fastest))


def answer() -> None:
    """Name the kernels and threads, then measure once for every line that comes in."""
    (blas, *_) = (found for found in threadpool_info() if found["user_api"] == "blas")
    print(f"{blas.get('architecture', 'unnamed')}, {blas['num_threads']}", flush=True)
    parts = dict(_parts())
    for _ in sys.stdin:
        print(json.dumps({name: seconds(part) for name, part in parts.items()}), flush=True)


class _Process:
    """A process with its own settings of BLAS; `name` are its kernels and threads."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.front_end", "--answer"],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.name = self._line().strip()

    def measure(self) -> dict[str, float]:
        """Seconds by part."""
        assert self._process.stdin
        print(file=self._process.stdin, flush=True)
        measured: dict[str, float] = json.loads(self._line())
        return measured

    def _line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("A measuring process ended; what it said stands above.")
        return line


def _settings() -> Iterator[dict[str, str]]:
    """The processor's own kernels with one thread and with all; then others that it can run."""
    yield {"OPENBLAS_NUM_THREADS": "1"}
    yield {"OPENBLAS_NUM_THREADS": str(max(2, machine.n_processors()))}
    flags = machine.processor_flags() or frozenset()
    for kernel, needed in KERNELS.items():
        if needed <= flags:
            yield {"OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": kernel}


def _parts() -> Iterator[tuple[str, Callable[[], None]]]:
    rng = np.random.default_rng(0)
    for rate_hz in RATES_HZ:
        sound = (0.1 * rng.normal(size=SOUND_S * rate_hz)).astype(np.float32)
        yield f"resample from {rate_hz} Hz", lambda rate_hz=rate_hz, sound=sound: _push(Resampler(Hertz(rate_hz)), sound, rate_hz)
    sound = (0.1 * rng.normal(size=SOUND_S * TARGET_HZ)).astype(np.float32)
    for name, front_end in FRONT_ENDS.items():
        yield f"log-mel of {name}", lambda front_end=front_end: _push(Patches(front_end), sound, TARGET_HZ)


def _push(stream: Resampler | Patches, sound: np.ndarray, rate_hz: int) -> None:
    for start in range(0, len(sound), CHUNK_S * rate_hz):
        stream.push(sound[start : start + CHUNK_S * rate_hz])
    stream.finish()


if __name__ == "__main__":
    main()
