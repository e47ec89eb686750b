"""Which rows of a network match a filter: exactly, and remembered."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache.editions import Editions
from ...cache.recent import Recent
from ...cache.rows import RowTable
from ...filters import parse, write
from ...filters.tree import Condition
from ...store.spaces import StoredNetwork
from .matching import Matching
from .names import vocabulary

__all__ = ["Mask", "mask", "mask_of"]

REMEMBERED_BYTES = 1 << 26


@dataclass(frozen=True, eq=False)
class Mask:
    """The rows that match a filter.

    text : the filter, in the one spelling that all filters have which say the same
    tree : what it says
    version : another one whenever other rows may match
    keep : np.ndarray [shape=(n_rows,), dtype=bool]
        By row; False for rows that are gone.
    n_segments, n_tracks : how many match
    """

    text: str
    tree: Condition
    version: Hashable
    keep: NDArray[np.bool_]
    n_segments: int
    n_tracks: int


_masks: Recent[Mask] = Recent(REMEMBERED_BYTES, lambda found: found.keep.nbytes)


def mask(session: Session, editions: Editions, network: StoredNetwork, table: RowTable, text: str) -> Mask:
    """The rows of a network that match a filter.

    Raises
    ------
    FilterError
        The text is no filter.
    NotReadyError
        The values of a tag are still being prepared.
    """
    return mask_of(session, editions, network, table, parse(text, vocabulary(session, network.name)))


def mask_of(session: Session, editions: Editions, network: StoredNetwork, table: RowTable, tree: Condition) -> Mask:
    """The rows of a network that match conditions which were read already. Raises NotReadyError as `mask` does."""
    matching = Matching(session, editions, network, table, tree)
    spelt = write(tree, network.name)
    version = (spelt, network.name, table.lineage, table.revision, matching.version)

    def evaluate() -> Mask:
        keep = matching.rows(tree)
        counts = matching.per_track(keep)
        return Mask(spelt, tree, version, keep, int(counts.sum()), int(np.count_nonzero(counts)))

    return _masks.get((editions.folder, version), evaluate)
