"""A temporary instance to measure in: its own database and music, the commands run as processes of their own."""

import copy
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["Finished", "Instance"]

ROOT = Path(__file__).parent.parent
CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True)
class Finished:
    """A command that ended or was ended: what it printed, how long it took, the most memory it held."""

    output: str
    wall_s: float
    peak_mb: float


class Instance:
    """An instance folder with a migrated database in which some music is indexed, by `names` in the folder `audio`.

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
        self.names = list(music)
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
        report = self.folder / "report.json"
        seconds = "" if kill_after_s is None else str(kill_after_s)
        command = [sys.executable, "-I", CHILD, report, seconds, sys.executable, "-m", "flask", *arguments]
        with (self.folder / "output").open("w+") as output:
            subprocess.run(
                command, cwd=ROOT, env={**os.environ, **self.environment}, stdout=output, stderr=subprocess.STDOUT, check=True
            )
            output.seek(0)
            took = json.loads(report.read_text())
            return Finished(output.read(), took["wall_s"], took["peak_mb"]), took["status"]

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
        with closing(sqlite3.connect(self.folder / "tagscape.db")) as connection:
            return {
                table: sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}"), key=repr)
                for table, columns in tables.items()
            }
