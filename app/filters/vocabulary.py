"""The names that a filter may use."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

from .tree import NamedTag, NumberField, TextField

__all__ = ["FIELDS", "FIELD_NOTES", "NUMBER_FIELDS", "TEXT_FIELDS", "Vocabulary"]

TEXT_FIELDS: tuple[str, ...] = get_args(TextField)
NUMBER_FIELDS: tuple[str, ...] = get_args(NumberField)
FIELDS = (*TEXT_FIELDS, *NUMBER_FIELDS)

FIELD_NOTES = {
    "title": "of the track",
    "artist": "of the track",
    "album": "of the track",
    "file": "its path",
    "genre": "that its file names",
    "year": "2000..2010",
    "length": "of the track: ..4:30",
    "start": "of the segment in its track: 0:30..1:00",
    "track": "its number",
}

NEAR = 0.5


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The tags of the networks that have heard the collection.

    network : whose tags need no prefix
    tags : of each network that has tags
    titles : of networks, as people call them
    """

    network: str
    tags: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, str]

    @property
    def title(self) -> str:
        """What people call the network whose tags need no prefix."""
        return self.titles.get(self.network, self.network)

    def find(self, name: str) -> NamedTag | None:
        """The tag of that name: `rock`, or `mtt-musicnn/rock` of another network. Case, `-`, `_` and spaces make no difference."""
        label = self._label(self.network, name)
        if label is not None:
            return NamedTag(self.network, label)
        network, slash, rest = name.partition("/")
        label = self._label(network, rest) if slash else None
        return None if label is None else NamedTag(network, label)

    def missing(self, name: str) -> tuple[str, str]:
        """(what is wrong, a hint) with a name that is no tag."""
        network, slash, rest = name.partition("/")
        if slash and network in self.tags:
            return f"`{rest}` is no tag of {self.titles.get(network, network)}", _suggestion(
                rest, self.tags[network], f"{network}/"
            )
        if slash:
            hint = f"Networks with tags are {', '.join(self.tags)}." if self.tags else "Run: flask extract-all"
            return f"`{network}` is no network with tags", _suggestion(network, self.tags) or hint
        return f"`{name}` is no tag of {self.title}", _suggestion(name, self.tags.get(self.network, ()))

    def _label(self, network: str, name: str) -> str | None:
        labels = self.tags.get(network, ())
        return name if name in labels else self._folded.get(network, {}).get(_folded(name))

    @cached_property
    def _folded(self) -> dict[str, dict[str, str]]:
        return {network: {_folded(label): label for label in labels} for network, labels in self.tags.items()}


def _folded(name: str) -> str:
    return re.sub(r"[-_\s]+", " ", name.casefold())


def _suggestion(name: str, known: Mapping[str, object] | tuple[str, ...], prefix: str = "") -> str:
    """`Did you mean rock?`, from names of which a word is near; the whole name counts a little more."""
    wanted = _folded(name)

    def nearness(other: str) -> float:
        folded = _folded(other)
        near = difflib.SequenceMatcher(None, wanted, folded).ratio()
        words = max(difflib.SequenceMatcher(None, wanted, word).ratio() for word in folded.split() or [""])
        return max(near, 0.95 * words)

    nearest = max(known, key=nearness, default=None)
    if nearest is None or nearness(nearest) < NEAR:
        return ""
    text = prefix + nearest
    return f'Did you mean "{text}"?' if re.search(r"\s", text) else f"Did you mean {text}?"
