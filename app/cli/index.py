"""Commands that keep the list of tracks: find files, read their tags, forget tracks."""

from pathlib import Path

import click
from flask import current_app

from ..core.batches import batches
from ..core.entities import Outcome
from ..pipeline.index_audio import index_all
from ..pipeline.load_metadata import load_all_metadata
from ..store import artists, sources, tracks
from ..store.database import database
from .command import command
from .output import TerminalProgress, print_outcome, print_warning, printable

__all__ = ["forget", "index_all_audio", "load_id3_metadata"]

SHOWN = 10
FORGOTTEN_PER_COMMIT = 100


@command("index-all-audio", writes=True)
@click.option("--force", is_flag=True, help="Read every file again, also unchanged ones.")
@click.option("--allow-empty", is_flag=True, help="Mark every track missing when AUDIO_DIR holds no audio.")
def index_all_audio(force: bool, allow_empty: bool) -> None:
    """Find audio under AUDIO_DIR, fingerprint it, read its technical facts."""
    audio_dir = current_app.config["AUDIO_DIR"]
    outcome = index_all(database.session(), audio_dir, TerminalProgress(), tell=print_warning, force=force, allow_empty=allow_empty)
    print_outcome("files indexed", outcome)
    if not sources.known(database.session()):
        folder = printable(str(audio_dir))
        click.echo(f"There is no audio in {folder}. Put music there, or set AUDIO_DIR to the folder of your music.")


@command("load-id3-metadata", writes=True)
@click.option("--force", is_flag=True, help="Read the tags of every file again.")
def load_id3_metadata(force: bool) -> None:
    """Read titles, artists, albums, years and genres from the files."""
    outcome = load_all_metadata(database.session(), current_app.config["AUDIO_DIR"], TerminalProgress(), force=force)
    print_outcome("tracks described", outcome)


@command("forget", writes=True)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(paths: tuple[str, ...], yes: bool) -> None:
    """Remove tracks and all that was computed from them; the files stay.

    PATH is the path of a track in AUDIO_DIR, a folder, or a pattern such as 'live/*.mp3'.
    """
    session = database.session()
    found = sources.matching(session, [_relative(path) for path in paths])
    for path in list(found)[:SHOWN]:
        click.echo(f"  {printable(path)}")
    if len(found) > SHOWN:
        click.echo(f"  and {len(found) - SHOWN:,} more")
    if not yes:
        click.confirm(f"Forget {len(found):,} tracks and all that was computed from them?", abort=True)
    with TerminalProgress().stretch("Forgetting", len(found), "tracks") as advance:
        for track_ids in batches(found.values(), FORGOTTEN_PER_COMMIT):
            tracks.forget(session, track_ids)
            session.commit()
            advance(len(track_ids))
    artists.remove_unused(session)
    session.commit()
    print_outcome("tracks forgotten", Outcome(done=len(found)))
    click.echo("The files stay: while they lie in AUDIO_DIR, index-all-audio finds them again.")


def _relative(path: str) -> str:
    """`path` as the store spells it, also where it was given with AUDIO_DIR in front."""
    given, audio_dir = Path(path), current_app.config["AUDIO_DIR"]
    return (given.relative_to(audio_dir) if given.is_relative_to(audio_dir) else given).as_posix()
