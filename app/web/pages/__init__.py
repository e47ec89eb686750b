"""The pages, one file each, and the scripts and styles they are made of."""

from flask import Flask

from . import assets
from . import map as map_page

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Serve every page."""
    app.register_blueprint(map_page.blueprint)
    assets.init_app(app)
