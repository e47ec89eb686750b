"""What commands prepare for the server."""

from flask import current_app
from sqlalchemy.orm import Session

from ..cache.editions import Editions
from ..disk.cache import cache_of
from ..pipeline import regions
from .output import TerminalProgress

__all__ = ["prepare"]


def prepare(session: Session) -> None:
    """Build what answers are read from, so that no request has to wait for it; name the regions of maps that changed."""
    editions = Editions(cache_of(current_app.instance_path))
    editions.prepare(session, TerminalProgress())
    regions.bring_up(session, editions, TerminalProgress())
