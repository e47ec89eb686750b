"""Errors of reading a file, in Tagscape's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..core.errors import MachineError, NotFoundError

__all__ = ["reading"]


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
