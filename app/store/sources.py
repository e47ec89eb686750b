"""Where the sound of tracks is: files under AUDIO_DIR, or ids elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from unicodedata import normalize

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from ..core.batches import batches
from ..core.errors import NotFoundError
from .tables import IDS_PER_STATEMENT, Source, Track

__all__ = [
    "FILE",
    "Known",
    "has_present",
    "is_first_file",
    "known",
    "mark",
    "matching",
    "name_of",
    "names",
    "short_name",
    "to_play",
]

FILE = "file"
"""The kind of sources that are files under AUDIO_DIR; other kinds are named after their provider."""


@dataclass(frozen=True)
class Known:
    """What the store knows of a file."""

    source_id: int
    track_id: int
    state: str
    size_bytes: int | None
    mtime_ns: int | None
    content_hash: str | None
    """That of its track."""


def known(session: Session) -> dict[str, Known]:
    """Every file by its path."""
    facts = select(Source.id, Source.track_id, Source.state, Source.size_bytes, Source.mtime_ns, Track.content_hash, Source.path)
    rows = session.execute(facts.join(Source.track).where(Source.kind == FILE).order_by(Source.id))
    return {row.path: Known(*row[:6]) for row in rows}


def mark(session: Session, source_ids: Iterable[int], state: str) -> None:
    """Set the state of sources: present or missing."""
    for ids in batches(source_ids, IDS_PER_STATEMENT):
        session.execute(update(Source).where(Source.id.in_(ids)).values(state=state).execution_options(synchronize_session=False))


def matching(session: Session, patterns: Sequence[str]) -> dict[str, int]:
    """Ids of the tracks whose files the patterns name, by path: paths, folders, or globs in which `*` also matches '/'.

    Raises
    ------
    NotFoundError
        A pattern names no file of a track.
    """
    # what a person types may spell an accent in another way than the disk
    composed = {normalize("NFC", path): (path, file.track_id) for path, file in known(session).items()}
    found: dict[str, int] = {}
    for pattern in patterns:
        wanted = normalize("NFC", pattern)
        named = [path for path in composed if path == wanted or path.startswith(f"{wanted}/")]
        named = named or [path for path in composed if fnmatchcase(path, wanted)]
        if not named:
            raise NotFoundError("no_track", f"No track lies at {pattern}.", "Give paths as they are below AUDIO_DIR.")
        found.update(composed[path] for path in named)
    return found


def has_present(track_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """A condition of queries: whether one of the sources of a track is present."""
    return exists(select(Source.id).where(Source.track_id == track_id, Source.state == "present"))


def is_first_file(track_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether a joined `Source` is the first present file of a track: the one that is read where a track has several."""
    other = aliased(Source)
    first = select(func.min(other.id)).where(other.track_id == track_id, other.kind == FILE, other.state == "present")
    return Source.id == first.scalar_subquery()


def to_play(session: Session, track_id: int) -> Source:
    """The source that a track is played from: the first that is present, else the first, which may be back by now.

    Raises
    ------
    NotFoundError
        There is no such track, or it has no source.
    """
    query = select(Source).where(Source.track_id == track_id).order_by(Source.state != "present", Source.id)
    found = session.scalar(query.limit(1))
    if found is None:
        raise NotFoundError("no_track", f"There is no track {track_id} with sound.")
    return found


def names(session: Session) -> dict[int, str]:
    """What `name_of` calls every track, by track id."""
    found: dict[int, str] = {}
    query = select(Track.id, Source.kind, Source.path, Source.external_id).outerjoin(Track.sources)
    for track_id, *source in session.execute(query.order_by(Track.id, Source.id)):
        found.setdefault(track_id, _name(track_id, *source))
    return found


def name_of(track: Track) -> str:
    """What a track's first source is called: the path of a file, `kind:id` elsewhere, `track 7` where there is none."""
    source = next(iter(track.sources), None)
    return _name(track.id, source.kind, source.path, source.external_id) if source else _name(track.id, None, None, None)


def short_name(track_id: int, kind: str | None, path: str | None, external_id: str | None) -> str:
    """What to call a track that has no title, by its first source: its file without folders and suffix."""
    return PurePosixPath(path).stem if kind == FILE and path else _name(track_id, kind, path, external_id)


def _name(track_id: int, kind: str | None, path: str | None, external_id: str | None) -> str:
    if kind is None:
        return f"track {track_id}"
    return f"{kind}:{external_id}" if path is None else path
