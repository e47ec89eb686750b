"""The order in which points lie: a fixed shuffle, so that the first of any set of them are a uniform sample of it."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["by_priority", "order_of", "priority"]


def priority(rows: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A number for each row, in an order that has nothing to do with theirs; no two rows share one.

    An integer hash of two multiplications by odd numbers and three shifts, each of which can be undone (Wellons, "lowbias32").
    """
    mixed = rows ^ (rows >> np.uint32(16))
    mixed = mixed * np.uint32(0x7FEB352D)
    mixed ^= mixed >> np.uint32(15)
    mixed = mixed * np.uint32(0x846CA68B)
    mixed ^= mixed >> np.uint32(16)
    return mixed


def by_priority(rows: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Positions of rows in the order of their priorities."""
    return order_of(priority(rows))


def order_of(keys: NDArray[np.uint32] | NDArray[np.uint16]) -> NDArray[np.uint32]:
    """Positions of keys in rising order, of equals the first one first.

    Key and position are packed into one number each and sorted as a whole: NumPy sorts numbers several times as fast as positions.
    """
    packed = np.arange(len(keys), dtype=np.uint64)
    packed |= np.left_shift(keys, 32, dtype=np.uint64)
    packed.sort()
    return packed.astype(np.uint32)
