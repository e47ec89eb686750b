"""Tracks: one row per audio file, kept until somebody forgets it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from unicodedata import normalize

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from ..core.batches import batches
from ..core.errors import NotFoundError
from . import rows
from .tables import Coordinates, Failure, Projection, RowRange, Track

__all__ = ["Counts", "Known", "by_id", "by_ids", "counts", "forget", "known", "mark", "matching", "to_describe"]

BATCH = 500
"""Ids per statement: every database takes that many values."""


@dataclass(frozen=True)
class Known:
    """What the store knows of a file."""

    track_id: int
    state: str
    size_bytes: int
    mtime_ns: int
    content_hash: str | None


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
    track = session.get(Track, track_id)
    if track is None:
        raise NotFoundError("no_track", f"There is no track {track_id}.")
    return track


def by_ids(session: Session, track_ids: Iterable[int]) -> dict[int, Track]:
    """Tracks with their artists and albums, in one query; ids of which there are none are left out."""
    query = select(Track).options(joinedload(Track.artist), joinedload(Track.album))
    return {track.id: track for ids in batches(track_ids, BATCH) for track in session.scalars(query.where(Track.id.in_(ids)))}


def known(session: Session) -> dict[str, Known]:
    """Every track by its path."""
    facts = select(Track.id, Track.state, Track.size_bytes, Track.mtime_ns, Track.content_hash, Track.path).order_by(Track.id)
    return {row.path: Known(*row[:5]) for row in session.execute(facts)}


def counts(session: Session) -> Counts:
    """How many tracks there are, and how many hours."""
    present = Track.state == "present"
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
    n_present, n_missing, n_described, n_undescribed, duration_s = session.execute(query).one()
    return Counts(n_present, n_missing, n_described, n_undescribed, duration_s or 0.0)


def to_describe(session: Session, *, every: bool) -> list[tuple[int, str, str | None]]:
    """(id, path, content_hash) of present tracks whose file tags were not read yet, or of every present one."""
    query = select(Track.id, Track.path, Track.content_hash).where(Track.state == "present", Track.content_hash.is_not(None))
    if not every:
        query = query.where(Track.metadata_hash.is_distinct_from(Track.content_hash))
    return [(track_id, path, content_hash) for track_id, path, content_hash in session.execute(query.order_by(Track.id))]


def mark(session: Session, track_ids: Iterable[int], state: str) -> None:
    """Set the state of tracks: present or missing."""
    for ids in batches(track_ids, BATCH):
        session.execute(update(Track).where(Track.id.in_(ids)).values(state=state))


def matching(session: Session, patterns: Sequence[str]) -> dict[str, int]:
    """Ids of the tracks that the patterns name, by path: paths, folders, or globs in which `*` also matches '/'.

    Raises
    ------
    NotFoundError
        A pattern names no track.
    """
    # what a person types may spell an accent in another way than the disk
    composed = {normalize("NFC", path): (path, track.track_id) for path, track in known(session).items()}
    found: dict[str, int] = {}
    for pattern in patterns:
        wanted = normalize("NFC", pattern)
        named = [path for path in composed if path == wanted or path.startswith(f"{wanted}/")]
        named = named or [path for path in composed if fnmatchcase(path, wanted)]
        if not named:
            raise NotFoundError("no_track", f"No track lies at {pattern}.", "Give paths as they are below AUDIO_DIR.")
        found.update(composed[path] for path in named)
    return found


def forget(session: Session, track_ids: Sequence[int]) -> None:
    """Remove tracks and all that was computed from them, and tell the caches."""
    rows.raise_revision(session, _distinct(session, RowRange.network_id, RowRange.track_id, track_ids))
    projection_ids = _distinct(session, Coordinates.projection_id, Coordinates.track_id, track_ids)
    session.execute(update(Projection).where(Projection.id.in_(projection_ids)).values(revision=Projection.revision + 1))
    for ids in batches(track_ids, BATCH):
        session.execute(delete(Track).where(Track.id.in_(ids)))


def _distinct(
    session: Session, wanted: InstrumentedAttribute[int], track_id: InstrumentedAttribute[int], track_ids: Iterable[int]
) -> set[int]:
    """Values of `wanted` in the rows of the given tracks."""
    return {
        value for ids in batches(track_ids, BATCH) for value in session.scalars(select(wanted).where(track_id.in_(ids)).distinct())
    }
