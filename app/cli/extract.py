"""`flask extract-all`: run the networks over every track that lacks their features."""

from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from tqdm import tqdm

from ..core.errors import NotReadyError
from ..networks import catalogue, weights
from ..networks.runtimes import factory
from ..pipeline.extract.plan import Subject, plan
from ..pipeline.extract.run import extract_all
from ..store.database import database
from .command import command, give_way
from .editions import prepare
from .output import TerminalProgress, print_outcome

__all__ = ["extract_all_command"]


@command("extract-all", writes=True)
@click.argument("models_dir", required=False, type=click.Path(path_type=Path))
@click.option("--networks", help="Only these, separated by commas. By default all that have weights.")
@click.option("--runtime", type=click.Choice(list(factory.READS)), help="What runs them; the setting RUNTIME by default.")
@click.option("--precision", type=click.Choice(["f32", "bf16"]), help="The setting PRECISION by default.")
@click.option("--limit", type=click.IntRange(0), help="Stop after this many tracks.")
@click.option("--force", is_flag=True, help="Extract again what is extracted, also with other weights or in another precision.")
@click.option("--dry-run", is_flag=True, help="Say what would be done.")
def extract_all_command(
    models_dir: Path | None,
    networks: str | None,
    runtime: str | None,
    precision: str | None,
    limit: int | None,
    force: bool,
    dry_run: bool,
) -> None:
    """Run the networks over every track that lacks their features.

    MODELS_DIR is the folder of the networks' weights; the setting MODELS_DIR by default.
    """
    config, session = current_app.config, database.session()
    models_dir = models_dir or config["MODELS_DIR"]
    runtime, precision = runtime or config["RUNTIME"], precision or config["PRECISION"]
    names = [name.strip() for name in networks.split(",")] if networks else list(weights.available(models_dir))
    if not names:
        raise NotReadyError("no_weights", f"There are no networks in {models_dir.name}/.", "Run: flask install-networks")
    subjects = _subjects(models_dir, names, runtime, precision)
    work = plan(session, subjects, limit=limit, force=force)
    if dry_run:
        duration = tqdm.format_interval(work.duration_s)
        click.echo(f"{len(work.tracks):,} tracks ({duration} of sound) would be extracted by {', '.join(names)}.")
        return
    if work.tracks:
        give_way()  # before the networks are loaded, whose threads take over the priority
        engine = factory.load(models_dir, names, runtime, precision, config["THREADS"])
        outcome = extract_all(
            session,
            config["AUDIO_DIR"],
            engine,
            subjects,
            work,
            commit_tracks=config["COMMIT_TRACKS"],
            progress=TerminalProgress(),
        )
        prepare(session)
    else:
        outcome = work.nothing_done
    print_outcome("tracks extracted", outcome)


def _subjects(models_dir: Path, names: Sequence[str], runtime: str, precision: str) -> list[Subject]:
    subjects = []
    for name in dict.fromkeys(names):
        entry = catalogue.by_name(name)
        layers = {layer: (facts.n_dims, entry.labels[layer]) for layer, facts in entry.layers.items()}
        sha256 = factory.find(models_dir, name, runtime).sha256
        subjects.append(Subject(name, sha256, precision, runtime, entry.geometry, layers))
    return subjects
