"""The cache of an instance: where it is, and what is said when it cannot be written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..core.errors import MachineError

__all__ = ["cache_of", "writing_cache"]


def cache_of(instance: str | os.PathLike[str]) -> Path:
    """The folder of what can be computed again; safe to delete at any time."""
    return Path(instance) / "cache"


@contextmanager
def writing_cache() -> Iterator[None]:
    """Translate errors of the system while the block writes to the cache.

    Raises
    ------
    MachineError
        The cache cannot be written (`cache_unwritable`).
    """
    try:
        yield
    except OSError as error:
        raise MachineError(
            "cache_unwritable",
            f"The cache of the instance cannot be written: {error.strerror}.",
            "Check its owner, the disk and its free space.",
        ) from error
