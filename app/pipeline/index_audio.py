"""Bring the tracks of the database in line with the files under AUDIO_DIR."""

from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from ..audio import decode, files
from ..audio.decode import AudioFacts
from ..audio.files import FileState, Walk
from ..core.batches import batches
from ..core.entities import Outcome
from ..core.errors import NotReadyError, TagscapeError
from ..core.progress import Advance, Progress
from ..store import failures, sources
from ..store.sources import FILE, Known
from ..store.tables import Source, Track

__all__ = ["STEP", "index_all"]

STEP = "index"
FILES_PER_COMMIT = 64
READERS = 4
MARKED_PER_COMMIT = 5000
FACTS = ("codec", "n_channels", "sample_rate_hz")


@dataclass(frozen=True)
class _Reading:
    """What reading a file gave: the hash of its content, and its facts or the error that kept them away."""

    content_hash: str | None
    facts: AudioFacts | None
    error: TagscapeError | None


def index_all(
    session: Session,
    audio_dir: Path,
    progress: Progress,
    *,
    tell: Callable[[TagscapeError], None],
    force: bool = False,
    allow_empty: bool = False,
) -> Outcome:
    """Find files, read the new and the changed ones, follow the moved ones and mark the vanished ones missing.

    A file is known by its path. It is not read again while its size and time of change are as stored. A new path with the content
    of a vanished one is the same track, moved. Every `FILES_PER_COMMIT` files are one transaction, which begins when all of
    them are read, so that no other writer waits for the disk. Features are left alone.

    Parameters
    ----------
    tell : Callable[[TagscapeError], None]
        Told of what belongs to no track: folders that cannot be read, names that are not UTF-8.
    force : bool
        Read every file again.
    allow_empty : bool
        Mark every track missing where AUDIO_DIR holds no audio; otherwise that is an error.

    Raises
    ------
    MachineError
        AUDIO_DIR does not exist or cannot be read.
    NotReadyError
        AUDIO_DIR is empty although tracks were there: most likely a disk is not mounted.
    """
    with progress.stretch("Finding audio", None, "files") as advance:
        found = files.walk(audio_dir)
        advance(len(found.files))
    known = sources.known(session)
    if not (allow_empty or found.files) and any(file.state == "present" for file in known.values()):
        raise NotReadyError(
            "empty_audio_dir",
            f"AUDIO_DIR={audio_dir} holds no audio, although the database knows tracks there.",
            "Mount the disk and run this again, or mark every track missing with: flask index-all-audio --allow-empty",
        )
    for error in (*found.unread_folders.values(), *found.problems):
        tell(error)
    index = _Indexing(session, audio_dir, found, known)
    outcome = index.read(progress, force) + index.mark_missing(progress)
    return outcome + Outcome(failed=len(found.unread_folders) + len(found.problems))


class _Indexing:
    def __init__(self, session: Session, audio_dir: Path, found: Walk, known: dict[str, Known]) -> None:
        self.session, self.audio_dir, self.found, self.known = session, audio_dir, found, known
        self.vanished = {path: file for path, file in known.items() if path not in found.files and not found.is_unknown(path)}
        self.failing = failures.track_ids(session, STEP)
        self.movable: defaultdict[str, list[str]] = defaultdict(list)
        for path, file in self.vanished.items():
            if file.content_hash:
                self.movable[file.content_hash].append(path)

    def read(self, progress: Progress, force: bool) -> Outcome:
        """Read what is new or changed. Other files are skipped; those that were missing are present again."""
        changed = [path for path, state in self.found.files.items() if force or not self._is_unchanged(path, state)]
        skipped = self.found.files.keys() - set(changed)
        outcome = Outcome(skipped=len(skipped))
        with (
            progress.stretch("Reading audio files", len(changed), "files") as advance,
            closing(self._readings(changed, advance)) as read,
        ):
            for batch in batches(read, FILES_PER_COMMIT):
                for path, reading in batch:
                    outcome += self._store(path, reading)
                self.session.commit()
        self._mark("present", [self.known[path].source_id for path in skipped if self.known[path].state != "present"])
        return outcome

    def mark_missing(self, progress: Progress) -> Outcome:
        """Mark missing what is gone, and record why for files that are there but cannot be reached."""
        gone = [file.source_id for file in self.vanished.values() if file.state == "present"]
        with progress.stretch("Marking missing", len(gone), "files") as advance:
            self._mark("missing", gone)
            advance(len(gone))
        for path, error in self.found.unreachable.items():
            source = self._source(path) or self._add(path, FileState(0, 0), "missing")
            self._note(source.track, error)
        self.session.commit()
        return Outcome(failed=len(self.found.unreachable))

    def _is_unchanged(self, path: str, state: FileState) -> bool:
        file = self.known.get(path)
        if file is None or file.content_hash is None:
            return False
        return (file.size_bytes, file.mtime_ns) == (state.size_bytes, state.mtime_ns)

    def _readings(self, paths: Sequence[str], advance: Advance) -> Generator[tuple[str, _Reading], None, None]:
        """Each path with what reading it gave, in the order of the paths. Threads read some files ahead."""
        pool = ThreadPoolExecutor(READERS)
        try:
            for batch in batches(paths, FILES_PER_COMMIT):
                for path, reading in zip(batch, pool.map(self._examine, batch), strict=True):
                    advance()
                    yield path, reading
        finally:
            pool.shutdown(cancel_futures=True)

    def _examine(self, path: str) -> _Reading:
        content_hash = None
        try:
            content_hash = files.fingerprint(self.audio_dir / path)
            return _Reading(content_hash, decode.probe(self.audio_dir / path), None)
        except TagscapeError as error:
            return _Reading(content_hash, None, error)

    def _store(self, path: str, reading: _Reading) -> Outcome:
        state = self.found.files[path]
        source = self._source(path) or self._moved(path, reading.content_hash) or self._add(path, state, "present")
        track = source.track
        if reading.content_hash:
            track.content_hash, track.duration_s = reading.content_hash, getattr(reading.facts, "duration_s", None)
            source.path, source.state, source.size_bytes, source.mtime_ns = path, "present", state.size_bytes, state.mtime_ns
            for name in FACTS:
                setattr(source, name, getattr(reading.facts, name, None))
        self._note(track, reading.error)
        return Outcome(failed=1) if reading.error else Outcome(done=1)

    def _note(self, track: Track, error: TagscapeError | None) -> None:
        if track.id in self.failing:
            failures.clear(self.session, track.id, STEP)
        if error:
            self.session.flush()
            failures.record(self.session, track.id, STEP, error, content_hash=track.content_hash)

    def _source(self, path: str) -> Source | None:
        known = self.known.get(path)
        return self.session.get(Source, known.source_id) if known else None

    def _moved(self, path: str, content_hash: str | None) -> Source | None:
        """The source whose path is gone and whose content was this; of several the one with the same file name."""
        candidates = self.movable.get(content_hash or "")
        if not candidates:
            return None
        name = path.rpartition("/")[2]
        old = min(candidates, key=lambda old: (old.rpartition("/")[2] != name, old))
        # taken: another new file with the same content is another track, and the old path is not missing
        candidates.remove(old)
        del self.known[old]
        return self.session.get_one(Source, self.vanished.pop(old).source_id)

    def _add(self, path: str, state: FileState, presence: str) -> Source:
        facts = {"size_bytes": state.size_bytes, "mtime_ns": state.mtime_ns}
        source = Source(track=Track(), kind=FILE, path=path, state=presence, **facts)
        self.session.add(source)
        return source

    def _mark(self, state: str, source_ids: Sequence[int]) -> None:
        for ids in batches(source_ids, MARKED_PER_COMMIT):
            sources.mark(self.session, ids, state)
            self.session.commit()
