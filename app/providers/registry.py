"""The providers, by the kind of the sources that they serve."""

from collections.abc import Callable, Mapping
from typing import Any

from ..core.errors import InvalidError
from .base import Provider
from .local import LocalFiles

__all__ = ["PROVIDERS", "by_kind"]

Settings = Mapping[str, Any]

PROVIDERS: dict[str, Callable[[Settings], Provider]] = {
    "file": lambda settings: LocalFiles(settings["AUDIO_DIR"]),
}


def by_kind(kind: str, settings: Settings) -> Provider:
    """The provider of a kind of source.

    Raises
    ------
    InvalidError
        This Tagscape has no such provider: a newer one stored the source.
    """
    if kind not in PROVIDERS:
        raise InvalidError("no_provider", f"Sound of the kind {kind!r} cannot be played by this version.", "Update Tagscape.")
    return PROVIDERS[kind](settings)
