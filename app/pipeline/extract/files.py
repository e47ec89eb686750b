"""The loop over files: threads read ahead, one engine turns patches into vectors, results keep the order of the jobs."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Full, Queue, SimpleQueue
from threading import Event, Thread

import numpy as np
from numpy.typing import NDArray

from ...audio.melspectrogram import FRONT_ENDS
from ...audio.patches import PatchStream
from ...core.errors import InvalidError, TagscapeError
from ...core.spaces import SpaceName
from ...core.units import Seconds
from ...disk import machine
from ...networks.runtimes.base import Engine, FileEngine, LayerOutputs

__all__ = ["Extracted", "Job", "extract_files"]

PATCHES_PER_BATCH = 32
FILES_AHEAD = 4
CHUNKS_AHEAD = 16
MAX_READERS = 4
STOP_CHECK_S = 0.1


@dataclass(frozen=True)
class Job:
    """A file and the networks to run over it."""

    track_id: int
    path: Path
    networks: tuple[str, ...]


@dataclass(frozen=True)
class Extracted:
    """What came of a job.

    features : float32 [n_segments, n_dims] by space, for every network whose patch fits into the file; empty when reading failed
    duration_s : how much sound could be decoded
    warnings : what is wrong with a file that was used all the same
    error : why networks lack features
    """

    job: Job
    features: dict[SpaceName, NDArray[np.float32]]
    duration_s: Seconds
    warnings: tuple[TagscapeError, ...] = ()
    error: TagscapeError | None = None


def extract_files(
    jobs: Iterable[Job], engine: Engine | FileEngine, *, n_readers: int | None = None
) -> Generator[Extracted, None, None]:
    """Run networks over files.

    A file that cannot be used gives a result with an error; an error of the engine ends the run. Close the iterator to stop early.
    The number of BLAS threads in the caller's process changes no bit of the results, and is left as it is.

    Parameters
    ----------
    jobs : Iterable[Job]
        Taken one at a time, in the caller's thread.
    engine : Engine | FileEngine
        With the networks of every job loaded.
    n_readers : int | None
        Threads that decode; by default one for every two processors, up to four. An engine that takes files has none.

    Yields
    ------
    Extracted
        One for each job, in their order. Memory grows neither with the number of files nor with their length.
    """
    if isinstance(engine, FileEngine):
        yield from (_extract_file(job, engine) for job in jobs)
        return
    with _readers(n_readers or _default_readers()) as tasks:
        readings = (_FileReading(job, _networks_by_front_end(job, engine)) for job in jobs)
        yield from _Batches(engine).results(_ahead(readings, tasks))


@dataclass
class _FileReading:
    """One file while it is read and predicted. A reader thread fills `chunks` and puts None behind the last."""

    job: Job
    networks: dict[str, tuple[str, ...]]
    chunks: "Queue[tuple[str, NDArray[np.float32]] | None]" = field(default_factory=lambda: Queue(CHUNKS_AHEAD))
    vectors: dict[SpaceName, list[NDArray[np.float32]]] = field(default_factory=dict)
    error: TagscapeError | None = None
    cause: BaseException | None = None
    is_read: bool = False
    n_waiting: int = 0

    def __post_init__(self) -> None:
        self.stream = PatchStream(self.job.path, tuple(self.networks))

    def read(self, stopped: Event) -> None:
        """Read the whole file; wait while `chunks` is full."""
        try:
            for chunk in self.stream:
                if not self._put(chunk, stopped):
                    return
            self.is_read = True
        except TagscapeError as error:
            self.error, self.is_read = error, True
        except BaseException as cause:  # noqa: BLE001 - a fault of ours ends the run: it is raised where the results are taken
            self.cause = cause
        finally:
            self._put(None, stopped)

    def _put(self, chunk: tuple[str, NDArray[np.float32]] | None, stopped: Event) -> bool:
        # a timeout: nobody empties the queue any more once the iterator is closed
        while not stopped.is_set():
            try:
                self.chunks.put(chunk, timeout=STOP_CHECK_S)
            except Full:
                continue
            return True
        return False

    def keep(self, vectors: LayerOutputs, rows: slice) -> None:
        """Keep the vectors of a batch that belong to this file."""
        for network, layers in vectors.items():
            for layer, values in layers.items():
                self.vectors.setdefault(SpaceName(network, layer), []).append(values[rows])

    def result(self) -> Extracted:
        """What came of the job, once everything is predicted."""
        if self.error:
            return Extracted(self.job, {}, self.stream.duration_s, error=self.error)
        features = {space: np.concatenate(parts) for space, parts in self.vectors.items()}
        return _extracted(self.job, features, self.stream, self.networks)


class _Batches:
    """Collects patches of one or more files, predicts them together and gives each file its vectors."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: dict[tuple[str, tuple[str, ...]], list[tuple[_FileReading, NDArray[np.float32]]]] = {}
        self._n_waiting = 0

    def results(self, readings: Iterable[_FileReading]) -> Iterator[Extracted]:
        unfinished: deque[_FileReading] = deque()
        for reading in readings:
            unfinished.append(reading)
            for front_end, patches in iter(reading.chunks.get, None):
                self._add(reading, front_end, patches)
            if not reading.is_read:
                raise RuntimeError(f"Reading {reading.job.path.name} ended without a result.") from reading.cause
            # results keep the order of the jobs: a file that waits for a batch holds back those behind it
            while unfinished and not unfinished[0].n_waiting:
                yield unfinished.popleft().result()
        self._predict()
        yield from (reading.result() for reading in unfinished)

    def _add(self, reading: _FileReading, front_end: str, patches: NDArray[np.float32]) -> None:
        self._waiting.setdefault((front_end, reading.networks[front_end]), []).append((reading, patches))
        reading.n_waiting += len(patches)
        self._n_waiting += len(patches)
        if self._n_waiting >= PATCHES_PER_BATCH:
            self._predict()

    def _predict(self) -> None:
        for (front_end, networks), parts in self._waiting.items():
            vectors = self._engine.predict(front_end, np.concatenate([patches for _, patches in parts]), networks)
            first = 0
            for reading, patches in parts:
                reading.keep(vectors, slice(first, first + len(patches)))
                reading.n_waiting -= len(patches)
                first += len(patches)
        self._waiting.clear()
        self._n_waiting = 0


@contextmanager
def _readers(n_readers: int) -> Iterator["SimpleQueue[_FileReading | None]"]:
    """Threads that read what is put into the queue. Daemons, so that an iterator that was never closed keeps no process alive."""
    tasks: SimpleQueue[_FileReading | None] = SimpleQueue()
    stopped = Event()

    def work() -> None:
        for reading in iter(tasks.get, None):
            reading.read(stopped)

    threads = [Thread(target=work, name=f"reader-{index}", daemon=True) for index in range(n_readers)]
    for thread in threads:
        thread.start()
    try:
        yield tasks
    finally:
        stopped.set()
        for _ in threads:
            tasks.put(None)
        for thread in threads:
            thread.join()


def _ahead(readings: Iterator[_FileReading], tasks: "SimpleQueue[_FileReading | None]") -> Iterator[_FileReading]:
    """Give files to the threads before their results are asked for, `FILES_AHEAD` at most."""
    handed: deque[_FileReading] = deque()
    for reading in readings:
        tasks.put(reading)
        handed.append(reading)
        if len(handed) == FILES_AHEAD:
            yield handed.popleft()
    yield from handed


def _extract_file(job: Job, engine: FileEngine) -> Extracted:
    stream = PatchStream(job.path, ())
    try:
        for _ in stream:
            pass
        vectors = engine.predict_file(job.path, job.networks)
    except TagscapeError as error:
        return Extracted(job, {}, stream.duration_s, error=error)
    features = {SpaceName(network, layer): values for network, layers in vectors.items() for layer, values in layers.items()}
    return _extracted(job, features, stream, _networks_by_front_end(job, engine))


def _extracted(
    job: Job, features: dict[SpaceName, NDArray[np.float32]], stream: PatchStream, networks: dict[str, tuple[str, ...]]
) -> Extracted:
    present = {space.network for space in features}
    lacking = [front_end for front_end, names in networks.items() if not present.issuperset(names)]
    error = None
    if lacking:
        segment_s = max(FRONT_ENDS[front_end].geometry.segment_s for front_end in lacking)
        error = InvalidError(
            "too_short", f"{job.path.name} lasts {stream.duration_s:.2f} s, shorter than one segment of {segment_s:.2f} s."
        )
    return Extracted(job, features, stream.duration_s, stream.warnings, error)


def _networks_by_front_end(job: Job, engine: Engine | FileEngine) -> dict[str, tuple[str, ...]]:
    names = dict.fromkeys(engine.front_ends[network] for network in job.networks)
    return {name: tuple(network for network in job.networks if engine.front_ends[network] == name) for name in names}


def _default_readers() -> int:
    return min(MAX_READERS, max(1, machine.n_processors() // 2))
