"""The activation of a tag as the colour of points. The tag may be of another network than the points."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache import ranks
from ...cache.columns import SpaceColumns
from ...cache.editions import Editions
from ...cache.recent import Recent
from ...cache.rows import RowTable
from ...core.errors import InvalidError, NotFoundError
from ...core.geometry import PatchGeometry
from ...core.ranks import NUMBERS, Ranks
from ...core.spaces import Layer
from ...core.suggest import did_you_mean
from ...store import spaces
from ...store.spaces import StoredNetwork

__all__ = ["NO_VALUE", "Colouring", "TagName", "by_tag"]

NO_VALUE = 255
"""The level of a point without a value: the tag's network has no features of its track."""

NO_BITS = np.float16(np.nan).view(np.uint16)
TOP = NO_VALUE - 1
PERCENTILE = 99.9
NOWHERE = np.iinfo(np.uint32).max
EPSILON = 1e-9

SOURCE_BYTES = 1 << 27

_sources: Recent[NDArray[np.uint32]] = Recent(SOURCE_BYTES, lambda source: source.nbytes)


@dataclass(frozen=True)
class TagName:
    """A dimension of a network's activations, by name."""

    network: str
    label: str

    @classmethod
    def parse(cls, text: str) -> "TagName":
        """Read `network/tag`; a tag may itself contain a slash.

        Raises
        ------
        InvalidError
            The text has another form.
        """
        network, slash, label = text.partition("/")
        if not (network and slash and label):
            raise InvalidError("invalid_tag", f"{text!r} is not a network and a tag.", "Write for example msd-musicnn/rock.")
        return cls(network, label)


@dataclass(frozen=True)
class Colouring:
    """A tag, ready to colour the rows of a network.

    own : rows of the network whose points are coloured, and the geometry of their segments
    other : rows of the tag's network, and the geometry of theirs
    columns : of the tag's space
    dimension : of the tag
    """

    tag: TagName
    own: tuple[RowTable, PatchGeometry]
    other: tuple[RowTable, PatchGeometry]
    columns: SpaceColumns
    dimension: int

    low = 0.0

    @property
    def version(self) -> Hashable:
        """Another value whenever a colour may be another."""
        table = self.other[0]
        return (self.tag, table.lineage, table.revision, self.columns.made, self.columns.n_rows)

    @cached_property
    def high(self) -> float:
        """The upper end of the colour scale."""
        return _high(ranks.of(self.columns, self.dimension, self.other[0]))

    def levels(self, rows: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """Colour levels of rows: 0 is `low`, 254 `high`, 255 no value."""
        source = _source(*self.own, *self.other)
        other_rows = rows if source is None else source[rows]
        # NOWHERE is larger than every row, and so are rows that the columns do not have yet
        has_value = other_rows < len(self._codes)
        scale = _scale(self.low, self.high)
        if has_value.all():
            return scale[self._codes[other_rows]]
        levels = np.full(len(rows), NO_VALUE, np.uint8)
        levels[has_value] = scale[self._codes[other_rows[has_value]]]
        return levels

    def bits(self, rows: NDArray[np.uint32]) -> NDArray[np.uint16]:
        """Values of rows as the bits of their float16 numbers: NaN where the tag's network has no features of the track."""
        source = _source(*self.own, *self.other)
        other_rows = rows if source is None else source[rows]
        codes = self._codes
        # rows rise, so the last one tells whether the columns lack any; NOWHERE is larger than every row
        if source is None and (not len(rows) or rows[-1] < len(codes)):
            return codes[: len(rows)] if len(rows) == len(codes) else codes[other_rows]
        bits = np.full(len(rows), NO_BITS, np.uint16)
        has_value = other_rows < len(codes)
        bits[has_value] = codes[other_rows[has_value]]
        return bits

    @property
    def _codes(self) -> NDArray[np.uint16]:
        """The tag's values by row, as the bits of their float16 numbers."""
        return self.columns.column(self.dimension).view(np.uint16)


def by_tag(session: Session, editions: Editions, tag: TagName, network: StoredNetwork, table: RowTable) -> Colouring:
    """Colour the rows of a network by a tag of that, or of another.

    Raises
    ------
    NotReadyError
        The tag's network has not been run.
    NotFoundError
        It has no such tag.
    """
    other = network if tag.network == network.name else spaces.stored(session, tag.network)
    return Colouring(
        tag,
        (table, network.geometry),
        (editions.rows(session, other), other.geometry),
        editions.columns(session, other, Layer.ACTIVATIONS),
        _dimension(other.space(Layer.ACTIVATIONS).labels or (), tag),
    )


def _dimension(labels: Sequence[str], tag: TagName) -> int:
    if tag.label not in labels:
        raise NotFoundError("unknown_tag", f"{tag.network} has no tag {tag.label!r}.", did_you_mean(tag.label, labels))
    return labels.index(tag.label)


def _high(ranks: Ranks) -> float:
    """The percentile, rounded up to one significant digit: a number for a legend."""
    high = ranks.percentile(PERCENTILE) if ranks.n else 0.0
    if high <= 0:
        return 1.0
    # 0.372 becomes 0.4; EPSILON keeps 0.4 from becoming 0.5 by rounding
    exponent = math.floor(math.log10(high))
    step = 10.0**exponent
    return min(round(math.ceil(high / step - EPSILON) * step, -exponent), 1.0)


@lru_cache(64)
def _scale(low: float, high: float) -> NDArray[np.uint8]:
    """The level of every float16 number, by its bits. There are only 65536, and looking up is quicker than computing."""
    shares: NDArray[np.float32] = (np.clip(np.nan_to_num(NUMBERS), low, high) - low) / (high - low)
    levels = np.rint(shares * TOP).astype(np.uint8)
    levels[np.isnan(NUMBERS)] = NO_VALUE
    return levels


def _source(own: RowTable, geometry: PatchGeometry, other: RowTable, other_geometry: PatchGeometry) -> NDArray[np.uint32] | None:
    """For each row of `own` the row of `other` at the same time in the same track; None where the numbers are the same."""
    same_times = (geometry.hop_s, geometry.segment_s) == (other_geometry.hop_s, other_geometry.segment_s)
    if own is other or (same_times and own.same_rows(other)):
        return None
    return _sources.get((own, other), lambda: _by_time(own, geometry, other, other_geometry))


def _by_time(own: RowTable, geometry: PatchGeometry, other: RowTable, other_geometry: PatchGeometry) -> NDArray[np.uint32]:
    """For each row of `own` the row of `other` whose segment is at the middle of its own, in the same track, or NOWHERE."""
    ranges, others = own.ranges, other.ranges
    source = np.full(own.n_rows, NOWHERE, np.uint32)
    if not len(others):
        return source
    at = other.indices_of(ranges.track_ids)
    is_known = at >= 0
    n_segments = ranges.n_segments[is_known]
    begins = np.cumsum(n_segments) - n_segments
    index = np.arange(n_segments.sum()) - np.repeat(begins, n_segments)
    middle_s = index * geometry.hop_s + geometry.segment_s / 2
    # the middle may lie behind the last segment of a network with longer ones: then that one is taken
    last = np.repeat(others.n_segments[at[is_known]] - 1, n_segments)
    other_index = np.minimum((middle_s / other_geometry.hop_s + EPSILON).astype(np.int64), last)
    rows = np.repeat(ranges.first_rows[is_known], n_segments) + index
    source[rows] = np.repeat(others.first_rows[at[is_known]], n_segments) + other_index
    return source
