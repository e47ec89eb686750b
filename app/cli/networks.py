"""`flask install-networks`."""

from pathlib import Path

import click
from flask import current_app

from ..networks import installation
from .command import command
from .output import TerminalProgress, print_outcome

__all__ = ["install_networks"]


@command("install-networks", writes=True)
@click.argument("networks", metavar="[NAME]...", nargs=-1)
@click.option(
    "--wheel", type=click.Path(path_type=Path), help="The file musicnn-0.1.0-py3-none-any.whl, where PyPI is out of reach."
)
@click.option("--force", is_flag=True, help="Make them again, even if they exist.")
def install_networks(networks: tuple[str, ...], wheel: Path | None, force: bool) -> None:
    """Make msd-musicnn, msd-vgg, mtt-musicnn and mtt-vgg in the models folder.

    Their weights come from the package musicnn 0.1.0 on PyPI, checked by sha256; only its checkpoints are read.
    """
    outcome = installation.install(current_app.config["MODELS_DIR"], networks, wheel, force, TerminalProgress())
    print_outcome("networks installed", outcome)
