"""What went wrong for single tracks, kept until the step succeeds or the file changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from ..core.errors import TagscapeError
from .tables import Failure, Track, now

__all__ = ["Count", "Severity", "clear", "counts", "every", "n_tracks", "record", "track_ids"]

Severity = Literal["error", "warning"]
"""error: the step gave nothing; warning: it gave a result to doubt."""


@dataclass(frozen=True)
class Count:
    """How many tracks have a failure of one kind."""

    step: str
    severity: str
    code: str
    n_tracks: int


def record(
    session: Session,
    track_id: int,
    step: str,
    error: TagscapeError,
    severity: Severity = "error",
    content_hash: str | None = None,
) -> None:
    """Note why `step` (index, metadata or extract) went wrong; the same code again replaces the older note.

    Parameters
    ----------
    content_hash : str or None
        Of the file when it happened, so that a step can tell an old failure from one of the present file. It is not kept with an
        error that does not lie in the content: a file that was out of reach is tried again.
    """
    failure = session.scalar(select(Failure).where(Failure.track_id == track_id, Failure.step == step, Failure.code == error.code))
    if failure is None:
        failure = Failure(track_id=track_id, step=step, code=error.code)
        session.add(failure)
    failure.severity = severity
    failure.message = error.message
    failure.hint = error.hint
    failure.content_hash = None if error.is_passing else content_hash
    failure.happened_at = now()
    session.flush()


def clear(session: Session, track_id: int, step: str) -> None:
    """Forget what went wrong in `step` for a track: it succeeded, or is about to be tried again."""
    session.execute(delete(Failure).where(Failure.track_id == track_id, Failure.step == step))


def track_ids(session: Session, step: str) -> set[int]:
    """Tracks with a failure of a step: those for which `clear` has something to do."""
    return set(session.scalars(select(Failure.track_id).where(Failure.step == step)))


def every(session: Session, limit: int | None = None) -> Sequence[Failure]:
    """Failures with their tracks, errors before warnings, then by step, code and track."""
    query = select(Failure).join(Failure.track).options(joinedload(Failure.track).selectinload(Track.sources))
    order = (Failure.severity, Failure.step, Failure.code, Failure.track_id)
    return session.scalars(query.order_by(*order).limit(limit)).all()


def counts(session: Session) -> list[Count]:
    """Tracks per step, severity and code, in the order of `every`."""
    kind = (Failure.severity, Failure.step, Failure.code)
    query = select(*kind, func.count()).group_by(*kind).order_by(*kind)
    return [Count(step, severity, code, n) for severity, step, code, n in session.execute(query)]


def n_tracks(session: Session, severity: Severity = "error") -> int:
    """Tracks with at least one failure of that severity."""
    query = select(func.count(Failure.track_id.distinct())).where(Failure.severity == severity)
    return session.scalar(query) or 0
