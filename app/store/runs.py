"""Runs: every command that wrote, and how it ended."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..core.entities import Outcome
from ..disk import lock
from ..disk.lock import Holder
from .tables import Run, now

__all__ = ["LOCK", "begin", "finish", "last", "latest", "writer"]

_LAST = select(Run.id, Run.ended_at).order_by(Run.id.desc()).limit(1)

LOCK = "write.lock"
"""The file in the instance folder whose lock the command that writes holds."""


def writer(instance: Path) -> Holder | None:
    """The command that writes to the instance at this moment, named as `flask extract-all (process 12)`."""
    try:
        return lock.holder(instance / LOCK)
    except OSError:
        return None


def begin(session: Session, command: str) -> int:
    """Note that a command starts; gives the id of its run."""
    run = Run(command=command)
    session.add(run)
    session.flush()
    return run.id


def finish(session: Session, run_id: int, outcome: Outcome, error: str | None = None) -> None:
    """Note how a run ended; `error` is the code of what stopped it."""
    run = session.get_one(Run, run_id)
    run.ended_at = now()
    run.n_done, run.n_skipped, run.n_failed = outcome.done, outcome.skipped, outcome.failed
    run.error = error


def last(session: Session) -> tuple[int, datetime | None]:
    """Which run was the last, and when it ended: another answer whenever a command has begun or ended."""
    row = session.connection().execute(_LAST).one_or_none()
    return (0, None) if row is None else (row.id, row.ended_at)


def latest(session: Session, limit: int) -> Sequence[Run]:
    """The last runs, the latest first."""
    return session.scalars(select(Run).order_by(Run.id.desc()).limit(limit)).all()
