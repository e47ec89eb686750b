"""`flask doctor`: checks that everything is as it should be."""

import importlib
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import func, select, text

from ..audio import files
from ..core.errors import CorruptError, MachineError, NotReadyError, TagscapeError
from ..networks import weights
from ..store import features, projections, schema
from ..store.database import database, translated
from ..store.tables import Coordinates, Features, Projection, Space
from .command import command
from .output import printable
from .status import require_tables

__all__ = ["doctor"]

FREE_BYTES = 1_000_000_000
LIBRARIES = ("av", "mutagen", "numpy", "scipy", "onnx", "sklearn", "openTSNE", "umap", "faiss", "bokeh")
RUNTIMES = {"openvino": "openvino", "onnxruntime": "onnxruntime", "essentia": "essentia.standard"}


@command("doctor")
def doctor() -> None:
    """Check the configuration, the folders, the database, the networks and the libraries."""
    problems = sum(not _passes(name, check) for name, check in CHECKS.items())
    if problems:
        click.echo(f"{problems} of {len(CHECKS)} checks found a problem.")
        sys.exit(1)
    click.echo("All is well.")


def _passes(name: str, check: Callable[[], str]) -> bool:
    try:
        with translated():
            found = check()
    except TagscapeError as error:
        click.echo(f"problem  {name}: {printable(str(error))}")
        return False
    click.echo(f"ok       {name}: {printable(found)}")
    return True


def _settings() -> str:
    # a setting that does not fit has stopped the command before it began
    return ", ".join(f"{name} {current_app.config[name]}" for name in ("RUNTIME", "PRECISION", "SEED"))


def _audio_dir() -> str:
    return str(files.root(current_app.config["AUDIO_DIR"]))


def _instance() -> str:
    folder = Path(current_app.instance_path)
    try:
        with tempfile.TemporaryFile(dir=folder):
            return str(folder)
    except OSError as error:
        raise MachineError(
            "instance_unwritable",
            f"The instance folder {folder} cannot be written: {error.strerror}.",
            "Run flask sync, or set TAGSCAPE_INSTANCE_PATH to a folder of yours.",
        ) from error


def _disk() -> str:
    folder = Path(current_app.instance_path)
    if not folder.is_dir():
        raise NotReadyError("no_instance", f"There is no instance folder {folder}.", "Run: flask sync")
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES:
        raise MachineError("disk_almost_full", f"Only {free / 1e9:.2f} GB are free for the database.", "Free some space.")
    return f"{free / 1e9:,.1f} GB free"


def _version() -> str:
    return f"version {require_tables().stored}"


def _integrity() -> str:
    require_tables()
    if schema.file_of(database.engine) is None:
        return "left to the database server"
    session = database.session()
    found = session.scalars(text("PRAGMA integrity_check(1)")).one()
    if found != "ok":
        raise CorruptError("database_corrupt", f"The database is damaged: {found}.", "Put back a copy from the backups folder.")
    broken = session.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise CorruptError(
            "dangling_rows",
            f"A row of the table {broken[0]} refers to a row of {broken[2]} that is not there.",
            "Put back a copy from the backups folder.",
        )
    return "no damage, no dangling references"


def _sizes() -> str:
    require_tables()
    session = database.session()
    wrong_features = session.scalar(
        select(func.count())
        .select_from(Features)
        .join(Space, Space.id == Features.space_id)
        .where(func.length(Features.vectors) != Features.n_segments * Space.n_dims * features.DTYPE.itemsize)
    )
    wrong_coordinates = session.scalar(
        select(func.count())
        .select_from(Coordinates)
        .join(Projection, Projection.id == Coordinates.projection_id)
        .where(func.length(Coordinates.xy) != Coordinates.n_segments * Projection.n_dims * projections.DTYPE.itemsize)
    )
    if wrong_features:
        raise CorruptError(
            "wrong_features", f"{wrong_features:,} rows of features have a wrong size.", "Run: flask extract-all --force"
        )
    if wrong_coordinates:
        raise CorruptError(
            "wrong_coordinates", f"{wrong_coordinates:,} rows of coordinates have a wrong size.", "Run: flask reduce-all --force"
        )
    return "every stored array has the size that its row states"


def _weights() -> str:
    models_dir = current_app.config["MODELS_DIR"]
    names = weights.available(models_dir)
    if not names:
        raise NotReadyError("no_weights", f"No network has weights in {models_dir}.", "Run: flask install-networks")
    return ", ".join(weights.find(models_dir, name).entry.name for name in names)


def _libraries() -> str:
    names = (*LIBRARIES, RUNTIMES[current_app.config["RUNTIME"]])
    for name in names:
        try:
            importlib.import_module(name)
        except (ImportError, OSError) as error:
            raise MachineError(
                "no_library", f"The library {name} cannot be loaded: {error}.", "Run: pip install -r requirements.txt"
            ) from error
    return ", ".join(names)


CHECKS: dict[str, Callable[[], str]] = {
    "Settings": _settings,
    "AUDIO_DIR": _audio_dir,
    "Instance folder": _instance,
    "Disk": _disk,
    "Database": _version,
    "Integrity": _integrity,
    "Stored arrays": _sizes,
    "Networks": _weights,
    "Libraries": _libraries,
}
