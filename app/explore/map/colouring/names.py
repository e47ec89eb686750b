"""What colours a map, by name. This is the grammar of the parameter `colour`; `static/js/state/colours.js` reads the same.

network/tag                         the activation of a tag
top/network                         each segment's top tag
field/name                          what is known of its track: field/artist, field/year
difference/network/network/tag      how much more the first network hears of a tag than the second
"""

from dataclasses import dataclass
from typing import TypeAlias

from ....core.errors import InvalidError

__all__ = ["ColourName", "DifferenceName", "FieldName", "TagName", "TopName", "parse"]

TOP, FIELD, DIFFERENCE = "top", "field", "difference"
HINT = "Write for example msd-musicnn/rock, top/msd-musicnn, field/artist or difference/msd-musicnn/mtt-musicnn/rock."


@dataclass(frozen=True)
class TagName:
    """A dimension of a network's activations, by name."""

    network: str
    label: str

    def __str__(self) -> str:
        return f"{self.network}/{self.label}"


@dataclass(frozen=True)
class TopName:
    """The top tag of each segment by a network."""

    network: str

    def __str__(self) -> str:
        return f"{TOP}/{self.network}"


@dataclass(frozen=True)
class FieldName:
    """A field of tracks."""

    field: str

    def __str__(self) -> str:
        return f"{FIELD}/{self.field}"


@dataclass(frozen=True)
class DifferenceName:
    """The activation of a tag by one network, less that by another."""

    network: str
    other: str
    label: str

    def __str__(self) -> str:
        return f"{DIFFERENCE}/{self.network}/{self.other}/{self.label}"


ColourName: TypeAlias = TagName | TopName | FieldName | DifferenceName


def parse(text: str) -> ColourName:
    """Read a name; a tag or a field may itself contain slashes.

    Raises
    ------
    InvalidError
        The text has another form.
    """
    kind, _, rest = text.partition("/")
    match kind, rest.split("/", 2) if kind == DIFFERENCE else [rest]:
        case "difference", [network, other, label] if network and other and label:
            return DifferenceName(network, other, label)
        case "top", [network] if network and "/" not in network:
            return TopName(network)
        case "field", [field] if field:
            return FieldName(field)
        case network, [label] if network and label and network not in (TOP, FIELD):
            return TagName(network, label)
    raise InvalidError("invalid_colour", f"{text!r} names nothing that colours a map.", HINT)
