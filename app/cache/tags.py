"""The tags of the segments of a network, its own or what another heard at the same time."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ..core.spaces import Layer
from ..store import spaces
from ..store.spaces import StoredNetwork
from . import ranks
from .by_time import Rows, RowsOf
from .columns import SpaceColumns
from .editions import Editions

__all__ = ["TagColumns", "of"]

ROWS_PER_BLOCK = 1 << 16
"""As many as a chunk of columns: rows that rise are read without being gathered."""


@dataclass(frozen=True, eq=False)
class TagColumns:
    """Tags of the segments of a network.

    network : whose tags they are
    labels : the tags in the order of the dimensions
    columns : of the tags
    rows : where in them the tags of a segment are
    """

    network: str
    labels: tuple[str, ...]
    columns: SpaceColumns
    rows: Rows

    @property
    def version(self) -> Hashable:
        """Another value whenever a tag of a segment, or its rank, may be another."""
        table = self.rows.other.table
        return (self.network, self.labels, table.lineage, table.revision, self.columns.made, self.columns.n_rows)

    def n_heard(self, rows: NDArray[np.uint32]) -> int:
        """How many of some rows of the network of the map have tags."""
        if not self.labels:
            return 0
        heard = self.columns.column(0)
        at = self.rows.at(rows)
        return int(np.count_nonzero(~np.isnan(heard[at[at < len(heard)]])))

    def shares(self) -> NDArray[np.float32]:
        """The rank of each float16 number in each tag [shape=(n_tags, 65536)]; NaN where it has none."""
        return np.stack([ranks.of(self.columns, tag, self.rows.other.table).share for tag in range(len(self.labels))])

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
                yield parts[block], self.columns.values(self.rows.at(rows[block])).view(np.uint16)

        return read


def of(session: Session, editions: Editions, network: StoredNetwork) -> TagColumns | None:
    """The tags of a network's segments; of one without tags those of the network with tags that heard most, at the same times.

    None where no network has tags.

    Raises
    ------
    NotReadyError
        They are being prepared.
    """
    own = editions.rows(session, network)
    heard = [(each, editions.rows(session, each)) for each in [network, *spaces.every_stored(session)] if _labels(each)]
    if not heard or not any(table.n_segments for _, table in heard):
        return None
    # of equals the first, which is the network itself where it has tags
    other, table = heard[0] if _labels(network) else max(heard, key=lambda each: len(each[1].ranges))
    columns = editions.columns(session, other, Layer.ACTIVATIONS)
    return TagColumns(other.name, _labels(other), columns, Rows(RowsOf(own, network.geometry), RowsOf(table, other.geometry)))


def _labels(network: StoredNetwork) -> tuple[str, ...]:
    space = network.spaces.get(Layer.ACTIVATIONS)
    return (space.labels if space else None) or ()
