"""How a collection spreads over a tag or a field, and how what matches the other conditions of a filter does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache.editions import Editions
from ...cache.rows import RowTable
from ...core.errors import InvalidError, NotFoundError
from ...core.names import folded
from ...core.ranks import CODES
from ...core.suggest import did_you_mean
from ...filters import Vocabulary, narrowing, parse, write
from ...filters.narrowing import Subject
from ...filters.tree import Bound, Condition, InNumber, InTag, Interval, InText, NamedTag, NumberField, Text, TextField
from ...filters.vocabulary import TEXT_FIELDS
from ...store.spaces import StoredNetwork
from . import bins
from .mask import Mask, mask_of
from .matching import VALUES, Matching
from .names import vocabulary

__all__ = ["MOST_WORDS", "Histogram", "NumberHistogram", "Unit", "WordCount", "WordHistogram", "find", "with_range", "with_word"]

Unit = Literal["activation", "year", "seconds"]

MOST_WORDS = 12
LONG_PERCENT = 99.0
"""Of tracks: the longer ones, which a few may be by far, share the last bin."""

FIELDS_WITH_BINS = ("year", "length")
FIELDS_WITH_WORDS = ("artist", "album", "genre")
UNITS: Mapping[str, Unit] = {"year": "year", "length": "seconds"}


@dataclass(frozen=True, eq=False)
class NumberHistogram:
    """Segments by a number.

    of : what was asked for
    edges : np.ndarray [shape=(n_bins + 1,), dtype=float64]
        A bin holds its lower edge and not its upper one.
    n_all, n_matching : np.ndarray [shape=(n_bins,), dtype=int64]
        Of the collection, and of what matches the conditions on everything else.
    is_unbounded : whether the last bin holds all larger numbers as well
    low, high : what the filter leaves: at least `low`, less than `high`; None where there is no end
    n_without : segments without such a number
    """

    of: str
    unit: Unit
    edges: NDArray[np.float64]
    n_all: NDArray[np.int64]
    n_matching: NDArray[np.int64]
    is_unbounded: bool
    low: float | None
    high: float | None
    n_without: int


@dataclass(frozen=True)
class WordCount:
    """A word, its segments in the collection and among what matches everything else, and whether the filter asks for it."""

    word: str
    n_all: int
    n_matching: int
    is_kept: bool


@dataclass(frozen=True)
class WordHistogram:
    """Segments by the words of their tracks: those asked for first, then those with most segments that match; n_words in all."""

    of: str
    words: tuple[WordCount, ...]
    n_words: int
    n_without: int


Histogram: TypeAlias = NumberHistogram | WordHistogram


def find(session: Session, editions: Editions, network: StoredNetwork, table: RowTable, of: str, text: str) -> Histogram:
    """The histogram of a tag or a field.

    Parameters
    ----------
    table : the rows of the network
    of : `year`, `length`, `artist`, `album`, `genre`, or a tag as filters name it
    text : a filter. What it says of `of` itself is told, and does not narrow the histogram.

    Raises
    ------
    NotFoundError
        There is neither such a field nor such a tag.
    FilterError
        The text is no filter.
    NotReadyError
        The values of a tag are still being prepared.
    """
    names = vocabulary(session, network.name)
    subject = _subject(of, names)
    tree = parse(text, names)
    own = narrowing.conditions_on(tree, subject)
    others = mask_of(session, editions, network, table, narrowing.without(tree, subject))
    matching = Matching(session, editions, network, table, _anything_of(subject))
    n_all, n_matching = table.ranges.n_segments, matching.per_track(others.keep)
    if isinstance(subject, NamedTag):
        return _of_tag(of, subject, matching, others, own)
    if subject in TEXT_FIELDS:
        return _of_words(of, cast(TextField, subject), matching, n_all, n_matching, own)
    return _of_field(of, cast(NumberField, subject), matching, n_all, n_matching, own)


def with_range(session: Session, network: StoredNetwork, of: str, text: str, low: float | None, high: float | None) -> str:
    """A filter that leaves of a number what is at least `low` and less than `high`, in place of what it says of it.

    Raises
    ------
    NotFoundError
        There is neither such a field nor such a tag.
    InvalidError
        It has words, and no numbers; or nothing is left.
    FilterError
        The text is no filter.
    """
    names = vocabulary(session, network.name)
    subject = _subject(of, names)
    if subject in TEXT_FIELDS:
        raise InvalidError("no_number", f"{of} has words and no numbers.", "Ask for one of its words.")
    if low is not None and high is not None and low >= high:
        raise InvalidError("empty_range", f"Nothing is at least {low:g} and less than {high:g}.", "Put the lower one first.")
    condition: Condition | None = None
    if low is not None or high is not None:
        interval = Interval(None if low is None else Bound(low), None if high is None else _upto(high, subject))
        condition = InTag(subject, interval) if isinstance(subject, NamedTag) else InNumber(cast(NumberField, subject), interval)
    return _written(narrowing.narrowed(parse(text, names), subject, condition), names)


def with_word(session: Session, network: StoredNetwork, of: str, text: str, word: str) -> str:
    """A filter that asks for a word of a field, besides those that it asks for; or no longer does, where it did.

    Raises
    ------
    NotFoundError
        There is no such field.
    FilterError
        The text is no filter.
    """
    names = vocabulary(session, network.name)
    if of not in FIELDS_WITH_WORDS:
        raise NotFoundError("unknown_field", f"{of!r} has no words.", did_you_mean(of, FIELDS_WITH_WORDS, f"Use: {_listed()}"))
    field = cast(TextField, of)
    tree = parse(text, names)
    *_, last = [InText(field, ()), *narrowing.conditions_on(tree, field)]
    assert isinstance(last, InText)
    wanted = Text(word, "whole")
    others = tuple(each for each in last.texts if not _is_word(each, word))
    left = others if len(others) < len(last.texts) else (*others, wanted)
    return _written(narrowing.narrowed(tree, field, InText(field, left) if left else None), names)


def _subject(of: str, names: Vocabulary) -> Subject:
    if of in (*FIELDS_WITH_BINS, *FIELDS_WITH_WORDS):
        return cast(TextField | NumberField, of)
    tag = names.find(of)
    if tag is None:
        reason, hint = names.missing(of)
        raise NotFoundError("unknown_tag", f"{reason}.", hint or f"Or use: {_listed()}")
    return tag


def _listed() -> str:
    return ", ".join((*FIELDS_WITH_BINS, *FIELDS_WITH_WORDS))


def _anything_of(subject: Subject) -> Condition:
    """What lets a subject be read."""
    if isinstance(subject, NamedTag):
        return InTag(subject, Interval())
    return InText(cast(TextField, subject), ()) if subject in TEXT_FIELDS else InNumber(cast(NumberField, subject), Interval())


def _written(tree: Condition, names: Vocabulary) -> str:
    text = write(tree, names.network)
    # what is too long for a filter is told here, and not by the map that asks for it
    parse(text, names)
    return text


def _of_tag(of: str, tag: NamedTag, matching: Matching, others: Mask, own: Sequence[Condition]) -> NumberHistogram:
    """Activations are float16: each of its bit patterns is counted, and put into its bin."""
    codes, counts = matching.codes(tag), matching.ranks(tag).counts
    kept = np.bincount(codes[others.keep], minlength=CODES)
    known = np.flatnonzero(~np.isnan(VALUES))
    highest = matching.highest(tag)
    edges = bins.edges(0.0, 0.0 if np.isnan(highest) else highest)
    # filters round their values so as well
    at = np.clip(np.searchsorted(edges.astype(np.float16), VALUES[known].astype(np.float16), side="right") - 1, 0, len(edges) - 2)
    n_all, n_matching = (np.bincount(at, each[known], len(edges) - 1).astype(np.int64) for each in (counts, kept))
    low, high = _ends(matching, own)
    n_without = matching.n_live - int(n_all.sum())
    return NumberHistogram(of, "activation", edges, n_all, n_matching, False, low, high, n_without)


def _of_field(
    of: str,
    field: NumberField,
    matching: Matching,
    n_all: NDArray[np.int64],
    n_matching: NDArray[np.int64],
    own: Sequence[Condition],
) -> NumberHistogram:
    values = matching.numbers(field)
    is_known = ~np.isnan(values)
    known = values[is_known]
    highest = float(known.max(initial=0.0))
    long = float(np.percentile(known, LONG_PERCENT)) if field == "length" and len(known) else highest
    edges = bins.edges(float(known.min(initial=highest)), long, are_times=field == "length", least=1.0)
    at = np.clip(np.searchsorted(edges, known, side="right") - 1, 0, len(edges) - 2)
    n_without = int(n_all[~is_known].sum())
    n_all, n_matching = (np.bincount(at, each[is_known], len(edges) - 1).astype(np.int64) for each in (n_all, n_matching))
    low, high = _ends(matching, own)
    return NumberHistogram(of, UNITS[field], edges, n_all, n_matching, highest >= float(edges[-1]), low, high, n_without)


def _of_words(
    of: str,
    field: TextField,
    matching: Matching,
    n_all: NDArray[np.int64],
    n_matching: NDArray[np.int64],
    own: Sequence[Condition],
) -> WordHistogram:
    found = matching.words(field)
    counts = [np.bincount(found.which, each[found.tracks], len(found.words)).astype(np.int64) for each in (n_all, n_matching)]
    asked = [text for condition in own if isinstance(condition, InText) for text in condition.texts]
    is_kept = [any(_is_word(text, word) for text in asked) for word in found.words] if asked else [False] * len(found.words)
    order = np.lexsort((-counts[0], -counts[1], ~np.array(is_kept, np.bool_)))
    heard = [i for i in order.tolist() if counts[0][i]]
    words = tuple(WordCount(found.words[i], int(counts[0][i]), int(counts[1][i]), is_kept[i]) for i in heard[:MOST_WORDS])
    without = np.ones(len(n_all), np.bool_)
    without[found.tracks] = False
    return WordHistogram(of, words, len(heard), int(n_all[without].sum()))


def _is_word(text: Text, word: str) -> bool:
    return text.kind == "whole" and folded(text.text) == folded(word)


def _ends(matching: Matching, own: Sequence[Condition]) -> tuple[float | None, float | None]:
    """(the highest lower end, the lowest upper end) of conditions on one number: the upper one is the first that is too much."""
    lows: list[float] = []
    highs: list[float] = []
    for condition in own:
        assert isinstance(condition, InTag | InNumber)
        interval = matching.valued(condition)
        lows += [interval.low.at] if interval.low else []
        if interval.high:
            is_whole = isinstance(condition, InNumber) and condition.field == "year" and interval.high.is_included
            highs.append(interval.high.at + is_whole)
    return max(lows, default=None), min(highs, default=None)


def _upto(high: float, subject: Subject) -> Bound:
    """Less than a number; of years, which are whole, up to the one before: that is how people write it."""
    return Bound(high - 1) if subject == "year" else Bound(high, is_included=False)
