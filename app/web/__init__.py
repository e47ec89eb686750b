"""Pages, API and sound over HTTP."""

from flask import Flask

from . import api, edge, media, pages

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Register what the browser sees."""
    # the edge first: its kind of number stands in the others' addresses
    for part in (edge, api, media, pages):
        part.init_app(app)
