"""Where requests come in and answers go out: parameters, errors, headers."""

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from . import compression, errors, params, security

__all__ = ["init_app"]


class _JSON(DefaultJSONProvider):
    """Keys stay in the order of the documentation, texts in their own letters."""

    sort_keys = False
    ensure_ascii = False


def init_app(app: Flask) -> None:
    """Prepare for every address: JSON, number parameters, errors, compression, headers."""
    app.json = _JSON(app)
    app.url_map.converters["number"] = params.NumberConverter
    for part in (errors, compression, security):
        part.init_app(app)
