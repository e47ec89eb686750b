"""The addresses that answer data: parameters, one call into `explore`, encode."""

from flask import Flask

from . import collection, health, neighbours, points, segments, taggram

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Serve every address."""
    for part in (collection, neighbours, points, segments, taggram, health):
        app.register_blueprint(part.blueprint)
