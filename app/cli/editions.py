"""What commands prepare for the server."""

from flask import current_app
from sqlalchemy.orm import Session

from ..cache.editions import Editions
from ..disk.cache import cache_of
from .output import TerminalProgress

__all__ = ["prepare"]


def prepare(session: Session) -> None:
    """Build what answers are read from, so that no request has to wait for it."""
    Editions(cache_of(current_app.instance_path)).prepare(session, TerminalProgress())
