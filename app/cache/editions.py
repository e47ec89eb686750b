"""Folders made from the database, each of one edition of one thing, safe to delete at any time.

A folder is never changed: it is built beside its place and renamed into it. Whoever first needs an edition builds it; two processes
at once do double work and no harm.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from ..core.errors import MachineError, NotReadyError
from ..disk.atomic import folder_beside

__all__ = ["changing", "current"]

ATTEMPTS = 5
UNREADABLE = (OSError, ValueError, EOFError)
"""What NumPy raises for a file that is missing, damaged or empty: it is built again."""

_building = threading.Lock()

T = TypeVar("T")


def current(shelf: Path, key: Callable[[], str], write: Callable[[Path], None], read: Callable[[Path], T]) -> T:
    """Open the folder of the present key, built first if it is missing.

    Parameters
    ----------
    shelf : Path
        The folder of folders.
    key : callable
        Names the edition as the database has it now: a subject, `@`, and what tells its editions apart.
    write : callable
        Fills an empty folder.
    read : callable
        Opens a filled one.

    Raises
    ------
    NotReadyError
        The database changes faster than it can be read.
    MachineError
        The cache cannot be written.
    """
    for _ in range(ATTEMPTS):
        wanted = key()
        with suppress(*UNREADABLE):
            return read(shelf / wanted)
        with _building, _translated():
            if (shelf / wanted).exists():
                with suppress(*UNREADABLE):
                    return read(shelf / wanted)
                shutil.rmtree(shelf / wanted, ignore_errors=True)
            with folder_beside(shelf / wanted) as folder:
                write(folder)
                # the database may have changed between two reads: then nothing whole was written
                if key() == wanted:
                    _publish(folder, shelf / wanted)
    raise changing()


def changing() -> NotReadyError:
    """The error of a reader that the database runs away from."""
    return NotReadyError("collection_changing", "The collection changes faster than it can be read.", "Try again in a moment.")


def _publish(folder: Path, place: Path) -> None:
    """Rename into place, unless another process was faster, and remove what it replaces."""
    try:
        folder.rename(place)
    except OSError:
        if not place.exists():
            raise
    subject = place.name.partition("@")[0]
    for other in place.parent.glob(f"{subject}@*"):
        if other != place:
            shutil.rmtree(other, ignore_errors=True)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MachineError(
            "cache_unwritable",
            f"The cache of the instance cannot be written: {error.strerror}.",
            "Check the disk and its free space.",
        ) from error
