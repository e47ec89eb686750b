"""`flask status`: what there is, what went wrong, what to do next."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
from flask import current_app

from ..core.errors import NotReadyError
from ..disk.cache import cache_of
from ..explore.collection.overview import Overview, SpaceOverview, next_command, overview
from ..store import failures, runs, schema, sources
from ..store.database import database
from ..store.schema import Schema
from ..store.tables import Failure, Run, in_utc
from .command import command
from .output import printable

__all__ = ["require_tables", "status"]

QUALITY = ("trustworthiness", "neighbours_kept")


@command("status")
@click.option("--failures", "with_failures", is_flag=True, help="List every failure with its track.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def status(with_failures: bool, as_json: bool) -> None:
    """Show what is indexed, extracted, reduced and failed, and the next command."""
    require_tables()
    session = database.session()
    found = overview(session, cache_of(current_app.instance_path))
    is_writing = runs.writer(Path(current_app.instance_path)) is not None
    if not is_writing:
        # a command may have ended after the runs were read; now that none is at work, a run without an end was interrupted
        for run in found.runs:
            session.refresh(run)
    failed = failures.every(session) if with_failures else []
    if as_json:
        click.echo(json.dumps(_document(found, is_writing, failed if with_failures else None), indent=2))
        return
    click.echo("\n".join(_failure_lines(failed) if with_failures else _lines(found, is_writing)))


def require_tables() -> Schema:
    """The version of the tables.

    Raises
    ------
    NotReadyError
        There are no tables, or they are of an older version.
    """
    file = schema.file_of(database.engine)
    if file is not None and not file.exists():
        # asking SQLite would make an empty file
        raise NotReadyError("no_database", "There is no database yet.", "Run: flask sync")
    found = schema.read(database.engine, current_app.extensions["migrate"].migrate.get_config())
    if found.stored is None:
        raise NotReadyError("no_tables", "The database has no tables yet.", "Run: flask sync")
    if not found.is_current:
        raise NotReadyError("old_tables", f"The database is of the older version {found.stored}.", "Run: flask init-db")
    return found


def _lines(found: Overview, is_writing: bool) -> Iterator[str]:
    tracks = found.tracks
    yield f"Tracks       {tracks.n_present:,} present, {tracks.n_missing:,} missing, {_hours(tracks.duration_s)} of sound"
    yield f"File tags    {tracks.n_described:,} read, {tracks.n_present - tracks.n_described:,} not"
    for space in found.spaces:
        yield from _space_lines(space)
    if not found.spaces:
        yield "Features     none extracted yet"
    for failure in found.failures:
        yield f"Failures     {failure.n_tracks:,} {failure.severity}s in {failure.step}: {failure.code}"
    for i, run in enumerate(found.runs):
        yield f"Run          {_run_text(run, is_writing and i == 0)}"
    if found.failures:
        yield "Every failure: flask status --failures"
    command = _next(found)
    yield f"Next: {command}" if command else "Nothing is left to do. Look at the map: flask run"


def _next(found: Overview) -> str | None:
    return next_command(found, current_app.config["MODELS_DIR"])


def _space_lines(space: SpaceOverview) -> Iterator[str]:
    text = f"{space.n_tracks:,} tracks, {space.n_segments:,} segments of {space.n_dims} dimensions"
    text += f", {space.n_stale:,} stale" if space.n_stale else ""
    text += f", {space.n_lacking:,} to extract" if space.n_lacking else ""
    text += ", neighbours not indexed" if space.has_neighbours is False else ""
    yield f"Features     {space.name}: {text}"
    for made in space.projections:
        text = f"{made.n_tracks:,} tracks"
        text += f", {made.n_placed:,} of them placed later" if made.n_placed else ""
        text += f", {made.n_lacking:,} to place" if made.n_lacking else ""
        text += "".join(f", {name.replace('_', ' ')} {made.quality[name]:.3f}" for name in QUALITY if name in made.quality)
        yield f"  Map        {made.method}: {text}"


def _failure_lines(failed: Any) -> Iterator[str]:
    if not failed:
        yield "No failures."
    for failure in failed:
        yield printable(
            f"{sources.name_of(failure.track)}: {failure.severity} in {failure.step}: {failure.message} {failure.hint}".rstrip()
        )


def _run_text(run: Run, at_work: bool) -> str:
    counts = f"{run.n_done:,} done, {run.n_skipped:,} skipped, {run.n_failed:,} failed"
    return f"{run.started_at:%Y-%m-%d %H:%M} UTC, flask {run.command}: {counts}, {_ending(run, at_work)}"


def _ending(run: Run, at_work: bool) -> str:
    if run.ended_at is None:
        return "at work" if at_work else "interrupted"
    return "finished" if run.error is None else "interrupted" if run.error == "interrupted" else f"stopped by {run.error}"


def _hours(duration_s: float) -> str:
    return str(timedelta(seconds=round(duration_s)))


def _document(found: Overview, is_writing: bool, failed: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "tracks": asdict(found.tracks),
        "spaces": [{**asdict(space), "name": str(space.name)} for space in found.spaces],
        "failures": [asdict(count) for count in found.failures],
        "runs": [_run(run, is_writing and i == 0) for i, run in enumerate(found.runs)],
        "next_command": _next(found),
    }
    if failed is not None:
        document["failed"] = [_failure(failure) for failure in failed]
    return document


def _run(run: Run, at_work: bool) -> dict[str, Any]:
    return {
        "command": run.command,
        "started_at": _text(run.started_at),
        "ended_at": run.ended_at and _text(run.ended_at),
        "n_done": run.n_done,
        "n_skipped": run.n_skipped,
        "n_failed": run.n_failed,
        "ending": _ending(run, at_work),
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "path": sources.name_of(failure.track),
        "step": failure.step,
        "severity": failure.severity,
        "code": failure.code,
        "message": failure.message,
        "hint": failure.hint,
        "happened_at": _text(failure.happened_at),
    }


def _text(when: datetime) -> str:
    return in_utc(when).isoformat(timespec="seconds")
