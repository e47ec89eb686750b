"""Numbers as the colour of points: a tag's activation, a field of tracks, the difference of two networks."""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ....cache import ranks
from ....cache.by_time import Rows
from ....cache.columns import SpaceColumns
from ....cache.recent import Recent
from ....cache.rows import RowTable
from ....core.ranks import NUMBERS, Ranks, counted
from .names import ColourName, DifferenceName, FieldName, TagName
from .scales import Ramp, Scale, by_rank, by_value, diverging

__all__ = ["Numbers", "Unit", "of_difference", "of_field", "of_tag"]

Unit = Literal["activation", "difference", "year", "seconds"]

NO_BITS = int(np.float16(np.nan).view(np.uint16))
SIGN = np.uint16(0x8000)
LARGEST = float(np.finfo(np.float16).max)
WHOLE_RANGE = (0.0, 50.0, 100.0)
EPSILON = 1e-9

REMEMBERED_BYTES = 1 << 27
BYTES_PER_RAMP = 1 << 20
"""Its own levels and the counts that it was made of."""

_ramps: Recent[Ramp] = Recent(REMEMBERED_BYTES, lambda ramp: BYTES_PER_RAMP)
_bits: Recent[NDArray[np.uint16]] = Recent(REMEMBERED_BYTES, lambda bits: bits.nbytes)


@dataclass(frozen=True)
class Numbers:
    """Numbers, ready to colour the rows of a network.

    name : what they are
    unit : what they are measured in
    scale : how they become colours
    version : another value whenever a colour may be another; None for what is made for one answer
    rows : where the numbers of the rows are
    codes : the numbers, as the bits of their float16 values, by row of `rows.other`
    make_ramp : gives the levels of the whole collection
    rescale : gives a ramp for some rows only
    exact : gives the numbers of rows that float16 rounds, as it does those of tracks; None where it holds them
    """

    name: ColourName
    unit: Unit
    scale: Scale
    version: Hashable
    rows: Rows
    codes: NDArray[np.uint16]
    make_ramp: Callable[[], Ramp]
    rescale: Callable[[NDArray[np.uint32]], Ramp]
    exact: Callable[[NDArray[np.integer[Any]]], NDArray[np.float64]] | None = None

    @cached_property
    def ramp(self) -> Ramp:
        """What level every number has."""
        return self.make_ramp() if self.version is None else _ramps.get(self.version, self.make_ramp)

    def among(self, rows: NDArray[np.uint32]) -> "Numbers":
        """The same numbers, coloured by where they stand among those of some rows, if `scale` asks for that."""
        if self.scale != "shown":
            return self
        return replace(self, version=None, make_ramp=lambda: self.rescale(rows))

    def levels(self, rows: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """Colour levels of rows, 0 to 254; 255 where there is no number."""
        return self.ramp.levels[self.bits(rows)]

    def bits(self, rows: NDArray[np.uint32]) -> NDArray[np.uint16]:
        """Numbers of rows, which rise or not, as the bits of their float16 values: NaN where there is none."""
        return self.rows.take(self.codes, rows, NO_BITS)

    def values(self, rows: NDArray[np.uint32]) -> list[float | None]:
        """Numbers of rows."""
        values = (NUMBERS[self.bits(rows)] if self.exact is None else self.exact(rows)).tolist()
        return [None if value != value else value for value in values]

    def words(self, rows: NDArray[np.uint32]) -> list[str | None]:
        """Numbers have none."""
        return [None] * len(rows)


def of_tag(name: TagName, scale: Scale, rows: Rows, columns: SpaceColumns, dimension: int) -> Numbers:
    """The activation of a tag, of the network of the points or of another."""
    table = rows.other.table
    codes = columns.column(dimension).view(np.uint16)

    def ramp() -> Ramp:
        found = ranks.of(columns, dimension, table)
        return by_value(found) if scale == "value" else by_rank(found)

    return Numbers(
        name,
        "activation",
        scale,
        (name, scale, table.lineage, table.revision, columns.made, columns.n_rows),
        rows,
        codes,
        ramp,
        lambda shown: by_rank(_ranks(rows.take(codes, shown, NO_BITS)), may_be_weak=False),
    )


def of_difference(name: DifferenceName, scale: Scale, rows: Rows, one: Numbers, other: Numbers) -> Numbers:
    """What one network hears of a tag less what another does.

    Parameters
    ----------
    rows : of the network of the points, as both sides
    """
    table = rows.own.table
    version = (name, scale, one.version, other.version, table.lineage, table.revision)
    key = (name, one.version, other.version, table.lineage, table.revision)

    def difference() -> NDArray[np.uint16]:
        every = np.arange(table.n_rows, dtype=np.uint32)
        values = np.take(NUMBERS, one.bits(every), mode="wrap") - np.take(NUMBERS, other.bits(every), mode="wrap")
        return values.astype(np.float16).view(np.uint16)

    codes = _bits.get(key, difference)

    def ramp_of(codes: NDArray[np.uint16], scale: Scale) -> Ramp:
        return diverging(_ranks(codes), _ranks(codes & ~SIGN), scale)

    def rescale(shown: NDArray[np.uint32]) -> Ramp:
        return ramp_of(rows.take(codes, shown, NO_BITS), "shown")

    live = codes if table.live is None else codes[table.live]
    return Numbers(name, "difference", scale, version, rows, codes, partial(ramp_of, live, scale), rescale)


def of_field(name: FieldName, unit: Unit, scale: Scale, rows: Rows, version: Hashable, by_track: NDArray[np.float64]) -> Numbers:
    """A number of each track.

    Parameters
    ----------
    rows : of the network of the points, as both sides
    version : of what the numbers were read from
    by_track : np.ndarray [shape=(n_tracks,)], NaN where a track has none
        In the order of the ranges of the row table.
    """
    table = rows.own.table
    n_segments = table.ranges.n_segments

    def spread() -> NDArray[np.uint16]:
        by_row = np.full(table.n_rows, NO_BITS, np.uint16)
        by_row[_rows_of_tracks(rows)] = np.repeat(_bits_of(by_track), n_segments)
        return by_row

    codes = _bits.get((name, version, table.lineage, table.revision), spread)

    def ramp() -> Ramp:
        found = _ranks(codes)
        rounded = (
            by_value(found, WHOLE_RANGE, from_zero=False) if scale == "value" else by_rank(found, WHOLE_RANGE, may_be_weak=False)
        )
        return _marked(rounded, by_track, n_segments)

    def rescale(shown: NDArray[np.uint32]) -> Ramp:
        rounded = by_rank(_ranks(rows.take(codes, shown, NO_BITS)), WHOLE_RANGE, may_be_weak=False)
        at = _tracks_of(table, shown)
        return _marked(rounded, by_track, np.bincount(at[at >= 0], minlength=len(by_track)))

    return Numbers(
        name,
        unit,
        scale,
        (name, scale, version, table.lineage, table.revision),
        rows,
        codes,
        ramp,
        rescale,
        lambda some: np.append(by_track, np.nan)[_tracks_of(table, some)],
    )


def _tracks_of(table: RowTable, rows: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """The position of the track of each row in the ranges of the table; -1 where the row is gone."""
    at = np.searchsorted(table.ranges.first_rows, rows, side="right") - 1
    ends = np.append(table.ranges.first_rows.astype(np.int64) + table.ranges.n_segments, 0)
    return np.where(rows < ends[at], at, -1)


def _bits_of(values: NDArray[np.float64]) -> NDArray[np.uint16]:
    """The bits of the nearest finite float16 values: 65 504 seconds, the largest, are 18 hours."""
    return np.clip(values, -LARGEST, LARGEST).astype(np.float16).view(np.uint16)


def _marked(ramp: Ramp, values: NDArray[np.float64], weights: NDArray[np.integer[Any]]) -> Ramp:
    """A ramp that was made of rounded values, with marks at the values themselves, each of which counts so many times."""
    order = np.argsort(values, kind="stable")[: np.count_nonzero(~np.isnan(values))]
    upto = weights[order].cumsum()
    if not len(upto) or not upto[-1]:
        return ramp
    wanted = [max(1, math.ceil(mark.percent / 100 * int(upto[-1]) - EPSILON)) for mark in ramp.marks]
    exact = values[order[np.searchsorted(upto, wanted)]].tolist()
    return replace(ramp, marks=tuple(replace(mark, value=value) for mark, value in zip(ramp.marks, exact, strict=True)))


def _rows_of_tracks(rows: Rows) -> NDArray[np.bool_] | slice:
    live = rows.own.table.live
    return slice(None) if live is None else live


def _ranks(codes: NDArray[np.uint16]) -> Ranks:
    return counted(codes.view(np.float16))
