"""Selections that are stored, since no address could hold them."""

from contextlib import suppress
from hashlib import blake2b

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..core.errors import NotFoundError
from .tables import Selection

__all__ = ["store", "text_of"]

TOKEN_BYTES = 8


def store(session: Session, text: str) -> str:
    """Keep the text of a selection; gives its token. The same text has the same token."""
    token = blake2b(text.encode(), digest_size=TOKEN_BYTES).hexdigest()
    if session.get(Selection, token) is None:
        # another tab may store the same one at the same time
        with suppress(IntegrityError), session.begin_nested():
            session.add(Selection(token=token, text=text))
    return token


def text_of(session: Session, token: str) -> str:
    """The text that was stored under a token.

    Raises
    ------
    NotFoundError
        Nothing was.
    """
    found = session.get(Selection, token)
    if found is None:
        hint = "It may have been stored in another collection: clear the selection, and select again."
        raise NotFoundError("unknown_selection", f"There is no stored selection {token}.", hint)
    return found.text
