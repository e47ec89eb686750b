"""Extraction measured against its bars: exactness, speed beside the reference engine, memory, and what a kill leaves.

    python -m benchmarks.extract [--only PART]... [--essentia PYTHON]

Needs the shared folder of music, golden numbers and frozen graphs (`TAGSCAPE_SHARED`), the checkpoints from PyPI, and for speed a
Python that has essentia-tensorflow (`make benchmark` makes one). All else happens in a temporary folder. Ends with 1 if a bar is
missed.
"""

import argparse
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.core.progress import Silent
from app.core.spaces import Layer
from app.disk.machine import processor_flags
from app.networks import installation
from app.networks.runtimes import factory

from . import music
from .instance import ROOT, Instance
from .machine import describe

GOLDEN_KEYS = {Layer.ACTIVATIONS: "y", Layer.EMBEDDINGS: "e"}
NETWORK_BAR = 1e-5

N_TURNS = 4
N_LONGEST = {"four networks": 24, "MusiCNN alone": 57}
"""Tracks by what they measure: so much music that the start of a process decides little."""
ONE_PATCH_S = 3.0
N_MEMORY_FILES, TWO_HOURS_S = 40, 7200.0
N_KILLS, N_KILLED_TRACKS = 20, 10

STORED = {
    "track": ("id", "content_hash", "duration_s"),
    "source": ("track_id", "path", "state"),
    "features": ("track_id", "space_id", "n_segments", "weights_sha256", "content_hash", "vectors"),
    "network": ("id", "name", "weights_sha256", "precision", "runtime"),
    "space": ("id", "network_id", "layer", "n_dims", "labels"),
    "failure": ("track_id", "step", "severity", "code", "message"),
}
"""What a disturbed run must leave like an undisturbed one: all but times and counters of writes."""


@dataclass(frozen=True)
class Bench:
    """What every part is given."""

    shared: Path
    scratch: Path
    models: Path
    essentia: Path

    def instance(self, name: str, files: dict[str, Path], **settings: object) -> Instance:
        """A new instance with some music indexed."""
        return Instance(self.scratch / name, files, self.models, **settings)


def main() -> int:
    """Measure the parts asked for and print a line for every bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=list(PARTS), help="measure this part, may be given again")
    parser.add_argument(
        "--essentia", type=Path, default=ROOT / ".venv-essentia/bin/python", help="a Python with essentia-tensorflow"
    )
    arguments = parser.parse_args()
    shared = Path(os.environ.get("TAGSCAPE_SHARED") or ROOT.parent / "shared").absolute()
    print(describe())
    print(f"\n{'':64}{'measured':>12}  {'bar':12}")
    missed = 0
    with tempfile.TemporaryDirectory(prefix="tagscape-") as folder:
        bench = Bench(shared, Path(folder), Path(folder) / "models", arguments.essentia.absolute())
        installation.install(bench.models, [], None, False, Silent())
        for part in arguments.only or PARTS:
            missed += PARTS[part](bench)
    return 1 if missed else 0


def networks(bench: Bench) -> int:
    """Networks against the numbers of the original checkpoints."""
    names = installation.installable()
    golden = bench.shared / "golden" / "networks"
    patches = np.load(golden / "melspectrogram_patches.npy")
    missed = 0
    for runtime in ("openvino", "onnxruntime"):
        engine = factory.load(bench.models, names, runtime, "f32", 0)
        vectors = engine.predict("musicnn", patches, names)
        for name in names:
            expected = np.load(golden / f"{name}.npz")
            for layer in Layer:
                worst = float(np.abs(vectors[name][layer] - expected[GOLDEN_KEYS[layer]]).max())
                missed += _bar(f"{runtime}, {name}/{layer}: max abs difference", worst, "<=", NETWORK_BAR, ".1e")
    return missed


def path(bench: Bench) -> int:
    """The whole path, as stored, against essentia's numbers."""
    instance = bench.instance("path", music.every(bench.shared))
    instance.flask("extract-all")
    return _accuracy(bench, instance, "f32", bar=True)


def throughput(bench: Bench) -> int:
    """Four networks and one, beside essentia, in turns."""
    missed = _beside_essentia(bench, "four networks", installation.installable(), "f32", 5.5)
    return missed + _beside_essentia(bench, "MusiCNN alone", ["msd-musicnn"], "f32", 7.0)


def bf16(bench: Bench) -> int:
    """The same in bf16, with what it costs in exactness."""
    bar = 16.0 if "amx_bf16" in (processor_flags() or ()) else None  # without AMX bf16 is no faster than f32
    missed = _beside_essentia(bench, "four networks", installation.installable(), "bf16", bar)
    instance = bench.instance("bf16", music.every(bench.shared))
    instance.flask("extract-all", "--precision", "bf16")
    return missed + _accuracy(bench, instance, "bf16", bar=False)


def memory(bench: Bench) -> int:
    """Peak memory of the command for many files and for a very long one."""
    files = dict(itertools.islice(music.every(bench.shared).items(), N_MEMORY_FILES))
    many = bench.instance("many", files).flask("extract-all")
    missed = _bar(f"peak memory, {len(files)} files, MB", many.peak_mb, "<=", 600, ".0f")
    source = min(music.every(bench.shared).values(), key=lambda path: (path.suffix != ".mp3", path.stat().st_size))
    made = music.repeated(source, bench.scratch / "two-hours.mp3", TWO_HOURS_S)
    long = bench.instance("long", {made.name: made}).flask("extract-all")
    return missed + _bar("peak memory, a 2-hour file, MB", long.peak_mb, "<=", 450, ".0f")


def kill(bench: Bench) -> int:
    """Kill the command at random moments, run it again, compare with a run that nobody disturbed."""
    shortest = sorted(music.every(bench.shared).items(), key=lambda item: item[1].stat().st_size)[:N_KILLED_TRACKS]
    moments = random.Random(0)
    options = ("extract-all", "--networks", "mtt-vgg,msd-vgg")
    indexed = bench.instance("indexed", dict(shortest), COMMIT_TRACKS=1)
    undisturbed = indexed.copied(bench.scratch / "undisturbed")
    whole_s = undisturbed.flask(*options).wall_s
    expected = undisturbed.rows(STORED)
    same = killed = partial = 0
    while killed < N_KILLS:
        instance = indexed.copied(bench.scratch / "disturbed")
        disturbed, status = instance.flask_until(moments.uniform(0, whole_s), *options)
        if status < 0:
            killed += 1
            partial += 0 < len(instance.rows(STORED)["features"]) < len(expected["features"])
            instance.flask(*options)
            same += instance.rows(STORED) == expected
        whole_s = min(whole_s, disturbed.wall_s) if status == 0 else whole_s
        shutil.rmtree(instance.folder)
    return _bar(f"runs alike to an undisturbed one ({partial} of {killed} kills left part of it)", same, ">=", N_KILLS, "d")


PARTS: dict[str, Callable[[Bench], int]] = {part.__name__: part for part in (networks, path, throughput, bf16, memory, kill)}


def _beside_essentia(bench: Bench, what: str, networks: Sequence[str], precision: str, bar: float | None) -> int:
    """Essentia and ours in turns, so that both meet the same drift of the machine; each turn on music of its own."""
    label = f"{what}, {precision}"
    options = ("extract-all", "--networks", ",".join(networks), "--precision", precision, "--force")
    files = list(music.longest(bench.shared, N_LONGEST[what]).items())
    turns = [bench.instance(f"{label}, turn {turn}", dict(files[turn::N_TURNS])) for turn in range(N_TURNS)]
    patch = bench.instance(f"{label}, start", {"patch.wav": music.noise(bench.scratch / "patch.wav", ONE_PATCH_S)})
    turns_s = []
    with _Essentia(bench, networks) as essentia:
        for turn in turns:
            theirs = essentia.seconds([str(turn.audio / name) for name in turn.names])
            turns_s.append((theirs, turn.flask(*options).wall_s, patch.flask(*options).wall_s))
    theirs_s, ours_s, starts_s = np.array(turns_s).T
    start_s = float(np.median(starts_s))
    music_s = ours_s - start_s
    print(f"{label}: essentia {essentia.started_s:.1f} + {theirs_s.sum():.1f} s, ours {start_s:.1f} + {music_s.sum():.1f} s")
    turn_by_turn = ", ".join(f"{ratio:.2f}" for ratio in theirs_s / music_s)
    print(f"{label}: times as fast without the start, turn by turn: {turn_by_turn}")
    _bar(f"{label}: times as fast as essentia, without the start", theirs_s.sum() / music_s.sum(), ">=", None, ".2f")
    ratio = (essentia.started_s + theirs_s.sum()) / (start_s + music_s.sum())
    return _bar(f"{label}: times as fast, with the start of both", ratio, ">=", bar, ".2f")


class _Essentia:
    """The reference engine in a process of its own; `started_s` is what it took until its graphs were loaded."""

    def __init__(self, bench: Bench, networks: Sequence[str]) -> None:
        if not bench.essentia.exists():
            raise SystemExit(f"{bench.essentia} does not exist. Run: make benchmark")
        command = [bench.essentia, "-m", "benchmarks.reference", bench.shared / "networks", *networks]
        began = time.perf_counter()
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._answer()
        self.started_s = time.perf_counter() - began

    def __enter__(self) -> "_Essentia":
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def seconds(self, paths: Sequence[str]) -> float:
        """How long it takes for some files."""
        assert self._process.stdin
        print(json.dumps(paths), file=self._process.stdin, flush=True)
        return float(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("The reference engine ended. Is essentia-tensorflow installed there?")
        return line


def _accuracy(bench: Bench, instance: Instance, precision: str, *, bar: bool) -> int:
    missed = 0
    for name, layer in itertools.product(installation.installable(), Layer):
        golden = np.load(bench.shared / "golden" / "essentia" / f"{name}-{layer}.npz")
        stored = instance.features(f"{name}/{layer}")
        alike = [path for path in golden.files if path in stored and len(stored[path]) == len(golden[path])]
        what = f"{precision}, {name}/{layer}"
        missed += _bar(f"{what}: tracks with as many segments", len(alike), ">=", len(golden.files), "d")
        ours, theirs = (np.concatenate([arrays[path] for path in alike]) for arrays in (stored, golden))
        if layer == Layer.ACTIVATIONS:
            worst = float(np.abs(ours - theirs).max())
            missed += _bar(f"{what}: max abs difference", worst, "<=", 0.0015 if bar else None, ".5f")
            means = [np.abs(stored[path].mean(axis=0) - golden[path].mean(axis=0)).max() for path in alike]
            missed += _bar(f"{what}: max abs difference of a track's mean", float(max(means)), "<=", None, ".5f")
        else:
            relative = float(np.linalg.norm(ours - theirs) / np.linalg.norm(theirs))
            missed += _bar(f"{what}: relative L2", relative, "<=", 1.5e-3 if bar else None, ".1e")
    return missed


def _bar(what: str, measured: float, relation: str, bar: float | None, form: str) -> int:
    """Print a line; 1 if the bar is missed."""
    if bar is None:
        print(f"{what:64}{measured:12{form}}", flush=True)
        return 0
    met = measured <= bar if relation == "<=" else measured >= bar
    print(f"{what:64}{measured:12{form}}  {relation} {bar:<9g}  {'met' if met else 'NOT met'}", flush=True)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
