"""A temporary instance to measure in: its own database and music, the commands run as processes of their own."""

import copy
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["Finished", "Instance"]

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Finished:
    """A command that ended or was ended: what it printed, how long it took, the most memory it held."""

    output: str
    wall_s: float
    peak_mb: float


class Instance:
    """An instance folder with a migrated database in which some music is indexed.

    Parameters
    ----------
    folder : Path
        Made here; the instance is gone when it is.
    music : Mapping[str, Path]
        Files to copy into AUDIO_DIR, by the path they get there.
    models : Path
        The networks' weights.
    settings : object
        Further settings by name.
    """

    def __init__(self, folder: Path, music: Mapping[str, Path], models: Path, **settings: object) -> None:
        for name, path in music.items():
            (folder / "audio" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / "audio" / name)
        self._settings = {"MODELS_DIR": models, **settings}
        self._use(folder)
        self.flask("init-db")
        self.flask("index-all-audio")

    def copied(self, folder: Path) -> "Instance":
        """An instance of its own with the same music and the same database."""
        twin = copy.copy(self)
        shutil.copytree(self.folder, folder)
        twin._use(folder)
        return twin

    def _use(self, folder: Path) -> None:
        self.folder, self.audio = folder, folder / "audio"
        values = {"INSTANCE_PATH": folder, "AUDIO_DIR": self.audio, **self._settings}
        self.environment = {f"TAGSCAPE_{name}": str(value) for name, value in values.items()}

    def flask(self, *arguments: str) -> Finished:
        """Run a command to its end.

        Raises
        ------
        RuntimeError
            It failed.
        """
        finished, status = self.flask_until(None, *arguments)
        if status:
            raise RuntimeError(f"flask {' '.join(arguments)} ended with {status}: {finished.output}")
        return finished

    def flask_until(self, kill_after_s: float | None, *arguments: str) -> tuple[Finished, int]:
        """Run a command and kill it (SIGKILL) unless it ends before; with its exit status, negative for a signal."""
        command = [sys.executable, "-m", "flask", *arguments]
        began = time.perf_counter()
        with (self.folder / "output").open("w+") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **self.environment}, stdout=output, stderr=subprocess.STDOUT
            )
            if kill_after_s is not None:
                try:
                    process.wait(kill_after_s)
                except subprocess.TimeoutExpired:
                    process.kill()
            peak_kb = _peak_kb(process)
            wall_s = time.perf_counter() - began
            output.seek(0)
            return Finished(output.read(), wall_s, peak_kb / 1024), process.returncode

    def features(self, space: str) -> dict[str, NDArray[np.float32]]:
        """The stored vectors [n_segments, n_dims] of a space, by the path of the track."""
        path = self.folder / "features.npz"
        self.flask("export-features", space, str(path))
        with np.load(path) as arrays:
            found = {name: arrays[name] for name in arrays.files}
        path.unlink()
        return found

    def rows(self, tables: Mapping[str, Sequence[str]]) -> dict[str, list[tuple[object, ...]]]:
        """Named columns of some tables, sorted."""
        with sqlite3.connect(self.folder / "tagscape.db") as connection:
            return {
                table: sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}"), key=repr)
                for table, columns in tables.items()
            }


def _peak_kb(process: subprocess.Popen[bytes]) -> float:
    """Wait for a process and take its own peak, which `RUSAGE_CHILDREN` would mix with that of others."""
    if process.returncode is not None:
        return 0.0
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return float(usage.ru_maxrss)
