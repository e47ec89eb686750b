"""Tracks: one row per recording, kept until somebody forgets it."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import and_, bindparam, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from ..core.batches import batches
from ..core.errors import NotFoundError
from . import rows, runs, sources
from .tables import IDS_PER_STATEMENT, Album, Artist, Coordinates, Failure, Projection, RowRange, Source, Track

__all__ = [
    "Counts",
    "Shown",
    "by_id",
    "by_ids",
    "check",
    "counts",
    "forget",
    "names",
    "of_same_artists",
    "of_the_artist_of",
    "shown",
    "texts",
    "to_describe",
    "version",
    "without_sound",
]


# of tables, built once: pointing at a segment asks for it, and loading entities would take most of the answer's time
_TRACK, _ARTIST, _ALBUM, _SOURCE = (entity.__table__ for entity in (Track, Artist, Album, Source))
_SHOWN = (
    select(
        _TRACK.c.id,
        _TRACK.c.title,
        _TRACK.c.year,
        _TRACK.c.duration_s,
        _ARTIST.c.name.label("artist"),
        _ALBUM.c.title.label("album"),
        _SOURCE.c.kind,
        _SOURCE.c.path,
        _SOURCE.c.external_id,
        _SOURCE.c.state,
    )
    .outerjoin_from(_TRACK, _ARTIST, _ARTIST.c.id == _TRACK.c.artist_id)
    .outerjoin(_ALBUM, _ALBUM.c.id == _TRACK.c.album_id)
    .outerjoin(_SOURCE, _SOURCE.c.track_id == _TRACK.c.id)
    .where(_TRACK.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_TRACK.c.id, _SOURCE.c.id)
)
_NEWEST = select(func.max(_TRACK.c.id))
_NAMES = (
    select(_TRACK.c.id, _TRACK.c.title, _ARTIST.c.name, _SOURCE.c.kind, _SOURCE.c.path, _SOURCE.c.external_id)
    .outerjoin_from(_TRACK, _ARTIST, _ARTIST.c.id == _TRACK.c.artist_id)
    # only those without a title are called by their source
    .outerjoin(_SOURCE, and_(_SOURCE.c.track_id == _TRACK.c.id, func.coalesce(_TRACK.c.title, "") == ""))
    .order_by(_TRACK.c.id, _SOURCE.c.id)
)


_TEXTS = (
    select(
        _TRACK.c.id,
        _TRACK.c.title,
        _ARTIST.c.name,
        _ALBUM.c.title.label("album"),
        _TRACK.c.year,
        _TRACK.c.duration_s,
        _SOURCE.c.kind,
        _SOURCE.c.path,
        _SOURCE.c.external_id,
    )
    .outerjoin_from(_TRACK, _ARTIST, _ARTIST.c.id == _TRACK.c.artist_id)
    .outerjoin(_ALBUM, _ALBUM.c.id == _TRACK.c.album_id)
    .outerjoin(_SOURCE, _SOURCE.c.track_id == _TRACK.c.id)
    .order_by(_TRACK.c.id, _SOURCE.c.id)
)


@dataclass(frozen=True)
class Counts:
    """Tracks by what is known of them."""

    n_present: int
    n_missing: int
    n_described: int
    """Present tracks whose file tags were read since the file changed last."""
    n_undescribed: int
    """Present tracks whose file tags wait to be read: neither read nor found unreadable."""
    duration_s: float
    """Of all present tracks."""


def by_id(session: Session, track_id: int) -> Track:
    """The track of that id.

    Raises
    ------
    NotFoundError
        There is none.
    """
    with_names = (joinedload(Track.artist), joinedload(Track.album), selectinload(Track.sources))
    track = session.get(Track, track_id, options=with_names)
    if track is None:
        raise NotFoundError("no_track", f"There is no track {track_id}.")
    return track


def check(session: Session, track_id: int, hint: str = "") -> None:
    """See whether there is a track.

    Raises
    ------
    NotFoundError
        There is none; `hint` is the next step.
    """
    if session.scalar(select(Track.id).where(Track.id == track_id)) is None:
        raise NotFoundError("no_track", f"There is no track {track_id}.", hint)


def of_the_artist_of(session: Session, track_id: int, hint: str = "") -> Sequence[int]:
    """Every track of the artist of a track.

    Raises
    ------
    NotFoundError
        There is no such track, or nobody is known to perform it; `hint` is the next step.
    """
    check(session, track_id, hint)
    artist_id = session.scalar(select(Track.artist_id).where(Track.id == track_id))
    if artist_id is None:
        raise NotFoundError("no_artist", f"Nobody is known to perform track {track_id}.", hint)
    return session.scalars(select(Track.id).where(Track.artist_id == artist_id)).all()


def by_ids(session: Session, track_ids: Iterable[int]) -> dict[int, Track]:
    """Tracks with their artists, albums and sources; ids of which there are none are left out."""
    query = select(Track).options(joinedload(Track.artist), joinedload(Track.album), selectinload(Track.sources))
    return {
        track.id: track
        for ids in batches(track_ids, IDS_PER_STATEMENT)
        for track in session.scalars(query.where(Track.id.in_(ids)))
    }


@dataclass(frozen=True)
class Shown:
    """A track as people see it. `title` is the name of its file where it has none; `is_present`: its sound can be had."""

    id: int
    title: str
    artist: str | None
    album: str | None
    year: int | None
    duration_s: float | None
    is_present: bool


def shown(session: Session, track_ids: Collection[int]) -> dict[int, Shown]:
    """Some tracks as people see them, by id, in one query; ids of which there are none are left out."""
    found: dict[int, Shown] = {}
    for ids in batches(track_ids, IDS_PER_STATEMENT):
        for row in session.connection().execute(_SHOWN, {"ids": ids}):
            is_present = row.state == "present"
            if row.id in found:  # another source of the same track
                found[row.id] = replace(found[row.id], is_present=found[row.id].is_present or is_present)
                continue
            title = row.title or sources.short_name(row.id, row.kind, row.path, row.external_id)
            found[row.id] = Shown(row.id, title, row.artist, row.album, row.year, row.duration_s, is_present)
    return found


def names(session: Session) -> dict[int, tuple[str, str | None]]:
    """Title and artist of every track as people see them, by id."""
    found: dict[int, tuple[str, str | None]] = {}
    for track_id, title, artist, *source in session.connection().execute(_NAMES):
        if track_id not in found:
            found[track_id] = (title or sources.short_name(track_id, *source), artist)
    return found


def of_same_artists(session: Session, track_ids: Iterable[int]) -> set[int]:
    """The tracks of the artists of some tracks; none of those without an artist."""
    artists = select(Track.artist_id).where(Track.id.in_(list(track_ids)), Track.artist_id.is_not(None))
    return set(session.scalars(select(Track.id).where(Track.artist_id.in_(artists))))


def without_sound(session: Session) -> set[int]:
    """The tracks whose sound cannot be had."""
    present = select(Source.id).where(Source.track_id == Track.id, Source.state == "present").exists()
    return set(session.scalars(select(Track.id).where(~present)))


@dataclass(frozen=True)
class SearchedTexts:
    """What a track is searched by. `title` is the name of its file where it has none; `path` is that of its first file."""

    id: int
    title: str
    artist: str | None
    album: str | None
    path: str | None
    year: int | None
    duration_s: float | None


def texts(session: Session) -> list[SearchedTexts]:
    """What every track is searched by, by id."""
    found: dict[int, SearchedTexts] = {}
    for track_id, title, artist, album, year, duration_s, kind, path, external_id in session.connection().execute(_TEXTS):
        if track_id not in found:
            called = title or sources.short_name(track_id, kind, path, external_id)
            found[track_id] = SearchedTexts(track_id, called, artist, album, path, year, duration_s)
    return list(found.values())


def version(session: Session) -> Hashable:
    """Another value whenever what is known of tracks may be another: a command has begun, has ended, or has added tracks.

    It stays while a network extracts. Tracks are not counted, which would take milliseconds: those that a command forgets are
    known until it ends.
    """
    return (*runs.last(session), session.connection().execute(_NEWEST).scalar_one_or_none())


def counts(session: Session) -> Counts:
    """How many tracks there are, and how many hours."""
    with_sound = select(Source.track_id).where(Source.state == "present").distinct().subquery()
    present = with_sound.c.track_id.is_not(None)
    described = and_(Track.content_hash.is_not(None), Track.metadata_hash.is_not_distinct_from(Track.content_hash))
    unreadable = (
        select(Failure.id)
        .where(Failure.track_id == Track.id, Failure.step == "metadata", Failure.content_hash == Track.content_hash)
        .exists()
    )
    query = select(
        func.count().filter(present),
        func.count().filter(~present),
        func.count().filter(present, described),
        func.count().filter(present, Track.content_hash.is_not(None), ~described, ~unreadable),
        func.sum(Track.duration_s).filter(present),
    )
    query = query.select_from(Track).outerjoin(with_sound, with_sound.c.track_id == Track.id)
    n_present, n_missing, n_described, n_undescribed, duration_s = session.execute(query).one()
    return Counts(n_present, n_missing, n_described, n_undescribed, duration_s or 0.0)


def to_describe(session: Session, *, every: bool) -> list[tuple[int, str, str | None]]:
    """(id, path, content_hash) of present files whose tags were not read yet, or of every present one."""
    files = select(Track.id, Source.path, Track.content_hash).join(Track.sources)
    query = files.where(sources.is_first_file(Track.id), Track.content_hash.is_not(None))
    if not every:
        query = query.where(Track.metadata_hash.is_distinct_from(Track.content_hash))
    return [(track_id, path, content_hash) for track_id, path, content_hash in session.execute(query.order_by(Track.id)) if path]


def forget(session: Session, track_ids: Sequence[int]) -> None:
    """Remove tracks and all that was computed from them, and tell the caches."""
    # before the tracks are deleted, which takes their rows and coordinates with them
    rows.raise_revision(session, _distinct(session, RowRange.network_id, RowRange.track_id, track_ids))
    projection_ids = _distinct(session, Coordinates.projection_id, Coordinates.track_id, track_ids)
    session.execute(update(Projection).where(Projection.id.in_(projection_ids)).values(revision=Projection.revision + 1))
    for ids in batches(track_ids, IDS_PER_STATEMENT):
        session.execute(delete(Track).where(Track.id.in_(ids)))


def _distinct(
    session: Session, wanted: InstrumentedAttribute[int], track_id: InstrumentedAttribute[int], track_ids: Iterable[int]
) -> set[int]:
    """Values of `wanted` in the rows of the given tracks."""
    return {
        value
        for ids in batches(track_ids, IDS_PER_STATEMENT)
        for value in session.scalars(select(wanted).where(track_id.in_(ids)).distinct())
    }
