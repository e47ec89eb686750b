"""Pages, API and sound over HTTP."""

from flask import Flask

from . import api_collection, api_points, api_segments, api_taggram, audio, errors, health, pages, security

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Register what the browser sees."""
    for part in (api_collection, api_points, api_segments, api_taggram, audio, health, pages):
        app.register_blueprint(part.blueprint)
    errors.init_app(app)
    security.init_app(app)
