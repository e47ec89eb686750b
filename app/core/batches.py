"""A long stream in pieces: of one transaction each, or of what is done together."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

__all__ = ["batches"]

T = TypeVar("T")


def batches(items: Iterable[T], n: int) -> Iterator[list[T]]:
    """Lists of `n` items, the last of what is left."""
    remaining = iter(items)
    while batch := list(islice(remaining, n)):
        yield batch
