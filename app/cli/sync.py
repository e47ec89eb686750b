"""`flask sync`: every step that is still missing, in order."""

import click

from .command import command
from .database import init_db
from .extract import extract_all_command
from .index import index_all_audio, load_id3_metadata
from .networks import install_networks
from .reduce import index_all_embeddings, reduce_all

__all__ = ["sync"]

STEPS = (init_db, install_networks, index_all_audio, load_id3_metadata, extract_all_command, reduce_all, index_all_embeddings)


@command("sync")
def sync() -> None:
    """Do all that is still missing: from the database to the maps."""
    context = click.get_current_context()
    for number, step in enumerate(STEPS, start=1):
        click.secho(f"[{number}/{len(STEPS)}] {step.name}", bold=True)
        context.invoke(step)
