"""Where requests come in and answers go out: addresses, parameters, answers, errors, headers."""

from flask import Flask

from . import addresses, changing, compression, errors, hosts, instance, security

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Prepare for every address: its variables, errors, names, compression, headers."""
    app.url_map.converters.update(addresses.CONVERTERS)
    app.config["MAX_CONTENT_LENGTH"] = changing.MOST_BODY_BYTES
    for part in (errors, hosts, compression, security, instance):
        part.init_app(app)
