"""What commands do for those who look at the map meanwhile, or afterwards."""

from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from ..cache.editions import Editions
from .output import TerminalProgress

__all__ = ["prepare"]


def prepare(session: Session) -> None:
    """Build what answers are read from, so that no request has to wait for it."""
    Editions(Path(current_app.instance_path) / "cache").prepare(session, TerminalProgress())
