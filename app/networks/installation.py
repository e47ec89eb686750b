"""Makes the networks' graphs in the models folder from the checkpoints of the pinned wheel."""

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ..core.entities import Outcome
from ..core.errors import InvalidError, MachineError
from ..core.progress import Progress
from ..disk.atomic import replaced
from . import catalogue, checkpoint, graph, weights
from .catalogue import Entry

__all__ = ["fetch_wheel", "install", "installable"]

FETCH_TIMEOUT_S = 600


def installable() -> tuple[str, ...]:
    """Networks whose checkpoints are in the wheel."""
    return tuple(entry.name for entry in catalogue.entries() if entry.checkpoint)


def install(models_dir: Path, networks: Sequence[str], wheel: Path | None, force: bool, progress: Progress) -> Outcome:
    """Make the graphs that are not there yet; each file appears whole or not at all.

    Parameters
    ----------
    networks : Sequence[str]
        Empty: every one that can be installed.
    wheel : Path or None
        The wheel, if it is at hand; None fetches it with pip.
    force : bool
        Replace files that are there.

    Raises
    ------
    InvalidError
        A network is unknown or not in the wheel, or `wheel` is not the pinned one.
    CorruptError
        A file that is there is damaged and `force` is not given.
    MachineError
        The wheel cannot be fetched, or the folder cannot be written.
    """
    wanted = [_installable(name) for name in networks or installable()]
    missing = [entry for entry in wanted if force or not _is_there(models_dir, entry)]
    if missing:
        with _verified_wheel(wheel) as archive, progress.stretch("Making networks", len(missing), "networks") as advance:
            for entry in missing:
                _write(models_dir / f"{entry.name}.onnx", _make(entry, archive))
                advance()
    return Outcome(done=len(missing), skipped=len(wanted) - len(missing))


def _installable(name: str) -> Entry:
    entry = catalogue.by_name(name)
    if not entry.checkpoint:
        raise InvalidError(
            "not_installable",
            f"The weights of {name} are in no package.",
            f"Download {name}-{entry.version}.pb from {entry.source} and put it into the models folder.",
        )
    return entry


def _is_there(models_dir: Path, entry: Entry) -> bool:
    if not (models_dir / f"{entry.name}.onnx").exists():
        return False
    weights.find(models_dir, entry.name, ("onnx",))
    return True


def _make(entry: Entry, archive: zipfile.ZipFile) -> bytes:
    tensors = checkpoint.read(archive.read(f"{entry.checkpoint}.index"), archive.read(f"{entry.checkpoint}.data-00000-of-00001"))
    n_dims = {layer: facts.n_dims for layer, facts in entry.layers.items()}
    model = graph.build(entry.architecture, tensors, entry.geometry, n_dims)
    if hashlib.sha256(model).hexdigest() != entry.onnx_sha256:
        raise MachineError(
            "other_graph",
            f"The installed onnx library writes another graph of {entry.name} than the catalogue names.",
            "Run: pip install -r requirements.txt",
        )
    return model


def _write(path: Path, content: bytes) -> None:
    """Write a file of the models folder, all of it or nothing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as part:
            part.write_bytes(content)
    except OSError as error:
        raise MachineError(
            "models_unwritable",
            f"{path.parent.name}/{path.name} cannot be written: {error.strerror}.",
            "Make room, or set MODELS_DIR to a folder of yours.",
        ) from error


@contextmanager
def _verified_wheel(given: Path | None) -> Iterator[zipfile.ZipFile]:
    with TemporaryDirectory(prefix="tagscape-") as folder:
        path = given or fetch_wheel(Path(folder))
        expected = catalogue.wheel()
        try:
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise InvalidError(
                "no_wheel", f"{path} cannot be read: {error.strerror}.", f"Give the path of {expected.file}."
            ) from error
        if sha256 != expected.sha256:
            raise InvalidError(
                "wrong_wheel", f"{path.name} is not {expected.file}: its sha256 is {sha256}.", f"Expected {expected.sha256}."
            )
        with zipfile.ZipFile(path) as archive:
            yield archive


def fetch_wheel(folder: Path) -> Path:
    """Download the pinned wheel into a folder, unchecked; pip keeps a copy in its cache.

    Raises
    ------
    MachineError
        PyPI is out of reach, or pip is missing.
    """
    wheel = catalogue.wheel()
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--quiet"]
    hint = f"Fetch {wheel.file} from https://pypi.org/project/musicnn/#files and run: flask install-networks --wheel {wheel.file}"
    try:
        subprocess.run(
            [*pip, "--dest", str(folder), wheel.requirement], check=True, capture_output=True, text=True, timeout=FETCH_TIMEOUT_S
        )
    except subprocess.TimeoutExpired as error:
        raise MachineError("wheel_not_fetched", f"{wheel.requirement} could not be fetched: pip took too long.", hint) from error
    except subprocess.CalledProcessError as error:
        reasons = (
            [line for line in error.stderr.splitlines() if line.startswith("ERROR")] or error.stderr.splitlines() or ["pip failed"]
        )
        raise MachineError("wheel_not_fetched", f"{wheel.requirement} could not be fetched: {reasons[0]}.", hint) from error
    return folder / wheel.file
