"""What belongs to the present instance: the editions that answers are read from, and where they are kept."""

from pathlib import Path

from flask import Flask, current_app

from ...cache.editions import Editions
from ...disk.cache import cache_of

__all__ = ["cache_folder", "editions", "init_app"]

EXTENSION = "tagscape.editions"


def init_app(app: Flask) -> None:
    """Open the editions of the instance, one for all requests."""
    app.extensions[EXTENSION] = Editions(cache_of(app.instance_path))


def editions() -> Editions:
    """The editions of the present instance."""
    found: Editions = current_app.extensions[EXTENSION]
    return found


def cache_folder() -> Path:
    """The cache of the present instance."""
    return cache_of(current_app.instance_path)
