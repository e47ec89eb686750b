"""What a filter says, as a tree of conditions. Nothing in it depends on how it was spelt."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = [
    "EVERYTHING",
    "And",
    "Bound",
    "Condition",
    "InAnyText",
    "InNumber",
    "InTag",
    "InText",
    "Interval",
    "Measured",
    "NamedTag",
    "Not",
    "NumberField",
    "Or",
    "Quantified",
    "Shared",
    "Text",
    "TextField",
    "conditions",
]

TextField: TypeAlias = Literal["title", "artist", "album", "file", "genre"]
NumberField: TypeAlias = Literal["year", "length", "start", "track"]


@dataclass(frozen=True)
class Bound:
    """An end of an interval.

    at : a value; for a percentile the share of the collection below it, 0 to 1
    """

    at: float
    is_percentile: bool = False
    is_included: bool = True


@dataclass(frozen=True)
class Interval:
    """What lies between two bounds; None where there is none."""

    low: Bound | None = None
    high: Bound | None = None


@dataclass(frozen=True)
class NamedTag:
    """A tag of a network."""

    network: str
    label: str


@dataclass(frozen=True)
class Text:
    """A text to look for: `part` of another, the `whole` of it, or a regular expression (`pattern`)."""

    text: str
    kind: Literal["part", "whole", "pattern"] = "part"


@dataclass(frozen=True)
class InAnyText:
    """Title, artist, album or file of the track hold the text."""

    text: str


@dataclass(frozen=True)
class InTag:
    """The segment's activation of a tag lies in an interval."""

    tag: NamedTag
    interval: Interval


@dataclass(frozen=True)
class InNumber:
    """A number that belongs to the track, or the time at which the segment starts, lies in an interval."""

    field: NumberField
    interval: Interval


@dataclass(frozen=True)
class InText:
    """A text that belongs to the track is one of several."""

    field: TextField
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Measured:
    """The mean or the highest activation of a tag within the track lies in an interval. Percentiles are of tracks."""

    measure: Literal["mean", "max"]
    tag: NamedTag
    interval: Interval


@dataclass(frozen=True)
class Quantified:
    """Any, or all, of the track's segments match."""

    which: Literal["any", "all"]
    part: "Condition"


@dataclass(frozen=True)
class Shared:
    """The share of the track's segments that match lies in an interval."""

    part: "Condition"
    interval: Interval


@dataclass(frozen=True)
class Not:
    """What does not match."""

    part: "Condition"


@dataclass(frozen=True)
class And:
    """What matches all parts."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Or:
    """What matches a part, or several."""

    parts: tuple["Condition", ...]


Condition: TypeAlias = And | Or | Not | InAnyText | InTag | InNumber | InText | Measured | Quantified | Shared

EVERYTHING = And(())
"""What an empty filter says."""


def conditions(tree: Condition) -> list[Condition]:
    """The single conditions of a tree, in their order."""
    match tree:
        case And(parts) | Or(parts):
            return [single for part in parts for single in conditions(part)]
        case Not(part) | Quantified(_, part) | Shared(part, _):
            return conditions(part)
        case _:
            return [tree]
