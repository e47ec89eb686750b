"""Pages, API and sound over HTTP."""

from flask import Flask

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Register what the browser sees."""
