"""The tags of the segments of a network."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ..core.spaces import Layer
from ..store.spaces import StoredNetwork
from . import ranks
from .columns import SpaceColumns
from .editions import Editions
from .rows import RowTable

__all__ = ["TagColumns", "of"]

ROWS_PER_BLOCK = 1 << 16
"""As many as a chunk of columns: rows that rise are read without being gathered."""


@dataclass(frozen=True, eq=False)
class TagColumns:
    """Tags of segments.

    network : whose tags they are
    labels : the tags in the order of the dimensions
    """

    network: str
    labels: tuple[str, ...]
    columns: SpaceColumns
    table: RowTable

    def shares(self) -> NDArray[np.float32]:
        """The rank of each float16 number in each tag [shape=(n_tags, 65536)]; NaN where it has none."""
        return np.stack([ranks.of(self.columns, tag, self.table).share for tag in range(len(self.labels))])

    def blocks(
        self, rows: NDArray[np.uint32]
    ) -> Callable[[NDArray[np.int32]], Iterator[tuple[NDArray[np.int32], NDArray[np.uint16]]]]:
        """Given something of each row [n], the same in blocks, with the bits of the float16 activations [n_tags, n] of the rows.

        Parameters
        ----------
        rows : np.ndarray [shape=(n,), dtype=uint32]
            Of the network of the map; quickest when they rise.
        """

        def read(parts: NDArray[np.int32]) -> Iterator[tuple[NDArray[np.int32], NDArray[np.uint16]]]:
            for first in range(0, len(rows), ROWS_PER_BLOCK):
                block = slice(first, first + ROWS_PER_BLOCK)
                yield parts[block], self.columns.values(rows[block]).view(np.uint16)

        return read


def of(session: Session, editions: Editions, network: StoredNetwork) -> TagColumns | None:
    """The tags of a network's segments; None where it has none.

    Raises
    ------
    NotReadyError
        They are being prepared.
    """
    space = network.spaces.get(Layer.ACTIVATIONS)
    if space is None or not space.labels:
        return None
    columns = editions.columns(session, network, Layer.ACTIVATIONS)
    return TagColumns(network.name, space.labels, columns, editions.rows(session, network))
