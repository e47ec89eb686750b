"""Views of the map that somebody named."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
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
        try:
            with session.begin_nested():
                session.add(found)
            return found
        except IntegrityError:  # another tab has just kept one under that name
            found = _named(session, name)
            assert found is not None
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
        raise _taken(other.name)
    try:
        with session.begin_nested():
            found.name = name
    except IntegrityError:  # another tab has just given it to another
        raise _taken(name) from None
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


def _taken(name: str) -> InvalidError:
    return InvalidError("name_taken", f"There is another view named {name}.", "Choose another name.")


def _by_id(session: Session, view_id: int) -> SavedView:
    found = session.get(SavedView, view_id)
    if found is None:
        raise NotFoundError("no_view", f"There is no view {view_id}.", "It may have been deleted: open the list again.")
    return found


def _named(session: Session, name: str) -> SavedView | None:
    return session.scalar(select(SavedView).where(SavedView.key == key_of(name)))
