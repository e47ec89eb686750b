"""Runs: every command that wrote, and how it ended."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..core.entities import Outcome
from .tables import Run, now

__all__ = ["begin", "finish", "latest"]


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


def latest(session: Session, limit: int) -> Sequence[Run]:
    """The last runs, the latest first."""
    return session.scalars(select(Run).order_by(Run.id.desc()).limit(limit)).all()
