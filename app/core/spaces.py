"""Names of networks, layers and spaces. A space is written `msd-musicnn/embeddings`."""

import re
from dataclasses import dataclass
from enum import StrEnum

from .errors import InvalidError

__all__ = ["NETWORK_PATTERN", "Layer", "SpaceName"]

NETWORK_PATTERN = "[a-z0-9]+(-[a-z0-9]+)*"

_NETWORK = re.compile(NETWORK_PATTERN)


class Layer(StrEnum):
    """Which of a network's outputs: scores of tags (activations), or what it hears (embeddings)."""

    ACTIVATIONS = "activations"
    EMBEDDINGS = "embeddings"


_LAYERS = frozenset(Layer)


@dataclass(frozen=True, order=True)
class SpaceName:
    """All vectors of one layer of one network, by name."""

    network: str
    layer: Layer

    @classmethod
    def parse(cls, text: str) -> "SpaceName":
        """Read `network/layer`.

        Raises
        ------
        InvalidError
            The text has another form or names no layer.
        """
        network, _, layer = text.partition("/")
        if not _NETWORK.fullmatch(network) or layer not in _LAYERS:
            raise InvalidError(
                "invalid_space",
                f"{text!r} is not the name of a space.",
                "Write a network and a layer, for example msd-musicnn/embeddings or msd-vgg/activations.",
            )
        return cls(network, Layer(layer))

    def __str__(self) -> str:
        return f"{self.network}/{self.layer}"
