"""Where the values of a dimension of a space stand among all of the collection."""

from ..core.ranks import Ranks, counted
from .columns import SpaceColumns
from .recent import Recent
from .rows import RowTable

__all__ = ["of"]

REMEMBERED_BYTES = 1 << 27
BYTES_EACH = 1 << 20
"""Counts, running counts and shares of 65 536 numbers."""

_remembered: Recent[Ranks] = Recent(REMEMBERED_BYTES, lambda ranks: BYTES_EACH)


def of(columns: SpaceColumns, dimension: int, table: RowTable) -> Ranks:
    """The ranks of a dimension over the rows that are not gone.

    Parameters
    ----------
    columns : of the space
    table : rows of its network
    """

    def count() -> Ranks:
        return counted(table.living(columns.column(dimension)))

    return _remembered.get((columns.folder, columns.made, columns.n_rows, dimension, table.lineage, table.revision), count)
