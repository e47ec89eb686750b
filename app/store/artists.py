"""Artists and albums, made when a track first names them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from ..core.batches import batches
from ..core.errors import NotFoundError
from ..core.names import key_of
from .tables import IDS_PER_STATEMENT, Album, Artist, Track

__all__ = ["album", "named", "remove_unused", "track_ids"]


def named(session: Session, name: str) -> Artist:
    """The artist of that name, added if new. `Björk` and `björk` are one artist, spelt as it came first."""
    artist = session.scalar(select(Artist).where(Artist.key == key_of(name)))
    if artist is None:
        artist = Artist(name=name)
        session.add(artist)
        session.flush()
    return artist


def album(session: Session, title: str, artist_id: int | None) -> Album:
    """The album of that title by that artist, or by nobody, added if new; spelt as it came first."""
    album = session.scalar(select(Album).where(Album.key == key_of(title), Album.artist_id.is_not_distinct_from(artist_id)))
    if album is None:
        album = Album(title=title, artist_id=artist_id)
        session.add(album)
        session.flush()
    return album


def track_ids(session: Session, artist_id: int, hint: str = "") -> Sequence[int]:
    """The tracks of an artist.

    Raises
    ------
    NotFoundError
        There is no such artist; `hint` is the next step.
    """
    if session.get(Artist, artist_id) is None:
        raise NotFoundError("no_artist", f"There is no artist {artist_id}.", hint)
    return session.scalars(select(Track.id).where(Track.artist_id == artist_id)).all()


def remove_unused(session: Session) -> None:
    """Remove albums without tracks, and artists without tracks and albums."""
    _remove(session, Album, ~exists(select(Track.id).where(Track.album_id == Album.id)))
    is_performing = exists(select(Track.id).where(Track.artist_id == Artist.id))
    is_releasing = exists(select(Album.id).where(Album.artist_id == Artist.id))
    _remove(session, Artist, ~is_performing & ~is_releasing)


def _remove(session: Session, table: type[Album | Artist], is_unused: ColumnElement[bool]) -> None:
    # looked for before the delete takes the database's lock
    for ids in batches(session.scalars(select(table.id).where(is_unused)).all(), IDS_PER_STATEMENT):
        session.execute(delete(table).where(table.id.in_(ids), is_unused).execution_options(synchronize_session=False))
