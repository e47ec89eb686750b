"""The points of a map that match a filter, remembered: the next viewport asks for the same."""

from collections.abc import Hashable

from ...cache.growing import FilteredCloud, GrowingCloud
from ...cache.recent import Recent
from ...cache.rows import RowTable
from ..filtering import Mask

__all__ = ["cloud"]

REMEMBERED_BYTES = 1 << 27

_clouds: Recent[FilteredCloud] = Recent(REMEMBERED_BYTES, lambda found: found.n_bytes)


def cloud(points: Hashable, whole: GrowingCloud, table: RowTable, mask: Mask) -> FilteredCloud:
    """The points of a cloud that match.

    Parameters
    ----------
    points : names the edition and the axes of the cloud
    table : the rows that the cloud and the mask are of
    """
    return _clouds.get((points, table, mask.version), lambda: whole.under(mask.keep))
