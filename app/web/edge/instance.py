"""What belongs to the present instance: the editions that answers are read from, and where they are kept."""

from pathlib import Path

from flask import Flask, current_app

from ...cache.editions import Editions

__all__ = ["cache_folder", "editions", "init_app"]

EXTENSION = "tagscape.editions"


def init_app(app: Flask) -> None:
    """Open the editions of the instance, one for all requests."""
    app.extensions[EXTENSION] = Editions(_folder(app))


def editions() -> Editions:
    """The editions of the present instance."""
    found: Editions = current_app.extensions[EXTENSION]
    return found


def cache_folder() -> Path:
    """Where is kept what can be computed again; safe to delete at any time."""
    return _folder(current_app)


def _folder(app: Flask) -> Path:
    return Path(app.instance_path) / "cache"
