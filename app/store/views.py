"""Views of the map that somebody named."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..core.errors import InvalidError, NotFoundError
from ..core.names import key_of
from .tables import SavedView

__all__ = ["delete", "every", "rename", "save"]


def every(session: Session) -> Sequence[SavedView]:
    """All of them, by name."""
    return session.scalars(select(SavedView).order_by(SavedView.key)).all()


def save(session: Session, name: str, query: str) -> SavedView:
    """Keep a view under a name. One that is named so, however it is spelt, is replaced."""
    found = _named(session, name)
    if found is None:
        found = SavedView(name=name, query=query)
        session.add(found)
    else:
        found.name, found.query = name, query
    session.flush()
    return found


def rename(session: Session, view_id: int, name: str) -> SavedView:
    """Give a view another name.

    Raises
    ------
    NotFoundError
        There is no such view.
    InvalidError
        Another one is named so.
    """
    found = _by_id(session, view_id)
    other = _named(session, name)
    if other is not None and other.id != found.id:
        raise InvalidError("name_taken", f"There is another view named {other.name}.", "Choose another name.")
    found.name = name
    session.flush()
    return found


def delete(session: Session, view_id: int) -> None:
    """Remove a view.

    Raises
    ------
    NotFoundError
        There is no such view.
    """
    session.delete(_by_id(session, view_id))
    session.flush()


def _by_id(session: Session, view_id: int) -> SavedView:
    found = session.get(SavedView, view_id)
    if found is None:
        raise NotFoundError("no_view", f"There is no view {view_id}.", "It may have been deleted: open the list again.")
    return found


def _named(session: Session, name: str) -> SavedView | None:
    return session.scalar(select(SavedView).where(SavedView.key == key_of(name)))
