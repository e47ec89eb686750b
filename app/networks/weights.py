"""Weights in the models folder: which file is a network's, and whether it is whole.

A network's file is `NAME.onnx`, else `NAME.pb`, else the `NAME-<version>.pb` of the highest version. The catalogue knows the
sha256 of the graphs that `flask install-networks` makes, so a damaged one is found before it is used.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from ..core.errors import CorruptError, MachineError, NotReadyError
from . import catalogue
from .catalogue import Entry
from .protobuf import fields

__all__ = ["Format", "Weights", "available", "find", "other_graph"]

Format: TypeAlias = Literal["onnx", "pb"]

FORMATS: tuple[Format, ...] = ("onnx", "pb")


@dataclass(frozen=True)
class Weights:
    """A network's file, read once to know what is in it."""

    entry: Entry
    path: Path
    format: Format
    sha256: str

    @property
    def input_name(self) -> str:
        """The tensor that takes the patches."""
        return "patches" if self.format == "onnx" else self.entry.input_node

    @property
    def output_names(self) -> tuple[str, ...]:
        """The tensors of the entry's layers, in their order."""
        return tuple(layer if self.format == "onnx" else facts.node for layer, facts in self.entry.layers.items())


def available(models_dir: Path) -> tuple[str, ...]:
    """Networks of the catalogue that have a file, in the catalogue's order."""
    return tuple(entry.name for entry in catalogue.entries() if _path(models_dir, entry.name, FORMATS))


def find(models_dir: Path, network: str, formats: Iterable[Format] = FORMATS) -> Weights:
    """The weights of a network, verified.

    Raises
    ------
    InvalidError
        The catalogue has no such network.
    NotReadyError
        The folder holds no file of it in one of these formats.
    CorruptError
        The file is not what `flask install-networks` made.
    MachineError
        The file cannot be read.
    """
    entry = catalogue.by_name(network)
    found = _path(models_dir, network, tuple(formats))
    if found is None:
        raise NotReadyError("no_weights", f"No weights for {network} in {models_dir.name}/.", _next_step(entry))
    path, format_ = found
    name = f"{models_dir.name}/{path.name}"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MachineError("weights_unreadable", f"{name} cannot be read: {error.strerror}.", "Check who may read it.") from error
    sha256 = hashlib.sha256(content).hexdigest()
    if format_ == "onnx" and entry.onnx_sha256 and entry.onnx_sha256 != sha256:
        raise CorruptError("damaged_weights", f"{name} is damaged.", f"Run: flask install-networks --force {network}")
    if not _is_whole(content):
        raise CorruptError("damaged_weights", f"{name} is damaged.", f"Download it again from {entry.source}.")
    return Weights(entry, path, format_, sha256)


def other_graph(weights: Weights) -> CorruptError:
    """The error for a file that holds another network than its name says."""
    return CorruptError(
        "other_graph",
        f"{weights.path.parent.name}/{weights.path.name} is not a graph of {weights.entry.title} with the layers "
        f"{', '.join(weights.output_names)}.",
        f"Put the one from {weights.entry.source} there.",
    )


def _path(models_dir: Path, network: str, formats: tuple[Format, ...]) -> tuple[Path, Format] | None:
    plain: list[tuple[Path, Format]] = [(models_dir / f"{network}.{format_}", format_) for format_ in FORMATS if format_ in formats]
    for path, format_ in plain:
        if path.is_file():
            return path, format_
    if "pb" not in formats:
        return None
    versions = {
        int(match[1]): path for path in models_dir.glob(f"{network}-*.pb") if (match := re.search(r"-(\d+)\.pb$", path.name))
    }
    return (versions[max(versions)], "pb") if versions else None


def _is_whole(content: bytes) -> bool:
    """Do the parts of a graph fill the file exactly? Both formats are protobuf messages, and its readers are noisy about others."""
    try:
        return sum(1 for _ in fields(memoryview(content))) > 0
    except ValueError:
        return False


def _next_step(entry: Entry) -> str:
    if entry.checkpoint:
        return f"Run: flask install-networks {entry.name}"
    return f"Put {entry.name}-{entry.version}.pb from {entry.source} there."
