"""How code that takes long reports its progress, without knowing who listens."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

__all__ = ["Advance", "Progress", "Silent"]


class Advance(Protocol):
    """Called as work is done."""

    def __call__(self, n: float = 1) -> None:
        """`n` more units are done."""
        ...


class Progress(Protocol):
    """A listener for one command: any number of labelled stretches of work, one after another."""

    def stretch(self, label: str, total: float | None, unit: str) -> AbstractContextManager[Advance]:
        """Open a stretch of work. The context manager gives the function to call with the amount done."""
        ...


class Silent:
    """Nobody listens."""

    @contextmanager
    def stretch(self, label: str, total: float | None, unit: str) -> Iterator[Advance]:
        """Take the calls and say nothing."""

        def advance(n: float = 1) -> None:
            pass

        yield advance
