"""The commands: parse, call, print. One file per group."""

import click
from flask import Flask

from .database import init_db
from .demo import demo
from .reduce import export_coordinates, export_features, reduce_all
from .status import status

__all__ = ["init_app"]

COMMANDS: tuple[click.Command, ...] = (
    init_db,
    status,
    demo,
    reduce_all,
    export_features,
    export_coordinates,
)


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
