"""Words as the colour of points: twelve colours and one for all other words. A colour stays with its word."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from ....cache.by_time import Rows
from ....cache.recent import Recent
from ....core.names import key_of
from .names import ColourName, FieldName
from .scales import NO_VALUE

__all__ = ["N_COLOURS", "OTHERS", "STEPS", "Categories", "Category", "Coloured", "colours_of", "of_field"]

N_COLOURS = 12
OTHERS = N_COLOURS
"""The colour of every word that is none of the commonest."""

STEPS = 19
"""Levels of one colour, from faint to strong: `level = colour * STEPS + step`."""

REMEMBERED_BYTES = 1 << 27

_coloured: Recent["Coloured"] = Recent(REMEMBERED_BYTES, lambda coloured: coloured.levels.nbytes)


@dataclass(frozen=True)
class Category:
    """A word, its colour, and how many segments of the collection have it; None stands for all other words."""

    word: str | None
    colour: int
    n: int


@dataclass(frozen=True, eq=False)
class Coloured:
    """Rows with the colours of their words.

    levels : np.ndarray [shape=(n_rows,), dtype=uint8]
    categories : the commonest first, all others last
    """

    levels: NDArray[np.uint8]
    categories: tuple[Category, ...]


@dataclass(frozen=True)
class Categories:
    """Words, ready to colour the rows of a network.

    name : what they are
    version : another value whenever a colour may be another
    rows : where the words of the rows are
    make : gives the colours by row of `rows.other`
    word_of : gives the word of a row of `rows.own`, whether it has a colour of its own or not
    """

    name: ColourName
    version: Hashable
    rows: Rows
    make: Callable[[], Coloured]
    word_of: Callable[[int], str | None]

    @cached_property
    def _coloured(self) -> Coloured:
        return _coloured.get(self.version, self.make)

    @property
    def categories(self) -> tuple[Category, ...]:
        """The commonest first, all others last."""
        return self._coloured.categories

    def among(self, rows: NDArray[np.uint32]) -> "Categories":
        """Words keep their colours, whatever is shown."""
        return self

    def levels(self, rows: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """Colour levels of rows; 255 where there is no word."""
        return self.rows.take(self._coloured.levels, rows, NO_VALUE)

    def bits(self, rows: NDArray[np.uint32]) -> NDArray[np.uint16]:
        """Numbers to sort rows by, as the bits of float16 values: the commonest word has the highest, of each the strongest."""
        order = np.full(NO_VALUE + 1, np.nan, np.float16)
        for place, category in enumerate(reversed(self.categories)):
            order[category.colour * STEPS : (category.colour + 1) * STEPS] = place * STEPS + np.arange(STEPS)
        return order.view(np.uint16)[self.levels(rows)]

    def values(self, rows: NDArray[np.uint32]) -> list[float | None]:
        """Words have none."""
        return [None] * len(rows)

    def words(self, rows: NDArray[np.uint32]) -> list[str | None]:
        """Words of rows."""
        return [self.word_of(row) for row in rows.tolist()]


def colours_of(words: Sequence[str]) -> list[int]:
    """A colour for each of at most N_COLOURS words, the commonest first.

    A word prefers a colour by its letters and takes the next one where a commoner word was faster. So it keeps its colour, in
    other views and when the collection grows, unless a commoner word that prefers the same one comes.
    """
    colours: list[int] = []
    for word in words:
        wanted = int.from_bytes(blake2b(key_of(word).encode(), digest_size=4).digest()) % N_COLOURS
        in_turn = (colour % N_COLOURS for colour in range(wanted, wanted + N_COLOURS))
        colours.append(next(colour for colour in in_turn if colour not in colours))
    return colours


def coloured(words: Sequence[str], counts: NDArray[np.int64]) -> tuple[NDArray[np.uint8], tuple[Category, ...]]:
    """The colour of each word, and the legend.

    Parameters
    ----------
    counts : np.ndarray [shape=(n_words,)]
        How many segments each has. Of words that are equally common the first comes first.
    """
    commonest = [word for word in np.argsort(-counts, kind="stable").tolist() if counts[word]][:N_COLOURS]
    colours = np.full(len(words), OTHERS, np.uint8)
    colours[commonest] = colours_of([words[word] for word in commonest])
    categories = [Category(words[word], int(colours[word]), int(counts[word])) for word in commonest]
    n_others = int(counts.sum()) - sum(category.n for category in categories)
    return colours, (*categories, *([Category(None, OTHERS, n_others)] if n_others else []))


def of_field(name: FieldName, rows: Rows, version: Hashable, words: Sequence[str], by_track: NDArray[np.int64]) -> Categories:
    """A word of each track.

    Parameters
    ----------
    rows : of the network of the points, as both sides
    version : of what the words were read from
    by_track : np.ndarray [shape=(n_tracks,)], -1 where a track has none
        Which of `words`, in the order of the ranges of the row table.
    """
    table = rows.own.table
    ranges = table.ranges

    def spread() -> Coloured:
        has_word = by_track >= 0
        counts = np.bincount(by_track[has_word], ranges.n_segments[has_word], len(words)).astype(np.int64)
        colours, categories = coloured(words, counts)
        levels = np.full(len(ranges), NO_VALUE, np.uint8)
        levels[has_word] = colours[by_track[has_word]] * STEPS + (STEPS - 1)
        by_row = np.full(table.n_rows, NO_VALUE, np.uint8)
        by_row[slice(None) if table.live is None else table.live] = np.repeat(levels, ranges.n_segments)
        return Coloured(by_row, categories)

    def word_of(row: int) -> str | None:
        word = int(by_track[np.searchsorted(ranges.first_rows, row, side="right") - 1])
        return None if word < 0 else words[word]

    return Categories(name, (name, version, table.lineage, table.revision), rows, spread, word_of)
