"""What commands did, and what went wrong."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, now
from .tracks import Track

__all__ = ["Failure", "Run"]


class Run(Base):
    """One command that wrote, and how it ended; ended_at is null while it runs or after it was killed."""

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(primary_key=True)
    command: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    n_done: Mapped[int] = mapped_column(default=0)
    n_skipped: Mapped[int] = mapped_column(default=0)
    n_failed: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]


class Failure(Base):
    """Why a step went wrong for a track, kept until the step succeeds or the file changes."""

    __tablename__ = "failure"
    __table_args__ = (UniqueConstraint("track_id", "step", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id", ondelete="CASCADE"))
    step: Mapped[str] = mapped_column(String(32), doc="index, metadata or extract")
    severity: Mapped[str] = mapped_column(String(8), doc="error: the step gave nothing; warning: it gave a result to doubt")
    code: Mapped[str] = mapped_column(String(48))
    message: Mapped[str]
    hint: Mapped[str] = mapped_column(default="")
    content_hash: Mapped[str | None] = mapped_column(String(64), doc="of the file when it happened, if its content is to blame")
    happened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    track: Mapped[Track] = relationship()
