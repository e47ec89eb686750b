"""The auto-taggers that Tagscape knows, as `catalogue.toml` lists them."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.errors import InvalidError
from ..core.geometry import PatchGeometry
from ..core.spaces import Layer
from ..core.suggest import did_you_mean

__all__ = ["Entry", "LayerEntry", "TagEntry", "Wheel", "by_name", "entries", "wheel"]


@dataclass(frozen=True)
class LayerEntry:
    """A layer's width, and its name inside a frozen TensorFlow graph."""

    n_dims: int
    node: str


@dataclass(frozen=True)
class TagEntry:
    """A tag of a vocabulary; its category is genre, instrument, mood/theme, vocal or other."""

    name: str
    category: str


@dataclass(frozen=True)
class Entry:
    """An auto-tagger: architecture + training data + version.

    `checkpoint` is its folder in the wheel and `onnx_sha256` the hash of the graph made from it; both are empty for networks whose
    weights are only placed by hand. `tags` are those of the activations, in order; empty where there is no such layer.
    """

    name: str
    title: str
    architecture: str
    training_data: str
    version: str
    source: str
    licence: str
    front_end: str
    geometry: PatchGeometry
    input_node: str
    layers: Mapping[Layer, LayerEntry]
    tags: tuple[TagEntry, ...]
    checkpoint: str
    onnx_sha256: str

    @property
    def labels(self) -> Mapping[Layer, tuple[str, ...] | None]:
        """Names of each layer's dimensions, None where they have none."""
        return {layer: tuple(tag.name for tag in self.tags) if layer == Layer.ACTIVATIONS else None for layer in self.layers}


@dataclass(frozen=True)
class Wheel:
    """The package whose checkpoints are read."""

    requirement: str
    file: str
    sha256: str


def entries() -> tuple[Entry, ...]:
    """Every network of the catalogue, in its order."""
    return tuple(_entries().values())


def by_name(name: str) -> Entry:
    """The network of that name.

    Raises
    ------
    InvalidError
        The catalogue has no such network.
    """
    known = _entries()
    if name not in known:
        hint = did_you_mean(name, known, f"Known are: {', '.join(known)}.")
        raise InvalidError("unknown_network", f"Unknown network {name!r}.", hint)
    return known[name]


def wheel() -> Wheel:
    """The package whose checkpoints are read."""
    return Wheel(**_document()["wheel"])


@functools.cache
def _document() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))


@functools.cache
def _entries() -> dict[str, Entry]:
    document = _document()
    category_of = {tag: category for category, tags in document["categories"].items() for tag in tags}
    found = {}
    for name, row in document["networks"].items():
        architecture = document["architectures"][row["architecture"]]
        tags = document["vocabularies"][row["vocabulary"]] if "vocabulary" in row else []
        found[name] = Entry(
            name=name,
            **{key: row[key] for key in ("title", "architecture", "training_data", "version", "source", "licence")},
            front_end=architecture["front_end"],
            geometry=PatchGeometry(**document["front_ends"][architecture["front_end"]]),
            input_node=architecture["input_node"],
            layers={Layer(layer): LayerEntry(**facts) for layer, facts in architecture["layers"].items()},
            tags=tuple(TagEntry(tag, category_of[tag]) for tag in tags),
            checkpoint=row.get("checkpoint", ""),
            onnx_sha256=row.get("onnx_sha256", ""),
        )
    return found
