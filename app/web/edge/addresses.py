"""The variable parts of addresses: how they are read and what they mean. A name means the same in every address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import BadRequest
from werkzeug.routing import BaseConverter, IntegerConverter, Map

from ...core.errors import InvalidError
from ...core.spaces import NETWORK_PATTERN, Layer, SpaceName
from ...explore.map.points import ORIGINAL
from ...projections.registry import METHODS
from .parameters import LARGEST

__all__ = ["CONVERTERS", "VARIABLES", "Variable", "template", "variables"]

_PART = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")


@dataclass(frozen=True)
class Variable:
    """A variable part of an address: its meaning, its JSON schema, an example."""

    meaning: str
    schema: Mapping[str, Any]
    example: str | int


TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": LARGEST}

VARIABLES = {
    "network": Variable("The name of a network.", {**TEXT, "pattern": f"^{NETWORK_PATTERN}$"}, "msd-musicnn"),
    "layer": Variable(
        "What of the network: activations of its tags, or embeddings.",
        {**TEXT, "enum": [layer.value for layer in Layer]},
        Layer.EMBEDDINGS.value,
    ),
    "projection": Variable(
        "The method of a projection; original shows two dimensions of the space itself.",
        {**TEXT, "enum": [ORIGINAL, *(method.name for method in METHODS)]},
        "pca",
    ),
    "region": Variable("The number of a region.", WHOLE, 5),
    "row": Variable("The number of a segment.", WHOLE, 17),
    "track_id": Variable("The number of a track.", WHOLE, 3),
    "view_id": Variable("The number of a saved view.", WHOLE, 3),
}
"""Every variable that a declared address may have."""


class NumberConverter(IntegerConverter):
    """`<number:row>`: whole, and no larger than the database and JavaScript hold."""

    def __init__(self, map: Map) -> None:  # noqa: A002  # the base class's name
        super().__init__(map, max=LARGEST)


class SpaceConverter(BaseConverter):
    """`<space:space>`: a network and a layer, read once and given as a `SpaceName`."""

    regex = "[^/]+/[^/]+"

    def to_python(self, value: str) -> SpaceName:
        """Read the name of a space."""
        try:
            return SpaceName.parse(value)
        except InvalidError as error:
            # while an address is matched, only errors of HTTP are answered; the edge answers with what caused it
            raise BadRequest from error


CONVERTERS: dict[str, type[BaseConverter]] = {"number": NumberConverter, "space": SpaceConverter}
_SEVERAL = {"space": ("network", "layer")}
"""Converters that read several variables at once."""


def variables(rule: str) -> tuple[str, ...]:
    """The names of the variables of a rule, in its order."""
    return tuple(name for part in _PART.finditer(rule) for name in _names(part))


def template(rule: str) -> str:
    """A rule as documents write it: `/api/points/{network}/{layer}/{projection}`."""
    return _PART.sub(lambda part: "/".join(f"{{{name}}}" for name in _names(part)), rule)


def _names(part: re.Match[str]) -> tuple[str, ...]:
    return _SEVERAL.get(part["converter"] or "", (part["name"],))
