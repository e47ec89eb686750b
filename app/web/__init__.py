"""Pages, API and sound over HTTP."""

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from . import (
    api_collection,
    api_neighbours,
    api_points,
    api_segments,
    api_taggram,
    audio,
    compression,
    errors,
    health,
    pages,
    params,
    security,
)

__all__ = ["init_app"]


class _JSON(DefaultJSONProvider):
    """Keys stay in the order of the documentation, texts in their own letters."""

    sort_keys = False
    ensure_ascii = False


def init_app(app: Flask) -> None:
    """Register what the browser sees."""
    app.json = _JSON(app)
    app.url_map.converters["number"] = params.NumberConverter
    for part in (api_collection, api_neighbours, api_points, api_segments, api_taggram, audio, health):
        app.register_blueprint(part.blueprint)
    for part in (pages, errors, compression, security):
        part.init_app(app)
