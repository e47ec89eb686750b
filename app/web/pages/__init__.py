"""The pages, one file each, and the scripts and styles they are made of."""

from flask import Flask

from . import assets, collection
from . import map as map_page

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Serve every page."""
    for page in (map_page, collection):
        app.register_blueprint(page.blueprint)
    assets.init_app(app)
