"""Files and folders that appear whole or not at all."""

import glob
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["ABANDONED_AFTER_S", "folder_beside", "remove_abandoned", "replaced", "sync"]

ABANDONED_AFTER_S = 3600
"""What was not written to for so long was left by a process that was killed."""


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A file beside `path` to write into; it takes the place of `path` when the block ends well, and is removed otherwise.

    A process that is killed leaves no half file under the name of `path`. The content reaches the disk before the name does.

    Raises
    ------
    OSError
        The folder is missing or cannot be written.
    """
    remove_abandoned(path.parent.glob(f".{glob.escape(path.name)}.*.part"))
    # process and thread in the name: two that write the same file at once do double work and no harm
    part = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        yield part
        sync(part)
        part.replace(path)
        sync(path.parent)
    finally:
        with suppress(OSError):
            part.unlink()


@contextmanager
def folder_beside(path: Path) -> Iterator[Path]:
    """An empty folder beside `path` to fill and then to rename; what is still there when the block ends is removed.

    Raises
    ------
    OSError
        The folder cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned(path.parent.glob(".*~*"))
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}~", dir=path.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk: a rename alone may outrun what it renames."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_abandoned(parts: Iterable[Path]) -> None:
    """Remove unfinished files and folders that nobody has written to for `ABANDONED_AFTER_S`."""
    for part in parts:
        with suppress(OSError):
            if time.time() - part.stat().st_mtime < ABANDONED_AFTER_S:
                continue
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink()
