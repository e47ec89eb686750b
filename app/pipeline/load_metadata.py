"""Take over what the files say of themselves: titles, artists, albums, years, genres."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy.orm import Session

from ..audio import files, metadata
from ..audio.metadata import FileTags
from ..core.batches import batches
from ..core.entities import Outcome
from ..core.errors import CorruptError, TagscapeError
from ..core.progress import Progress
from ..store import annotations, artists, failures, tracks
from ..store.tables import AnnotationSet, Track

__all__ = ["ANNOTATION_SET", "STEP", "load_all_metadata"]

STEP = "metadata"
ANNOTATION_SET = "file-tags"
TRACKS_PER_COMMIT = 200
READERS = 4
NOTHING = FileTags()


def load_all_metadata(session: Session, audio_dir: Path, progress: Progress, *, force: bool = False) -> Outcome:
    """Read the tags of present tracks whose file is new or changed since; `force` reads all of them.

    A track has exactly what its file says: values that the file lost are lost, and damaged tags leave nothing. A file that cannot
    be read keeps what is known, and is tried again next time. Every `TRACKS_PER_COMMIT` tracks are one transaction.

    Raises
    ------
    MachineError
        AUDIO_DIR does not exist or cannot be read.
    """
    files.root(audio_dir)
    wanted = tracks.to_describe(session, every=force)
    outcome = Outcome(skipped=tracks.counts(session).n_present - len(wanted))
    labels = annotations.set_named(session, ANNOTATION_SET)
    pool = ThreadPoolExecutor(READERS)
    try:
        with progress.stretch("Reading file tags", len(wanted), "tracks") as advance:
            for batch in batches(wanted, TRACKS_PER_COMMIT):
                readings = pool.map(_read, [audio_dir / path for _, path, _ in batch])
                for (track_id, _, content_hash), reading in zip(batch, readings, strict=True):
                    outcome += _store(session, session.get_one(Track, track_id), content_hash, reading, labels)
                    advance()
                session.commit()
    finally:
        pool.shutdown(cancel_futures=True)
    artists.remove_unused(session)
    session.commit()
    return outcome


def _read(path: Path) -> FileTags | TagscapeError:
    try:
        return metadata.read(path)
    except TagscapeError as error:
        return error


def _store(
    session: Session, track: Track, content_hash: str | None, reading: FileTags | TagscapeError, labels: AnnotationSet
) -> Outcome:
    failures.clear(session, track.id, STEP)
    if isinstance(reading, TagscapeError):
        failures.record(session, track.id, STEP, reading, content_hash=content_hash)
        if isinstance(reading, CorruptError):
            _describe(session, track, NOTHING, labels)
            track.metadata_hash = content_hash
        return Outcome(failed=1)
    _describe(session, track, reading, labels)
    track.metadata_hash = content_hash
    return Outcome(done=1)


def _describe(session: Session, track: Track, tags: FileTags, labels: AnnotationSet) -> None:
    artist = artists.named(session, tags.artist) if tags.artist else None
    releasing = artists.named(session, tags.album_artist) if tags.album_artist else artist
    album = artists.album(session, tags.album, releasing) if tags.album else None
    track.title, track.year = tags.title, tags.year
    track.artist_id = artist.id if artist else None
    track.album_id = album.id if album else None
    genres = [annotations.tag(session, "genre", name) for name in tags.genres]
    annotations.replace(session, labels, track.id, genres)
