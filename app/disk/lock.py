"""A lock on a file that tells who holds it. Asking takes no lock, so it never keeps another process from taking the lock."""

import fcntl
import os
import secrets
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Holder", "LockHeldError", "held", "holder", "in_turn"]

TRIES = 100
LARGEST_TOKEN = 1 << 62
MAX_NAME_BYTES = 4096

if sys.platform == "darwin":
    # <sys/fcntl.h> of macOS has them, Python does not
    SET, ASK = 90, 92
    FLOCK, FIELDS = "qqihh0q", ("start", "length", "process", "kind", "whence")
else:
    SET, ASK = fcntl.F_OFD_SETLK, fcntl.F_OFD_GETLK
    FLOCK, FIELDS = "hhqqi0q", ("kind", "whence", "start", "length", "process")


@dataclass(frozen=True)
class Holder:
    """Who holds a lock; `name` is None for the moment between taking the lock and writing the name."""

    name: str | None


class LockHeldError(Exception):
    """Somebody else holds the lock."""

    def __init__(self, holder: Holder) -> None:
        super().__init__(holder.name)
        self.holder = holder


@contextmanager
def held(path: Path, name: str) -> Iterator[None]:
    """Hold the lock of a file, under a name, while the block lasts. The kernel lets it go when the process ends, however it ends.

    Raises
    ------
    LockHeldError
        Somebody else holds it.
    OSError
        The file cannot be made or written.
    """
    token = secrets.randbelow(LARGEST_TOKEN) + 1
    path.touch()
    with path.open("r+b", buffering=0) as file:
        _take(file.fileno(), token)
        file.truncate(0)
        file.write(f"{token} {name}\n".encode())
        yield


def holder(path: Path) -> Holder | None:
    """Who holds the lock of a file at this moment, None where nobody does.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    try:
        with path.open("rb", buffering=0) as file:
            return _holder(file.fileno())
    except FileNotFoundError:
        return None


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Wait until no other thread or process is in this block with the same path. The file is made, and removed again.

    Ask inside whether there still is anything to do. Once the file has been removed, a newcomer makes another one, and for a
    moment two may be inside: it, and one that waited for the file before.

    Raises
    ------
    OSError
        The file cannot be made.
    """
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _take(file: int, token: int) -> None:
    for _ in range(TRIES):
        try:
            fcntl.fcntl(file, SET, _flock(token))
        except (BlockingIOError, PermissionError) as error:  # POSIX allows either
            found = _holder(file)
            if found is None:
                continue  # it was let go in between: nobody is in the way any more
            raise LockHeldError(found) from error
        return
    raise LockHeldError(Holder(None))


def _holder(file: int) -> Holder | None:
    answer = dict(zip(FIELDS, struct.unpack(FLOCK, fcntl.fcntl(file, ASK, _flock(1))), strict=True))
    if answer["kind"] == fcntl.F_UNLCK:
        return None
    # what is written may still be an earlier holder's, or half of a name
    number, _, name = os.pread(file, MAX_NAME_BYTES, 0).decode(errors="replace").partition(" ")
    return Holder(name.rstrip("\n") if number == str(answer["length"]) and name.endswith("\n") else None)


def _flock(length: int) -> bytes:
    # The kernel tells whoever asks which range of the file is locked, and nothing else of the holder. So each holder locks a range
    # of a random length of its own, and writes that number before its name: a name with another number is that of somebody who is
    # gone. All ranges begin at byte 0, so any two exclude each other.
    fields = {"kind": fcntl.F_WRLCK, "whence": os.SEEK_SET, "start": 0, "length": length, "process": 0}
    return struct.pack(FLOCK, *(fields[name] for name in FIELDS))
