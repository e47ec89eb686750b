"""Results of earlier requests, kept in memory up to a number of bytes."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

__all__ = ["Recent"]

T = TypeVar("T")


class Recent(Generic[T]):
    """The values used last, by key, as many as fit into `limit_bytes`. Threads may share it; two that miss at once both compute.

    Parameters
    ----------
    limit_bytes : int
    size_of : callable
        Gives the bytes that a value takes. A value larger than `limit_bytes` is not kept.
    """

    def __init__(self, limit_bytes: int, size_of: Callable[[T], int]) -> None:
        self._values: LRUCache[Hashable, T] = LRUCache(limit_bytes, getsizeof=size_of)
        self._size_of = size_of
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of `key`, made if it is not there."""
        with self._lock:
            if key in self._values:
                return self._values[key]
        value = make()
        with self._lock:
            # the library raises ValueError for a value larger than the whole cache
            if self._size_of(value) <= self._values.maxsize:
                self._values[key] = value
        return value

    def known(self, key: Hashable) -> T | None:
        """The value of `key`, None where it is not there."""
        with self._lock:
            return self._values.get(key)

    @property
    def n_bytes(self) -> int:
        """What the kept values take."""
        return int(self._values.currsize)
