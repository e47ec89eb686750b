"""The names that filters may use in a collection."""

from functools import lru_cache

from sqlalchemy.orm import Session

from ...core.spaces import Layer
from ...filters import Vocabulary
from ...networks import catalogue
from ...store import spaces

__all__ = ["vocabulary"]


def vocabulary(session: Session, network: str) -> Vocabulary:
    """The tags of all networks that have heard something; those of one need no prefix."""
    stored = {
        each.name: each.spaces[Layer.ACTIVATIONS] for each in spaces.every_stored(session) if Layer.ACTIVATIONS in each.spaces
    }
    return _vocabulary(network, tuple((name, space.labels or ()) for name, space in stored.items()))


@lru_cache(64)
def _vocabulary(network: str, tags: tuple[tuple[str, tuple[str, ...]], ...]) -> Vocabulary:
    titles = {entry.name: entry.title for entry in catalogue.entries()}
    return Vocabulary(network, dict(tags), {name: titles.get(name, name) for name in (network, *(name for name, _ in tags))})
