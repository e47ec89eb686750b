"""The commands: parse, call, print. One file per group."""

import click
from flask import Flask

from .database import init_db

__all__ = ["init_app"]

COMMANDS: tuple[click.Command, ...] = (init_db,)


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
