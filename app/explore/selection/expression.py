"""What a selection is made of: areas of maps, tracks, artists, picked segments, stored selections, joined to one expression.

Pure values. `text` writes an expression as addresses hold it, `reading.parse` reads it again. One expression has one text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ...core.spaces import SpaceName

__all__ = [
    "Area",
    "Expression",
    "Filtered",
    "Inverted",
    "Joined",
    "Joint",
    "OfArtist",
    "OfArtistOf",
    "OfRegion",
    "OfTrack",
    "Picked",
    "Place",
    "Shape",
    "StoredTerm",
    "Term",
    "inverted",
    "joined",
    "terms",
    "text",
]

Joint = Literal["plus", "minus", "and"]
"""Add, subtract, intersect."""

Shape = Literal["polygon", "box"]


@dataclass(frozen=True)
class Place:
    """Where an area lies: the map of a space by a method, and which of its dimensions are across and up."""

    space: SpaceName
    method: str
    x: int
    y: int

    def __str__(self) -> str:
        return f"{self.space}/{self.method}/{self.x}/{self.y}"


@dataclass(frozen=True)
class Area:
    """A part of a map, in its units.

    numbers : x and y of each vertex of a polygon in turn; x0, x1, y0, y1 of a box
    """

    shape: Shape
    place: Place
    numbers: tuple[float, ...]

    def __str__(self) -> str:
        return f"{self.shape}:{self.place}/{'_'.join(map(_number, self.numbers))}"


@dataclass(frozen=True)
class OfTrack:
    """Every segment of a track."""

    track_id: int

    def __str__(self) -> str:
        return f"track:{self.track_id}"


@dataclass(frozen=True)
class OfArtist:
    """Every segment of every track of an artist."""

    artist_id: int

    def __str__(self) -> str:
        return f"artist:{self.artist_id}"


@dataclass(frozen=True)
class OfArtistOf:
    """Every segment of every track of the artist of a track."""

    track_id: int

    def __str__(self) -> str:
        return f"artist-of:{self.track_id}"


@dataclass(frozen=True)
class Picked:
    """Segments that were picked by hand: of a network, the track and the index of each, which outlive a revision."""

    network: str
    segments: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        return f"segments:{self.network}/{'_'.join(f'{track}.{index}' for track, index in self.segments)}"


@dataclass(frozen=True)
class Filtered:
    """What a filter of a network keeps: docs/filters.md describes its text."""

    filter: str

    def __str__(self) -> str:
        return f"filter:{_quoted(self.filter)}"


@dataclass(frozen=True)
class OfRegion:
    """A region of a map, by its number; `made` names the regions that it is one of."""

    place: Place
    region: int
    made: str

    def __str__(self) -> str:
        return f"region:{self.place}/{self.region}/{self.made}"


@dataclass(frozen=True)
class StoredTerm:
    """A selection that is stored under a token."""

    token: str

    def __str__(self) -> str:
        return f"stored:{self.token}"


Term: TypeAlias = Area | OfTrack | OfArtist | OfArtistOf | Picked | Filtered | OfRegion | StoredTerm


@dataclass(frozen=True)
class Inverted:
    """Everything that `of` does not select."""

    of: "Expression"


@dataclass(frozen=True)
class Joined:
    """A first expression and what is added to it, subtracted from it or intersected with it, from left to right."""

    first: "Expression"
    others: tuple[tuple[Joint, "Expression"], ...]


Expression: TypeAlias = Term | Inverted | Joined


def inverted(of: Expression) -> Expression:
    """Everything else; of everything else, the selection itself."""
    return of.of if isinstance(of, Inverted) else Inverted(of)


def joined(first: Expression, joint: Joint, other: Expression) -> Joined:
    """Two expressions as one."""
    if isinstance(first, Joined):
        return Joined(first.first, (*first.others, (joint, other)))
    return Joined(first, ((joint, other),))


def terms(expression: Expression) -> Iterator[Term]:
    """Every term, from left to right."""
    match expression:
        case Inverted(of):
            yield from terms(of)
        case Joined(first, others):
            for each in (first, *(other for _, other in others)):
                yield from terms(each)
        case term:
            yield term


def text(expression: Expression) -> str:
    """As addresses hold it: `polygon:… plus track:17 minus artist:3`, read from left to right."""
    match expression:
        case Inverted(of):
            return f"not {_operand(of)}"
        case Joined(first, others):
            return " ".join([_operand(first), *(f"{joint} {_operand(other)}" for joint, other in others)])
        case term:
            return str(term)


def _operand(expression: Expression) -> str:
    return f"({text(expression)})" if isinstance(expression, Joined) else text(expression)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _number(value: float) -> str:
    """To seven digits, which is what coordinates are stored to: no map shows more."""
    return f"{value:.7g}"
