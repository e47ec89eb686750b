"""Errors of reading a file, in Tagscape's words."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..core.errors import MachineError, NotFoundError

__all__ = ["SeekableForFFmpeg", "reading"]


class SeekableForFFmpeg:
    """A binary file as PyAV reads it: a seek to an impossible position returns a negative number, as FFmpeg expects.

    Damaged files ask for such positions. An exception would come out of a callback of C: PyAV keeps one, prints the others to the
    terminal, and raises what it kept later, as if the disk had failed.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        # FFmpeg goes by the suffix where the first bytes do not tell what a file is
        self.name = file.name
        self.read = file.read
        self.tell = file.tell

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """The new position; negative where there is none."""
        try:
            return self._file.seek(offset, whence)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            return -errno.EINVAL


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Translate errors of the system while the block reads `path`.

    Raises
    ------
    NotFoundError
        No such file, or a broken link (`missing_file`).
    MachineError
        The file cannot be read (`unreadable_file`).
    """
    try:
        yield
    except FileNotFoundError as error:
        kind = "is a broken link" if path.is_symlink() else "is no longer there"
        raise NotFoundError("missing_file", f"{path.name} {kind}.", "Run: flask index-all-audio") from error
    except OSError as error:
        raise MachineError(
            "unreadable_file", f"{path.name} cannot be read: {error.strerror}.", "Check its permissions and the disk."
        ) from error
