"""What rewritten convolutions gain, for each network and kind of processor.

    python -m benchmarks.convolution [--rounds N]

The networks as they are and rewritten (`app/networks/fast_convolution.py`) go over the same patches in turns, in one thread; the
figure is the middle of the rounds' ratios of processor time. Older processors are this one with some of its instructions left
alone, which OpenVINO's kernels are told by ONEDNN_MAX_CPU_ISA. Ends with 1 if a gain on this processor as it is misses its bar.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from unittest import mock

import numpy as np

from app.core.progress import Silent
from app.disk import machine
from app.networks import fast_convolution, installation
from app.networks.runtimes import factory
from app.networks.runtimes.base import Engine

from .instance import ROOT
from .machine import describe

GAIN_BAR = 1.10
N_PATCHES, PATCH = 20, (187, 96)

INSTRUCTIONS: Mapping[str, str] = {"AVX512_CORE": "avx512f", "AVX2": "avx2", "AVX": "avx", "SSE41": "sse4_1"}
"""Limits of ONEDNN_MAX_CPU_ISA, widest first, and what a processor needs to reach them."""


def main() -> int:
    """Measure every network under every limit and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=16)
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.answer:
        answer(arguments.answer, arguments.rounds)
        return 0
    flags = machine.processor_flags() or ()
    limits = ["", *(limit for limit, flag in INSTRUCTIONS.items() if flag in flags)]
    print(describe())
    print(f"\n{'times as fast when rewritten':30}" + "".join(f"{limit or 'as it is':>14}" for limit in limits) + f"{'bar':>12}")
    with tempfile.TemporaryDirectory(prefix="tagscape-") as folder:
        installation.install(Path(folder), [], None, False, Silent())
        columns = [_measured(Path(folder), limit, arguments.rounds) for limit in limits]
    missed = 0
    for name in columns[0]:
        met = columns[0][name] >= GAIN_BAR
        missed += not met
        row = "".join(f"{column[name]:14.2f}" for column in columns)
        print(f"{name:30}{row}{f'>= {GAIN_BAR:.2f}':>12}  {'met' if met else 'NOT met'}")
    return 1 if missed else 0


def answer(models: Path, rounds: int) -> None:
    """Print the gain of each network on this processor, or on what ONEDNN_MAX_CPU_ISA leaves of it."""
    patches = np.random.default_rng(0).uniform(0, 5, (N_PATCHES, *PATCH)).astype(np.float32)
    gains = {}
    for name in installation.installable():
        with mock.patch.object(fast_convolution, "rewrite", bytes):
            plain = factory.load(models, [name], "openvino", "f32", 1)
        fast = factory.load(models, [name], "openvino", "f32", 1)
        ratios = [_processor_s(plain, name, patches) / _processor_s(fast, name, patches) for _ in range(rounds)]
        gains[name] = float(np.median(ratios))
    print(json.dumps(gains))


def _processor_s(engine: Engine, name: str, patches: np.ndarray) -> float:
    began = time.process_time()
    engine.predict("musicnn", patches, [name])
    return time.process_time() - began


def _measured(models: Path, limit: str, rounds: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.convolution", "--answer", str(models), "--rounds", str(rounds)]
    environment = {**os.environ, **({"ONEDNN_MAX_CPU_ISA": limit} if limit else {})}
    printed = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    gains: dict[str, float] = json.loads(printed)
    return gains


if __name__ == "__main__":
    sys.exit(main())
