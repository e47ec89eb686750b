"""The vectors of a space by row, in files that only grow. The values of one dimension lie together.

A folder holds one space of one lineage of rows. Rows are cut into chunks of `CHUNK_ROWS`. A full chunk is a file of columns, one
after another, because a colour needs one dimension of every row. The last, unfinished chunk is a file of rows, because a column
cannot grow without moving those behind it; so adding writes what is added and nothing else. `manifest.json` says how many rows
count. It is replaced last, so whatever a killed process wrote beyond that number is simply written again.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..disk.atomic import replaced
from ..store.rows import Ranges
from .recent import Recent

__all__ = ["CHUNK_ROWS", "RowBlock", "SpaceColumns", "extend", "open_columns"]

CHUNK_ROWS = 1 << 16
"""26 MB of 200 dimensions: what an unfinished chunk takes in memory while it is written."""

COLUMN_BYTES = 1 << 26
DTYPE = np.dtype("<f2")
"""As in the database: nothing is converted on the way."""

MANIFEST = "manifest.json"
TRACKS = "tracks.i8"
TRACK = np.dtype("<i8")

_columns: Recent[NDArray[np.float16]] = Recent(COLUMN_BYTES, lambda column: column.nbytes)

RowBlock = tuple[NDArray[np.int64], NDArray[np.float16]]
"""Rows [n], rising, and their vectors [n, n_dims]."""


@dataclass(frozen=True, eq=False)
class SpaceColumns:
    """The first `n_rows` rows of a space, mapped from the disk.

    folder : where they are
    made : a random name: other files that were or will be in the same folder have another one
    chunks : np.ndarray [shape=(n_dims, CHUNK_ROWS), dtype=float16], each
    tail : np.ndarray [shape=(n_rows % CHUNK_ROWS, n_dims), dtype=float16]
    tracks : np.ndarray [shape=(n_tracks, 2), dtype=int64]
        Id and first row of each track that is here, by first row; also of tracks that are gone by now.
    """

    folder: Path
    made: str
    n_rows: int
    chunks: tuple[NDArray[np.float16], ...]
    tail: NDArray[np.float16]
    tracks: NDArray[np.int64]

    def tells_of(self, ranges: Ranges) -> bool:
        """Whether the rows of `ranges` that are here were filled with the same tracks."""
        known = ranges.within(0, self.n_rows)
        at = np.searchsorted(self.tracks[:, 1], known.first_rows)
        if len(at) and at[-1] >= len(self.tracks):
            return False
        return np.array_equal(self.tracks[at], np.stack([known.track_ids, known.first_rows], axis=1))

    def column(self, dimension: int) -> NDArray[np.float16]:
        """One dimension of every row [shape=(n_rows,)]; NaN where a row has no vector."""
        return _columns.get(
            (self, dimension),
            lambda: np.concatenate([*(chunk[dimension] for chunk in self.chunks), self.tail[:, dimension]]),
        )

    def of_rows(self, dimension: int, rows: NDArray[np.uint32]) -> NDArray[np.float16]:
        """One dimension of some rows that rise [shape=(<= n,)], without those that are not here yet.

        Only the chunks that hold them are read, and nothing is remembered: to look at every dimension of a few rows.
        """
        numbers = np.arange(1, len(self.chunks) + 1, dtype=np.uint32) * np.uint32(CHUNK_ROWS)
        ends = np.searchsorted(rows, [*numbers, np.uint32(self.n_rows)]).tolist()
        parts = [np.empty(0, np.float16)]
        for number, (first, end) in enumerate(zip([0, *ends], ends, strict=False)):
            if first < end:
                values = self.chunks[number][dimension] if number < len(self.chunks) else self.tail[:, dimension]
                parts.append(values[rows[first:end] - np.uint32(number * CHUNK_ROWS)])
        return np.concatenate(parts)

    def row(self, row: int) -> NDArray[np.float16]:
        """All dimensions of one row [shape=(n_dims,)]."""
        chunk, at = divmod(row, CHUNK_ROWS)
        return self.chunks[chunk][:, at] if chunk < len(self.chunks) else self.tail[at]

    def values(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.float16]:
        """All dimensions of some rows, in any order [shape=(n_dims, len(rows))]; NaN where a row has no vector, or is not here."""
        values = np.full((self.tail.shape[1], len(rows)), np.nan, DTYPE)
        is_here = rows < self.n_rows
        chunk_of = rows // CHUNK_ROWS
        for chunk in np.unique(chunk_of[is_here]).tolist():
            source = self.chunks[chunk] if chunk < len(self.chunks) else self.tail.T
            at = np.flatnonzero((chunk_of == chunk) & is_here)
            inside = rows[at].astype(np.int64) - chunk * CHUNK_ROWS
            if len(at) == len(rows) and (np.diff(inside) == 1).all():
                return source[:, inside[0] : inside[-1] + 1]  # nothing to gather
            values[:, at] = source[:, inside]
        return values


def open_columns(folder: Path, n_dims: int) -> SpaceColumns:
    """The columns on the disk, as many rows as the manifest counts; none where files are missing or damaged.

    Without rows the folder is filled again from the first one.
    """
    try:
        made, n_rows, n_tracks = _facts(folder, n_dims)
        n_chunks, n_tail = divmod(n_rows, CHUNK_ROWS)
        chunks = tuple(_mapped(_columns_file(folder, k), (n_dims, CHUNK_ROWS)) for k in range(n_chunks))
        tail = _mapped(_rows_file(folder, n_chunks), (n_tail, n_dims)) if n_tail else np.empty((0, n_dims), DTYPE)
        tracks = np.fromfile(folder / TRACKS, TRACK, count=2 * n_tracks).reshape(n_tracks, 2)
    except (OSError, ValueError, KeyError):
        return SpaceColumns(folder, "", 0, (), np.empty((0, n_dims), DTYPE), np.empty((0, 2), np.int64))
    return SpaceColumns(folder, made, n_rows, chunks, tail, tracks)


def extend(
    folder: Path, n_dims: int, ranges: Ranges, n_rows: int, blocks: Callable[[int], Iterable[RowBlock]], *, wait: bool
) -> None:
    """Add the rows of some ranges, up to `n_rows`.

    Processes that extend at once take turns.

    Parameters
    ----------
    blocks : callable
        Given the first row that is lacking, the rows from there on with their vectors.
    wait : bool
        Whether to wait for another process that is extending the same folder. Otherwise nothing is done then.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder, wait=wait) as mine:
        if not mine:
            return
        # opened under the lock: another process may have been faster
        known = open_columns(folder, n_dims)
        if known.n_rows >= n_rows:
            return
        writer = _Writer(folder, n_dims, known)
        for rows, vectors in blocks(known.n_rows):
            writer.add(rows, vectors)
        writer.finish(n_rows, ranges.within(known.n_rows, n_rows))


class _Writer:
    """Fills the unfinished chunk in memory, and writes it as columns when it is full."""

    def __init__(self, folder: Path, n_dims: int, known: SpaceColumns) -> None:
        self.folder, self.n_dims = folder, n_dims
        self.chunk, self.n_known = divmod(known.n_rows, CHUNK_ROWS)
        self.rows = np.full((CHUNK_ROWS, n_dims), np.nan, DTYPE)
        self.rows[: self.n_known] = known.tail
        self.n_tracks = len(known.tracks)
        self.made = known.made or secrets.token_hex(8)

    def add(self, rows: NDArray[np.int64], vectors: NDArray[np.float16]) -> None:
        # rows that follow each other without a gap are copied together
        begins = [0, *(np.flatnonzero(np.diff(rows) != 1) + 1).tolist()]
        for begin, end in zip(begins, [*begins[1:], len(rows)], strict=True):
            self._add(int(rows[begin]), vectors[begin:end])

    def _add(self, row: int, vectors: NDArray[np.float16]) -> None:
        while len(vectors):
            while row >= (self.chunk + 1) * CHUNK_ROWS:
                self._complete()
            at = row - self.chunk * CHUNK_ROWS
            part = vectors[: CHUNK_ROWS - at]
            self.rows[at : at + len(part)] = part
            row, vectors = row + len(part), vectors[len(part) :]

    def finish(self, n_rows: int, added: Ranges) -> None:
        """Write the unfinished chunk, then the manifest that counts its rows."""
        while n_rows >= (self.chunk + 1) * CHUNK_ROWS:
            self._complete()
        n_tail = n_rows - self.chunk * CHUNK_ROWS
        if n_tail:
            row_bytes = self.n_dims * DTYPE.itemsize
            _write_at(_rows_file(self.folder, self.chunk), self.n_known * row_bytes, self.rows[self.n_known : n_tail])
        tracks = np.stack([added.track_ids, added.first_rows], axis=1).astype(TRACK)
        _write_at(self.folder / TRACKS, self.n_tracks * 2 * TRACK.itemsize, tracks)
        n_tracks = self.n_tracks + len(added)
        facts = {"made": self.made, "n_rows": n_rows, "n_tracks": n_tracks, "n_dims": self.n_dims, "chunk_rows": CHUNK_ROWS}
        with replaced(self.folder / MANIFEST) as part:
            part.write_text(json.dumps(facts))
        for done in range(self.chunk - 1, -1, -1):
            if not (file := _rows_file(self.folder, done)).exists():
                break
            file.unlink(missing_ok=True)

    def _complete(self) -> None:
        with replaced(_columns_file(self.folder, self.chunk)) as part:
            np.ascontiguousarray(self.rows.T).tofile(part)
        self.chunk, self.n_known = self.chunk + 1, 0
        self.rows[:] = np.nan


def _write_at(path: Path, offset: int, values: NDArray[Any]) -> None:
    # written, not mapped: a full disk is an error here, and would be a crash in a mapped write
    file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o666)
    try:
        data = memoryview(values.tobytes())
        while data:
            n = os.pwrite(file, data, offset)
            data, offset = data[n:], offset + n
        os.fsync(file)
    finally:
        os.close(file)


@contextmanager
def _alone(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the folder's lock; the kernel lets it go when the process ends, however it ends."""
    with (folder / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _facts(folder: Path, n_dims: int) -> tuple[str, int, int]:
    manifest = json.loads((folder / MANIFEST).read_text())
    if not isinstance(manifest, dict) or (manifest.get("n_dims"), manifest.get("chunk_rows")) != (n_dims, CHUNK_ROWS):
        raise ValueError(manifest)
    return str(manifest["made"]), int(manifest["n_rows"]), int(manifest["n_tracks"])


def _mapped(file: Path, shape: tuple[int, int]) -> NDArray[np.float16]:
    if file.stat().st_size < shape[0] * shape[1] * DTYPE.itemsize:
        raise ValueError(file)
    return np.memmap(file, DTYPE, "r", shape=shape)


def _columns_file(folder: Path, chunk: int) -> Path:
    return folder / f"columns-{chunk:06}.f2"


def _rows_file(folder: Path, chunk: int) -> Path:
    return folder / f"rows-{chunk:06}.f2"
