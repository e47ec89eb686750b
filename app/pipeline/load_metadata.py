"""Copy titles, artists, albums, years and genres from the tags of the files."""

from collections.abc import Mapping
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
from ..store.tables import Track

__all__ = ["ANNOTATION_SET", "STEP", "load_all_metadata"]

STEP = "metadata"
ANNOTATION_SET = "file-tags"
TRACKS_PER_COMMIT = 100
READERS = 4
NOTHING = FileTags()


def load_all_metadata(session: Session, audio_dir: Path, progress: Progress, *, force: bool = False) -> Outcome:
    """Read the tags of present tracks whose file is new or changed since; `force` reads all of them.

    Afterwards a track has exactly what its file says: a value that is no longer in the file is removed, and damaged tags leave
    nothing. A track whose file cannot be read keeps what it has, and is tried again next time. Every `TRACKS_PER_COMMIT` tracks
    are one transaction.

    Raises
    ------
    MachineError
        AUDIO_DIR does not exist or cannot be read.
    """
    files.root(audio_dir)
    wanted = tracks.to_describe(session, every=force)
    outcome = Outcome(skipped=tracks.counts(session).n_present - len(wanted))
    store = _Store(session)
    pool = ThreadPoolExecutor(READERS)
    try:
        with progress.stretch("Reading file tags", len(wanted), "tracks") as advance:
            for batch in batches(wanted, TRACKS_PER_COMMIT):
                # all are read before the first is stored, so that no other writer waits for the disk
                readings = {}
                found = pool.map(_read, [audio_dir / path for _, path, _ in batch])
                for (track_id, _, content_hash), reading in zip(batch, found, strict=True):
                    readings[track_id] = (content_hash, reading)
                    advance()
                outcome += store.take(readings)
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


class _Store:
    """Stores what was read, a batch at a time. Each name is looked up once: no other command adds or removes names meanwhile."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.failing = failures.track_ids(session, STEP)
        self.artist_ids: dict[str, int] = {}
        self.album_ids: dict[tuple[str, int | None], int] = {}
        self.genre_ids: dict[str, int] = {}

    def take(self, readings: Mapping[int, tuple[str | None, FileTags | TagscapeError]]) -> Outcome:
        """Store (content hash of the file, what reading it gave) by track id."""
        found = tracks.by_ids(self.session, list(readings))
        genres: dict[int, list[int]] = {}
        n_failed = 0
        for track_id, (content_hash, reading) in readings.items():
            if track_id in self.failing:
                failures.clear(self.session, track_id, STEP)
            if isinstance(reading, TagscapeError):
                failures.record(self.session, track_id, STEP, reading, content_hash=content_hash)
                n_failed += 1
            if isinstance(reading, FileTags | CorruptError):
                genres[track_id] = self._describe(found[track_id], reading if isinstance(reading, FileTags) else NOTHING)
                found[track_id].metadata_hash = content_hash
        annotations.replace(self.session, annotations.set_named(self.session, ANNOTATION_SET), genres)
        return Outcome(done=len(readings) - n_failed, failed=n_failed)

    def _describe(self, track: Track, tags: FileTags) -> list[int]:
        """Copy what a file says to its track; gives the ids of the genres."""
        artist_id = self._artist(tags.artist)
        album_id = self._album(tags.album, self._artist(tags.album_artist) or artist_id)
        genre_ids = [self._genre(name) for name in tags.genres]
        track.title, track.year, track.artist_id, track.album_id = tags.title, tags.year, artist_id, album_id
        return genre_ids

    def _artist(self, name: str | None) -> int | None:
        if not name:
            return None
        if name not in self.artist_ids:
            self.artist_ids[name] = artists.named(self.session, name).id
        return self.artist_ids[name]

    def _album(self, title: str | None, artist_id: int | None) -> int | None:
        if not title:
            return None
        if (title, artist_id) not in self.album_ids:
            self.album_ids[title, artist_id] = artists.album(self.session, title, artist_id).id
        return self.album_ids[title, artist_id]

    def _genre(self, name: str) -> int:
        if name not in self.genre_ids:
            self.genre_ids[name] = annotations.tag(self.session, "genre", name).id
        return self.genre_ids[name]
