"""Artists and albums, made when a track first names them."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from .tables import Album, Artist, Track

__all__ = ["album", "named", "remove_unused"]


def named(session: Session, name: str) -> Artist:
    """The artist of that name, added if new."""
    artist = session.scalar(select(Artist).where(Artist.name == name))
    if artist is None:
        artist = Artist(name=name)
        session.add(artist)
        session.flush()
    return artist


def album(session: Session, title: str, artist: Artist | None) -> Album:
    """The album of that title by that artist, added if new. Albums of nobody share one title only among themselves."""
    artist_id = artist.id if artist else None
    album = session.scalar(select(Album).where(Album.title == title, Album.artist_id.is_not_distinct_from(artist_id)))
    if album is None:
        album = Album(title=title, artist_id=artist_id)
        session.add(album)
        session.flush()
    return album


def remove_unused(session: Session) -> None:
    """Remove albums without tracks, and artists without tracks and albums."""
    of_tracks = select(Track.album_id).where(Track.album_id.is_not(None))
    session.execute(delete(Album).where(Album.id.not_in(of_tracks)).execution_options(synchronize_session=False))
    performing = select(Track.artist_id).where(Track.artist_id.is_not(None))
    releasing = select(Album.artist_id).where(Album.artist_id.is_not(None))
    unused = delete(Artist).where(Artist.id.not_in(performing), Artist.id.not_in(releasing))
    session.execute(unused.execution_options(synchronize_session=False))
