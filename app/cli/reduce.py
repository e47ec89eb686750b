"""Commands that fit projections, index neighbours, and export features and coordinates."""

from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from ..core.errors import NotReadyError
from ..core.spaces import SpaceName
from ..disk.cache import cache_of
from ..pipeline import export, reduce
from ..pipeline.index_embeddings import index_all_embeddings as index_embeddings
from ..projections import registry
from ..store import projections, spaces
from ..store.database import database
from ..store.tables import Space
from .command import command, give_way
from .editions import prepare
from .output import TerminalProgress, print_outcome

__all__ = ["export_coordinates", "export_features", "index_all_embeddings", "reduce_all"]


@command("reduce-all", writes=True)
@click.option("--space", "space_names", help="Only these, as network/layer, separated by commas. All by default.")
@click.option("--projection", "methods", help="Only these of: " + ",".join(m.name for m in registry.METHODS) + ". All by default.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="Seed of new maps; the setting SEED by default.")
@click.option("--force", is_flag=True, help="Fit again what is fitted, from where its points are.")
def reduce_all(space_names: str | None, methods: str | None, seed: int | None, force: bool) -> None:
    """Fit a map of every space by every projection, and place new tracks into the maps that are there."""
    session = database.session()
    wanted = [registry.by_name(name.strip()) for name in methods.split(",")] if methods else registry.METHODS
    if space_names:
        among = [spaces.by_name(session, SpaceName.parse(name.strip())) for name in space_names.split(",")]
    else:
        among = list(spaces.every(session))
    if not among:
        raise NotReadyError("nothing_extracted", "Nothing has been extracted yet.", "Run: flask extract-all")
    seed = current_app.config["SEED"] if seed is None else seed
    give_way()
    outcome = reduce.reduce_all(session, among, wanted, seed, TerminalProgress(), force=force)
    prepare(session)
    print_outcome("maps brought up to date", outcome)
    _advise_a_refit(session, among)


def _advise_a_refit(session: Session, among: Sequence[Space]) -> None:
    """Name the projections that were fitted to less than half of their tracks."""
    for space in among:
        for projection in projections.of_space(session, space.id):
            n_tracks, n_placed = projections.n_tracks_and_placed(session, projection.id)
            if n_placed > n_tracks / 2:
                name, method = spaces.name_of(space), projection.method
                click.echo(
                    f"The {method} map of {name} was fitted to {n_tracks - n_placed:,} of {n_tracks:,} tracks. "
                    f"To fit it to all: flask reduce-all --force --space {name} --projection {method}"
                )


@command("index-all-embeddings", writes=True)
def index_all_embeddings() -> None:
    """Build what nearest-neighbour queries need."""
    cache = cache_of(current_app.instance_path)
    print_outcome("spaces indexed", index_embeddings(database.session(), cache, TerminalProgress()))


@command("export-features")
@click.argument("space")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def export_features(space: str, out: Path) -> None:
    """Write the features of SPACE to OUT, an .npz with one float32 array [n_segments, n_dims] per track path."""
    session = database.session()
    found = spaces.by_name(session, SpaceName.parse(space))
    print_outcome("tracks exported", export.export_features(session, found, out, TerminalProgress()))


@command("export-coordinates")
@click.argument("space")
@click.argument("projection")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def export_coordinates(space: str, projection: str, out: Path) -> None:
    """Write where PROJECTION puts SPACE to OUT, an .npz with one float32 array [n_segments, n_components] per track path."""
    session = database.session()
    method = registry.by_name(projection)
    found = projections.by_method(session, spaces.by_name(session, SpaceName.parse(space)), method.name)
    print_outcome("tracks exported", export.export_coordinates(session, found, out, TerminalProgress()))
