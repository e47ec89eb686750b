"""How far the collection has come: what `flask status` says."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from flask import current_app
from msgspec import Meta

from ...explore.collection import overview
from ...store import failures, runs, sources, tables
from ...store.database import database
from ..edge.answers import Answer
from ..edge.instance import cache_folder
from ..edge.parameters import Parameters
from ..edge.routes import Routes

__all__ = ["routes"]

MOST_FAILURES = 1000

routes = Routes("api_status")


class Asked(Parameters):
    """How much of it."""

    failures: Annotated[int, Meta(ge=0, le=MOST_FAILURES, description="How many failures to list, errors before warnings.")] = 100


class TrackCounts(Answer):
    """Tracks by what is known of them."""

    n_present: int
    n_missing: Annotated[int, Meta(description="Tracks whose file is missing.")]
    n_described: Annotated[int, Meta(description="Present tracks whose file tags were read.")]
    n_undescribed: Annotated[int, Meta(description="Present tracks whose file tags wait to be read.")]
    duration_s: Annotated[float, Meta(description="Of all present tracks.")]


class ProjectionStatus(Answer):
    """A projection of a space."""

    method: str
    n_tracks: int
    n_placed: Annotated[int, Meta(description="Tracks that were placed after it was fitted.")]
    n_lacking: Annotated[int, Meta(description="Tracks of the space that are still to be placed.")]
    quality: Annotated[dict[str, float], Meta(description="`trustworthiness`, `neighbours_kept` and what they were measured with.")]


class SpaceStatus(Answer):
    """All vectors of one layer of a network."""

    name: str
    n_dims: int
    n_tracks: int
    n_segments: int
    n_stale: Annotated[int, Meta(description="Tracks whose features are of an earlier content of the file.")]
    n_lacking: Annotated[int, Meta(description="Present tracks that are still to be extracted.")]
    has_neighbours: Annotated[bool | None, Meta(description="Whether neighbours are indexed; null where they need not be.")]
    projections: tuple[ProjectionStatus, ...]


class FailureCount(Answer):
    """How many tracks have a failure of one kind."""

    step: Annotated[str, Meta(description="`index`, `metadata` or `extract`.")]
    severity: Annotated[str, Meta(description="`error`: the step gave nothing; `warning`: it gave a result to doubt.")]
    code: str
    n_tracks: int


class Failure(Answer):
    """Why a step went wrong for a track."""

    track_id: int
    path: Annotated[str, Meta(description="Of its file, in AUDIO_DIR.")]
    step: str
    severity: str
    code: str
    message: str
    hint: str
    happened_at: datetime


class Run(Answer):
    """A command that wrote."""

    command: str
    started_at: datetime
    ended_at: Annotated[datetime | None, Meta(description="Null while it runs, and after it was killed.")]
    n_done: int
    n_skipped: int
    n_failed: int
    error: Annotated[str | None, Meta(description="The code of what stopped it; null when nothing did.")]


class Status(Answer):
    """How far the collection has come."""

    tracks: TrackCounts
    spaces: tuple[SpaceStatus, ...]
    failure_counts: tuple[FailureCount, ...]
    failures: Annotated[tuple[Failure, ...], Meta(description="At most as many as were asked for.")]
    runs: Annotated[tuple[Run, ...], Meta(description="The latest first.")]
    is_writing: Annotated[bool, Meta(description="A command writes at this moment: of the runs without an end, the latest.")]
    next_command: Annotated[str | None, Meta(description="The first command that has something left to do.")]


@routes.get("/api/status")
def read(asked: Asked) -> Status:
    """What is indexed, extracted, reduced and failed, and the next command: what `flask status` says."""
    session = database.session()
    # asked before and after: a command may begin or end while the runs are read
    was_writing = _is_writing()
    found = overview.overview(session, cache_folder())
    return Status(
        tracks=msgspec.convert(found.tracks, TrackCounts, from_attributes=True),
        spaces=tuple(map(_space, found.spaces)),
        failure_counts=msgspec.convert(found.failures, tuple[FailureCount, ...], from_attributes=True),
        failures=tuple(map(_failure, failures.every(session, asked.failures))),
        runs=tuple(map(_run, found.runs)),
        is_writing=was_writing or _is_writing(),
        next_command=overview.next_command(found, current_app.config["MODELS_DIR"]),
    )


def _is_writing() -> bool:
    return runs.writer(Path(current_app.instance_path)) is not None


def _space(space: overview.SpaceOverview) -> SpaceStatus:
    return SpaceStatus(
        name=str(space.name),
        n_dims=space.n_dims,
        n_tracks=space.n_tracks,
        n_segments=space.n_segments,
        n_stale=space.n_stale,
        n_lacking=space.n_lacking,
        has_neighbours=space.has_neighbours,
        projections=msgspec.convert(space.projections, tuple[ProjectionStatus, ...], from_attributes=True),
    )


def _failure(failure: tables.Failure) -> Failure:
    return Failure(
        track_id=failure.track_id,
        path=sources.name_of(failure.track),
        step=failure.step,
        severity=failure.severity,
        code=failure.code,
        message=failure.message,
        hint=failure.hint,
        happened_at=tables.in_utc(failure.happened_at),
    )


def _run(run: tables.Run) -> Run:
    return Run(
        command=run.command,
        started_at=tables.in_utc(run.started_at),
        ended_at=None if run.ended_at is None else tables.in_utc(run.ended_at),
        n_done=run.n_done,
        n_skipped=run.n_skipped,
        n_failed=run.n_failed,
        error=run.error,
    )
