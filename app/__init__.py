"""Tagscape: explore the latent and the tag spaces of music."""

import os
from collections.abc import Mapping
from pathlib import Path

from click import ClickException
from flask import Flask

from . import cli, config, web
from .core.errors import TagscapeError
from .store import database

__all__ = ["create_app"]

ROOT = Path(__file__).parent.parent


def create_app(environment: Mapping[str, str] | None = None) -> Flask:
    """Configuration, store, web, commands.

    Parameters
    ----------
    environment : Mapping[str, str] or None
        Where `TAGSCAPE_*` are read from; the process's environment by default.

    Raises
    ------
    ClickException
        A setting is unknown, its value does not fit, or no driver reaches the database.
    """
    environment = os.environ if environment is None else environment
    instance = Path(environment.get("TAGSCAPE_INSTANCE_PATH") or ROOT / "instance").absolute()
    app = Flask(__name__, instance_path=str(instance))
    try:
        config.load(app.config, environment, instance, ROOT)
        database.init_app(app)
    except TagscapeError as error:
        # there is no command yet that could say it without a traceback; click can
        raise ClickException(str(error)) from error
    web.init_app(app)
    cli.init_app(app)
    return app
