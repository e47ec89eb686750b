"""`flask init-db`: create or upgrade the database."""

from pathlib import Path

import click
from flask import current_app

from ..store import schema
from ..store.database import database
from .command import command, writing
from .output import printable

__all__ = ["init_db"]


@command("init-db")
def init_db() -> None:
    """Create the database, or upgrade it after a backup."""
    migrations = current_app.extensions["migrate"].migrate.get_config()
    # read without the lock, so that a server can start while another command is at work
    if Path(current_app.instance_path).is_dir():
        found = schema.read(database.engine, migrations)
        if found.is_current:
            click.echo(f"The database is up to date (version {found.stored}).")
            return
    with writing("init-db"):
        found = schema.read(database.engine, migrations)
        if found.stored is not None:
            _back_up(found.stored)
        schema.upgrade(migrations)
    done = "Created the database" if found.stored is None else f"Upgraded the database from version {found.stored}"
    click.echo(f"{done} (version {found.newest}).")


def _back_up(revision: str) -> None:
    file = schema.file_of(database.engine)
    if file is None:
        click.echo("No backup: make it with the tools of your database server.")
        return
    copy = schema.backup(file, Path(current_app.instance_path) / "backups", revision)
    click.echo(f"Backup: {printable(str(copy))}")
