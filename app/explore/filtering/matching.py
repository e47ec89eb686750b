"""A tree of conditions over the rows of a network.

Activations are float16, of which there are only 65 536: a condition on a tag is decided once for each of them, and looked up for
each row. What is said of tracks is decided once per track, and repeated for its rows.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import re2
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache import ranks, texts, track_words
from ...cache.by_time import Rows, RowsOf
from ...cache.columns import SpaceColumns
from ...cache.editions import Editions
from ...cache.rows import RowTable
from ...cache.texts import BETWEEN, TrackTexts
from ...cache.track_words import TrackWords
from ...core.names import folded
from ...core.ranks import NUMBERS, Ranks
from ...core.spaces import Layer
from ...filters.reading import PATTERN_OPTIONS
from ...filters.tree import (
    And,
    Bound,
    Condition,
    InAnyText,
    InNumber,
    InTag,
    Interval,
    InText,
    Measured,
    NamedTag,
    Not,
    Or,
    Quantified,
    Shared,
    Text,
    TextField,
    conditions,
)
from ...store import spaces
from ...store.spaces import StoredNetwork

__all__ = ["VALUES", "Matching", "as_stored"]

EPSILON = 1e-9
NO_BITS = int(np.float16(np.nan).view(np.uint16))

with np.errstate(invalid="ignore"):  # some of the bit patterns are NaN that signal
    VALUES = NUMBERS.astype(np.float64)


@dataclass(frozen=True)
class Matched:
    """What matches, of tracks in the order of `RowTable.ranges`, or of rows."""

    is_of_tracks: bool
    keep: NDArray[np.bool_]


@dataclass(frozen=True)
class HeardTags:
    """A network, its rows, and the columns of its tags."""

    network: StoredNetwork
    table: RowTable
    columns: SpaceColumns

    @property
    def version(self) -> Hashable:
        """Another value whenever a value may be another."""
        return (self.network.name, self.table.lineage, self.table.revision, self.columns.made, self.columns.n_rows)


class Matching:
    """Evaluates the conditions of a tree.

    Parameters
    ----------
    network, table : whose rows are asked about
    tree : the whole filter, which tells what has to be opened
    """

    def __init__(self, session: Session, editions: Editions, network: StoredNetwork, table: RowTable, tree: Condition) -> None:
        self._network, self._table = network, table
        singles = conditions(tree)
        names = {single.tag.network for single in singles if isinstance(single, InTag | Measured)}
        self._heard = {name: _heard(session, editions, network, table, name) for name in sorted(names)}
        needs_texts = any(isinstance(single, InAnyText | InText | InNumber) for single in singles)
        self._texts: TrackTexts | None = texts.of(session) if needs_texts else None

    @property
    def version(self) -> Hashable:
        """Another value whenever other rows may match."""
        return (tuple(heard.version for heard in self._heard.values()), self._texts.version if self._texts else None)

    def rows(self, tree: Condition) -> NDArray[np.bool_]:
        """Which rows match [shape=(n_rows,)]; rows that are gone never do."""
        keep = self._as_rows(self._matched(tree))
        return keep if self._table.live is None else keep & self._table.live

    def per_track(self, keep: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many of the rows of each track are kept."""
        ranges = self._table.ranges
        upto = np.zeros(len(keep) + 1, np.int32)
        np.cumsum(keep, dtype=np.int32, out=upto[1:])
        counts: NDArray[np.int64] = (upto[ranges.first_rows + ranges.n_segments] - upto[ranges.first_rows]).astype(np.int64)
        return counts

    def highest(self, tag: NamedTag) -> float:
        """The highest activation of a tag in the collection; NaN where there is none."""
        return self.ranks(tag).maximum

    @property
    def n_live(self) -> int:
        """How many rows there are that are not gone."""
        return int(self._n_segments.sum())

    def ranks(self, tag: NamedTag) -> Ranks:
        """How often each activation of a tag occurs in the collection."""
        heard = self._heard[tag.network]
        return ranks.of(heard.columns, _dimension(heard.network, tag), heard.table)

    def codes(self, tag: NamedTag) -> NDArray[np.uint16]:
        """The activations of a tag by row, as the bits of their float16 numbers: NaN where there is none."""
        heard = self._heard[tag.network]
        codes = heard.columns.column(_dimension(heard.network, tag)).view(np.uint16)
        own, other = RowsOf(self._table, self._network.geometry), RowsOf(heard.table, heard.network.geometry)
        return Rows(own, other).every(codes, NO_BITS)

    def numbers(self, field: str) -> NDArray[np.float64]:
        """`year`, `length` in seconds, or the number itself of each track, in the order of `RowTable.ranges`; NaN where unknown."""
        if field == "track":
            return self._table.ranges.track_ids.astype(np.float64)
        values = self._known_texts.year if field == "year" else self._known_texts.length
        at, is_known = self._places
        return np.where(is_known, values[at], np.nan) if len(values) else np.full(len(at), np.nan)

    def words(self, field: TextField) -> TrackWords:
        """The words of a field; tracks are positions in `RowTable.ranges`."""
        found = track_words.of(self._known_texts, field)
        at, is_known = self._places
        places = np.full(len(self._known_texts.ids), -1, np.int64)
        places[at[is_known]] = np.flatnonzero(is_known)
        tracks = places[found.tracks]
        return TrackWords(found.words, tracks[tracks >= 0], found.which[tracks >= 0])

    def valued(self, condition: InTag | InNumber) -> Interval:
        """What a condition leaves, with values in place of percentiles."""
        if isinstance(condition, InNumber):
            return condition.interval
        return self._in_values(as_stored(condition.interval), lambda share: self.ranks(condition.tag).percentile(share))

    def _matched(self, tree: Condition) -> Matched:
        match tree:
            case And(parts):
                return self._joined(parts, np.logical_and, starting=True)
            case Or(parts):
                return self._joined(parts, np.logical_or, starting=False)
            case Not(part):
                found = self._matched(part)
                return Matched(found.is_of_tracks, ~found.keep)
            case InTag():
                return Matched(False, self._in_tag(tree))
            case Measured():
                return Matched(True, self._measured(tree))
            case InNumber("start", interval):
                return Matched(False, self._starting_in(interval))
            case InNumber(field, interval):
                return Matched(True, _between(self.numbers(field), interval))
            case InText(field, wanted):
                return Matched(True, self._holding_any(field, wanted))
            case InAnyText(text):
                return Matched(True, self._with_words(folded(text)))
            case Quantified(which, part):
                counts = self.per_track(self._as_rows(self._matched(part)))
                return Matched(True, counts > 0 if which == "any" else (counts == self._n_segments) & (counts > 0))
            case Shared(part, interval):
                counts = self.per_track(self._as_rows(self._matched(part)))
                return Matched(True, _between(counts / np.maximum(self._n_segments, 1), interval))

    def _joined(self, parts: tuple[Condition, ...], join: np.ufunc, *, starting: bool) -> Matched:
        """Conditions on tracks are put together apart: they are few, and repeated for rows once.

        One array of rows is kept, however many parts there are, and those behind a part that decides are not looked at.
        """
        by_track = np.full(len(self._table.ranges), starting)
        by_row: NDArray[np.bool_] | None = None
        for part in parts:
            found = self._matched(part)
            if found.is_of_tracks:
                joined = join(by_track, found.keep, out=by_track)
            elif by_row is None:
                joined = by_row = found.keep
            else:
                joined = join(by_row, found.keep, out=by_row)
            is_decided = not joined.any() if starting else bool(joined.all())
            if is_decided:
                return Matched(found.is_of_tracks, joined)
        if by_row is None:
            return Matched(True, by_track)
        return Matched(False, join(by_row, self._as_rows(Matched(True, by_track)), out=by_row))

    def _as_rows(self, found: Matched) -> NDArray[np.bool_]:
        if not found.is_of_tracks:
            return found.keep
        repeated = np.repeat(found.keep, self._n_segments)
        if self._table.live is None:
            return repeated
        # rows that are not gone are those of the ranges, in their order
        keep = np.zeros(self._table.n_rows, np.bool_)
        keep[self._table.live] = repeated
        return keep

    @property
    def _n_segments(self) -> NDArray[np.int64]:
        return self._table.ranges.n_segments

    def _in_tag(self, condition: InTag) -> NDArray[np.bool_]:
        keep: NDArray[np.bool_] = _between(VALUES, self.valued(condition))[self.codes(condition.tag)]
        return keep

    def _measured(self, condition: Measured) -> NDArray[np.bool_]:
        values = self._of_tracks(condition)
        known = np.sort(values[~np.isnan(values)])

        def percentile(percent: float) -> float:
            # as core.ranks has it, of tracks
            at = max(1, int(np.ceil(percent / 100 * len(known) - EPSILON)))
            return float(known[at - 1]) if len(known) else float("nan")

        interval = as_stored(condition.interval) if condition.measure == "max" else condition.interval
        return _between(values, self._in_values(interval, percentile))

    def _of_tracks(self, condition: Measured) -> NDArray[np.float64]:
        """The mean or the highest value of each track; NaN where it has none."""
        values = VALUES[self.codes(condition.tag)]
        ranges = self._table.ranges
        has_value = ~np.isnan(values)
        counts = self.per_track(has_value)
        if condition.measure == "mean":
            upto = np.concatenate(([0.0], np.cumsum(np.where(has_value, values, 0.0))))
            sums = upto[ranges.first_rows + ranges.n_segments] - upto[ranges.first_rows]
            means: NDArray[np.float64] = np.divide(sums, counts, out=np.full(len(counts), np.nan), where=counts > 0)
            return means
        highest = np.full(len(counts), np.nan)
        wanted = np.flatnonzero(counts)
        if len(wanted):
            # each track's rows, then those up to the next track, which are left out of the maxima by every other
            edges = np.stack([ranges.first_rows[wanted], (ranges.first_rows + ranges.n_segments)[wanted]], axis=1).ravel()
            filled = np.append(np.where(has_value, values, -np.inf), -np.inf)
            highest[wanted] = np.maximum.reduceat(filled, edges)[::2]
        return highest

    def _in_values(self, interval: Interval, percentile: Callable[[float], float]) -> Interval:
        """An interval whose percentiles are replaced by the values that they are."""

        def valued(bound: Bound | None) -> Bound | None:
            if bound is None or not bound.is_percentile:
                return bound
            return Bound(percentile(bound.at * 100), is_included=bound.is_included)

        return Interval(valued(interval.low), valued(interval.high))

    def _starting_in(self, interval: Interval) -> NDArray[np.bool_]:
        ranges = self._table.ranges
        index = np.arange(self._table.n_rows)
        firsts = np.zeros(self._table.n_rows, np.int64)
        firsts[self._as_rows(Matched(True, np.ones(len(ranges), np.bool_)))] = np.repeat(ranges.first_rows, ranges.n_segments)
        return _between(((index - firsts) * self._network.geometry.hop_s).astype(np.float64), interval)

    @cached_property
    def _places(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        return self._known_texts.positions(self._table.ranges.track_ids)

    @property
    def _known_texts(self) -> TrackTexts:
        assert self._texts is not None
        return self._texts

    def _holding_any(self, field: str, wanted: tuple[Text, ...]) -> NDArray[np.bool_]:
        known = self._known_texts
        shown, plain = known.shown[field], known.folded[field]
        keep = np.zeros(len(shown), np.bool_)
        # patterns last, since they cost most: what holds one text is not tested for another
        for text in sorted(wanted, key=lambda text: text.kind == "pattern"):
            rest = np.flatnonzero(~keep).tolist()
            if text.kind == "pattern":
                # a collection has fewer artists and genres than tracks
                search = re2.compile(text.text, PATTERN_OPTIONS).search
                holds = {values: any(map(search, values.split(BETWEEN)[1:-1])) for values in {shown[i] for i in rest}}
                keep[rest] = [holds[shown[i]] for i in rest]
            else:
                part = folded(text.text)
                part = part if text.kind == "part" else f"{BETWEEN}{part}{BETWEEN}"
                keep[rest] = [part in plain[i] for i in rest]
        return self._placed(keep)

    def _with_words(self, words: str) -> NDArray[np.bool_]:
        return self._placed(np.array([words in text for text in self._known_texts.words], np.bool_))

    def _placed(self, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """What is known of all tracks, for those of the table."""
        at, is_known = self._places
        return keep[at] & is_known if len(keep) else is_known


def _heard(session: Session, editions: Editions, network: StoredNetwork, table: RowTable, name: str) -> HeardTags:
    if name == network.name:
        return HeardTags(network, table, editions.columns(session, network, Layer.ACTIVATIONS))
    other = spaces.stored(session, name)
    return HeardTags(other, editions.rows(session, other), editions.columns(session, other, Layer.ACTIVATIONS))


def _dimension(network: StoredNetwork, tag: NamedTag) -> int:
    return (network.space(Layer.ACTIVATIONS).labels or ()).index(tag.label)


def as_stored(interval: Interval) -> Interval:
    """An interval whose values are rounded as activations are, so that `rock=0.3` finds what is shown as 0.3."""

    def rounded(bound: Bound | None) -> Bound | None:
        if bound is None or bound.is_percentile:
            return bound
        return Bound(float(np.float16(bound.at)), is_included=bound.is_included)

    return Interval(rounded(interval.low), rounded(interval.high))


def _between(values: NDArray[np.float64], interval: Interval) -> NDArray[np.bool_]:
    """Which values lie in an interval of values; NaN never does, nor does any value where an end is NaN."""
    keep = ~np.isnan(values)
    if interval.low is not None:
        keep &= values >= interval.low.at if interval.low.is_included else values > interval.low.at
    if interval.high is not None:
        keep &= values <= interval.high.at if interval.high.is_included else values < interval.high.at
    return keep
