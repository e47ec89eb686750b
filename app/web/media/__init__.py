"""What is played: the sound of tracks."""

from flask import Flask

from . import sound

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Serve the sound."""
    sound.routes.init_app(app)
