"""The commands: parse, call, print. One file per group."""

import click
from flask import Flask

from .database import init_db
from .demo import demo
from .doctor import doctor
from .extract import extract_all_command
from .index import forget, index_all_audio, load_id3_metadata
from .networks import install_networks
from .reduce import export_coordinates, export_features, index_all_embeddings, reduce_all
from .status import status
from .sync import sync

__all__ = ["init_app"]

COMMANDS: tuple[click.Command, ...] = (
    init_db,
    install_networks,
    index_all_audio,
    load_id3_metadata,
    status,
    doctor,
    forget,
    extract_all_command,
    sync,
    demo,
    reduce_all,
    index_all_embeddings,
    export_features,
    export_coordinates,
)


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
