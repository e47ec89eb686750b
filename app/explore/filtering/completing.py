"""Suggestions for the search box: what the grammar allows, and what the collection holds."""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from ...cache import texts
from ...cache.rows import RowTable
from ...cache.texts import BETWEEN, TrackTexts
from ...core.names import folded
from ...filters import Candidate, expected
from .names import vocabulary

__all__ = ["Completion", "Suggestion", "complete"]

N_TRACKS = 5
N_VALUES = 4
N_LISTED = 8
SIGNS = '():<>=|"'
"""What words to look for do not have."""


@dataclass(frozen=True)
class Suggestion:
    """Something that may be written, or a track that is gone to.

    text : what to write
    start : of what it takes the place of
    label : what to show
    """

    kind: str
    text: str
    start: int
    label: str
    note: str = ""
    track_id: int | None = None


@dataclass(frozen=True)
class Completion:
    """What may be written; `end` is behind what a suggestion takes the place of."""

    end: int
    suggestions: tuple[Suggestion, ...]


def complete(session: Session, network: str, table: RowTable, text: str, cursor: int) -> Completion:
    """What may be written at a place of a filter, and what of the collection holds all of the text as words."""
    at = expected(text, cursor, vocabulary(session, network))
    known = texts.of(session)
    if at.field is not None:
        values = _values(known, at.field, folded(at.word), N_LISTED)
        return Completion(at.end, tuple(Suggestion(at.field, _quoted(value), at.start, value) for value in values))
    found = [_suggested(candidate, at.start) for candidate in at.candidates]
    words = folded(text.strip())
    if words and at.takes_words and not set(words) & set(SIGNS):
        tags = [each for each in found if each.kind == "tag"]
        others = [each for each in found if each.kind != "tag"]
        meant = [each for each in tags if folded(each.label).startswith(words)]
        # a tag that begins with the word is likely to be meant; one that holds it elsewhere is not
        found = [*meant, *_tracks(known, table, words), *_named(known, words), *(tags if not meant else []), *others]
    return Completion(at.end, tuple(found))


def _suggested(candidate: Candidate, start: int) -> Suggestion:
    label = candidate.text.removesuffix(">p90").strip('"') if candidate.kind == "tag" else candidate.text
    return Suggestion(candidate.kind, candidate.text, start, label, candidate.note)


def _tracks(known: TrackTexts, table: RowTable, words: str) -> list[Suggestion]:
    """Tracks of the map whose title, artist, album or file hold the words; those whose title begins with them come first."""
    titles = known.folded["title"]
    hits = np.array([at for at, text in enumerate(known.words) if words in text], np.int64)
    on_map = hits[np.isin(known.ids[hits], table.ranges.track_ids)].tolist()

    def place(at: int) -> tuple[int, int]:
        title = titles[at]
        return (0 if title.startswith(BETWEEN + words) else 1 if words in title else 2, at)

    return [
        Suggestion("track", "", 0, _first(known.shown["title"][at]), _first(known.shown["artist"][at]), int(known.ids[at]))
        for at in heapq.nsmallest(N_TRACKS, on_map, key=place)
    ]


def _named(known: TrackTexts, words: str) -> Iterator[Suggestion]:
    for field in ("artist", "album"):
        for value in _values(known, field, words, N_VALUES):
            yield Suggestion(field, f"{field}:={_quoted(value)}", 0, value)


def _values(known: TrackTexts, field: str, part: str, most: int) -> Sequence[str]:
    """Values of a field that hold a text: those that begin with it first, then those of which a word does, then by their tracks."""
    holding = Counter(text for text, low in zip(known.shown[field], known.folded[field], strict=True) if part in low)
    counts: Counter[str] = Counter()
    for text, n in holding.items():
        # a track of several genres has some that do not hold it
        counts.update(dict.fromkeys(text.split(BETWEEN)[1:-1], n))
    hits = (
        (not low.startswith(part), f" {part}" not in low, -n, value)
        for value, n in counts.items()
        if part in (low := folded(value))
    )
    return [value for *_, value in heapq.nsmallest(most, hits)]


def _first(text: str) -> str:
    return text.split(BETWEEN)[1] if text else ""


def _quoted(value: str) -> str:
    return '"{}"'.format(value.replace("\\", "\\\\").replace('"', '\\"'))
