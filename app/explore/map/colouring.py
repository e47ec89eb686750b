"""A tag's activation as the colour of points, of any network on the map of any other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache import columns
from ...cache.columns import SpaceColumns
from ...cache.recent import Recent
from ...core.errors import InvalidError, NotFoundError
from ...core.geometry import PatchGeometry
from ...core.spaces import Layer, SpaceName
from ...core.suggest import did_you_mean
from ...store import spaces
from ...store.tables import Space

__all__ = ["NO_VALUE", "Colouring", "Tag", "by_tag"]

NO_VALUE = 255
"""The level of a point whose track the colour's network has not heard."""

TOP = NO_VALUE - 1
PERCENTILE = 99.9
NOWHERE = np.iinfo(np.uint32).max
EPSILON = 1e-9

_highs: Recent[float] = Recent(256)
_sources: Recent[NDArray[np.uint32]] = Recent(4)


@dataclass(frozen=True)
class Tag:
    """A dimension of a network's activations, by name."""

    network: str
    label: str

    @classmethod
    def parse(cls, text: str) -> "Tag":
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
    """A tag's column, ready to colour the rows of a space.

    version : str
        Names the column's revision.
    values : np.ndarray [dtype=float16]
        By position in the tag's own space.
    source : np.ndarray [dtype=uint32] or None
        For each position of the coloured space the position in `values`, or NOWHERE; None where they are the same.
    low, high : float
        The ends of the colour scale.
    """

    tag: Tag
    version: str
    values: NDArray[np.float16]
    source: NDArray[np.uint32] | None
    low: float
    high: float

    def levels(self, positions: NDArray[np.uint32] | slice) -> NDArray[np.uint8]:
        """Colour levels at positions of the coloured space: 0 is `low`, 254 `high`, 255 no value."""
        scale = _scale(self.low, self.high)
        if self.source is None:
            return scale[self.values[positions].view(np.uint16)]
        source = self.source[positions]
        has_value = source != NOWHERE
        levels = np.full(len(source), NO_VALUE, np.uint8)
        levels[has_value] = scale[self.values[source[has_value]].view(np.uint16)]
        return levels


def by_tag(session: Session, cache: Path, tag: Tag, space: Space, own: SpaceColumns) -> Colouring:
    """Colour the rows of `space`, whose columns are `own`, by `tag`.

    Raises
    ------
    NotReadyError
        The tag's network has not been run.
    NotFoundError
        It has no such tag.
    """
    tag_space = spaces.by_name(session, SpaceName.of(tag.network, Layer.ACTIVATIONS))
    dimension = _dimension(tag_space.labels or [], tag)
    other = columns.of_space(session, cache, tag_space)
    values = other.vectors[dimension]
    high = _highs.get((other.version, dimension), lambda: _high(values))
    return Colouring(tag, other.version, values, _source(space, own, tag_space, other), 0.0, high)


def _dimension(labels: Sequence[str], tag: Tag) -> int:
    if tag.label not in labels:
        raise NotFoundError("unknown_tag", f"{tag.network} has no tag {tag.label!r}.", did_you_mean(tag.label, labels))
    return labels.index(tag.label)


def _high(values: NDArray[np.float16]) -> float:
    """The percentile, rounded up to one significant digit: a number for a legend."""
    high = float(np.quantile(values.astype(np.float32), PERCENTILE / 100, method="higher"))
    if high <= 0:
        return 1.0
    exponent = math.floor(math.log10(high))
    step = 10.0**exponent
    return min(round(math.ceil(high / step - EPSILON) * step, -exponent), 1.0)


def _scale(low: float, high: float) -> NDArray[np.uint8]:
    """The level of every float16 number there is, by its bits: looking up is quicker than computing."""
    numbers = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)
    shares: NDArray[np.float32] = (np.clip(np.nan_to_num(numbers), low, high) - low) / (high - low)
    return np.rint(shares * TOP).astype(np.uint8)


def _source(space: Space, own: SpaceColumns, tag_space: Space, other: SpaceColumns) -> NDArray[np.uint32] | None:
    geometry, other_geometry = spaces.geometry(space.network), spaces.geometry(tag_space.network)
    same_tracks = np.array_equal(own.track_ids, other.track_ids) and np.array_equal(own.first_rows, other.first_rows)
    same_times = (geometry.hop_s, geometry.segment_s) == (other_geometry.hop_s, other_geometry.segment_s)
    if same_tracks and same_times:
        return None
    return _sources.get((own.version, other.version), lambda: _by_time(own, geometry, other, other_geometry))


def _by_time(own: SpaceColumns, geometry: PatchGeometry, other: SpaceColumns, other_geometry: PatchGeometry) -> NDArray[np.uint32]:
    """For each position in `own` the position in `other` of the segment at the middle of its own, in the same track."""
    n_segments = np.diff(own.first_rows)
    index = np.arange(own.n_rows) - np.repeat(own.first_rows[:-1], n_segments)
    middle_s = index * geometry.hop_s + geometry.segment_s / 2
    track = np.minimum(np.searchsorted(other.track_ids, own.track_ids), len(other.track_ids) - 1)
    is_known = other.track_ids[track] == own.track_ids
    other_index = np.minimum(
        (middle_s / other_geometry.hop_s + EPSILON).astype(np.int64), np.repeat(np.diff(other.first_rows)[track] - 1, n_segments)
    )
    row = np.repeat(other.first_rows[track], n_segments) + other_index
    position_of = np.empty(other.n_rows, np.uint32)
    position_of[other.order] = np.arange(other.n_rows, dtype=np.uint32)
    source = np.where(np.repeat(is_known, n_segments), position_of[np.clip(row, 0, other.n_rows - 1)], NOWHERE).astype(np.uint32)
    return source[own.order]
