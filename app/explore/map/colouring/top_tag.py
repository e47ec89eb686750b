"""Each segment's top tag: not the strongest one, which is nearly always the same, but the one that stands out most.

The score of a tag is a ln(a / m), its activation times the logarithm of the lift over its mean activation m in the collection.
Means, colours and strengths are those of the settled rows, so a large collection keeps its colours while tracks are added.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....cache.by_time import Rows
from ....cache.columns import CHUNK_ROWS, SpaceColumns
from ....cache.recent import Recent
from ....cache.rows import RowTable
from ....core.ranks import CODES, NUMBERS
from .categories import STEPS, Categories, Category, Coloured, coloured
from .names import TopName
from .scales import NO_VALUE

__all__ = ["of_network"]

TAG_BITS = 10
"""A score and its tag share 32 bits, so that the maximum of such keys is the best tag: no tag has to be looked up twice."""

TAG_MASK = (1 << TAG_BITS) - 1
SCORE_STEPS = 1 << 18
"""Steps of a score of 1. A score lies between -1 / e, where a tag is everywhere alike, and about 12."""

OFFSET = 1.0
SCORES = 1 << 16
SCORE_SHIFT = 6
"""Scores are counted in steps of their own, 65 536 in all."""

SMALLEST_MEAN = 1e-6
LOOKED_AT = 1 << 19
"""Means, and which tags are the commonest, are told by at least so many rows, chosen evenly."""

REMEMBERED_BYTES = 1 << 27

_settled: Recent["_Settled"] = Recent(REMEMBERED_BYTES, lambda settled: settled.n_bytes)


@dataclass(frozen=True, eq=False)
class _Scoring:
    """What the top tags of other rows are found with, too.

    keys : np.ndarray [shape=(n_tags, CODES), dtype=uint32]
        Score and tag, by the bits of an activation; 0 where it is no number.
    colours : np.ndarray [shape=(n_tags,), dtype=uint8]
    steps : np.ndarray [shape=(SCORES,), dtype=uint8]
    categories : with what is counted among the rows that it was made from
    """

    keys: NDArray[np.uint32]
    colours: NDArray[np.uint8]
    steps: NDArray[np.uint8]
    categories: tuple[Category, ...]

    def levels(self, keys: NDArray[np.uint32]) -> NDArray[np.uint8]:
        levels: NDArray[np.uint8] = np.take(self.colours, keys & TAG_MASK, mode="clip")
        levels *= np.uint8(STEPS)
        levels += np.take(self.steps, _score(keys), mode="clip")
        levels[keys == 0] = NO_VALUE
        return levels


@dataclass(frozen=True, eq=False)
class _Settled:
    scoring: _Scoring
    levels: NDArray[np.uint8]

    @property
    def n_bytes(self) -> int:
        """What it takes in memory: of a small collection nearly all are the keys, 13 MB of fifty tags."""
        return self.scoring.keys.nbytes + self.scoring.steps.nbytes + self.levels.nbytes


def of_network(name: TopName, rows: Rows, columns: SpaceColumns, labels: tuple[str, ...]) -> Categories:
    """The top tags by the network of the points, or by another.

    Parameters
    ----------
    columns : of the network's activations
    labels : its tags
    """
    table = rows.other.table
    version = (name, table.lineage, table.revision, columns.made, columns.n_rows)

    def make() -> Coloured:
        return _coloured(columns, table, labels)

    def word_of(row: int) -> str | None:
        at = int(rows.at(np.array([row], np.uint32))[0])
        if at >= columns.n_rows:
            return None
        keys = _settled_of(columns, table, labels).scoring.keys
        key = int(keys[np.arange(len(labels)), columns.row(at).view(np.uint16)].max())
        return labels[key & TAG_MASK] if key else None

    return Categories(name, version, rows, make, word_of)


def _coloured(columns: SpaceColumns, table: RowTable, labels: tuple[str, ...]) -> Coloured:
    settled = _settled_of(columns, table, labels)
    scoring = settled.scoring
    added = _keys(columns, scoring.keys, len(settled.levels), columns.n_rows)
    levels = np.concatenate([settled.levels, scoring.levels(added)])
    counts = np.bincount(table.living(levels), minlength=NO_VALUE + 1)
    counted = (
        Category(category.word, category.colour, int(counts[category.colour * STEPS : (category.colour + 1) * STEPS].sum()))
        for category in scoring.categories
    )
    return Coloured(levels, tuple(sorted(counted, key=lambda category: (category.word is None, -category.n))))


def _settled_of(columns: SpaceColumns, table: RowTable, labels: tuple[str, ...]) -> _Settled:
    # another request may have added to the columns since the table was read
    end = _boundary(min(columns.n_rows, table.n_rows))
    n_gone = 0 if table.live is None else end - int(np.count_nonzero(table.live[:end]))
    return _settled.get((columns.folder, columns.made, end, n_gone), lambda: _settle(columns, table, labels, end))


def _boundary(n_rows: int) -> int:
    """Where the settled rows end: about an eighth is added before all is looked at again, and a small collection is every time."""
    step = 1 << max(CHUNK_ROWS.bit_length() - 1, n_rows.bit_length() - 4)
    return n_rows - n_rows % step or n_rows


def _settle(columns: SpaceColumns, table: RowTable, labels: tuple[str, ...], end: int) -> _Settled:
    keys = _tables(_means(columns, table, end))
    found = _keys(columns, keys, 0, end)
    every = _every(end)
    live = found[::every] if table.live is None else found[::every][table.live[:end:every]]
    live = live[live > 0]
    colours, categories = coloured(labels, np.bincount(live & TAG_MASK, minlength=len(labels)))
    counts = np.bincount(_score(live), minlength=SCORES)
    # by rank, so that as many are faint as are strong
    shares = (counts.cumsum() - counts / 2) / max(len(live), 1)
    scoring = _Scoring(keys, colours, np.minimum(shares * STEPS, STEPS - 1).astype(np.uint8), categories)
    return _Settled(scoring, scoring.levels(found))


def _every(end: int) -> int:
    return max(1, end // LOOKED_AT)


def _means(columns: SpaceColumns, table: RowTable, end: int) -> NDArray[np.float64]:
    """The mean activation of each tag in the first rows."""
    every = _every(end)
    sums, n = 0.0, 0
    for first in _begins(0, end):
        block = _block(columns, first, end)[:, ::every]
        is_live = ~np.isnan(block[0])
        if table.live is not None:
            is_live &= table.live[first : min(first + CHUNK_ROWS, end)][::every]
        sums = sums + block[:, is_live].sum(axis=1, dtype=np.float64)
        n += int(np.count_nonzero(is_live))
    return np.asarray(sums / max(n, 1), np.float64)


def _tables(means: NDArray[np.float64]) -> NDArray[np.uint32]:
    usable = np.isfinite(NUMBERS) & (NUMBERS >= 0)
    numbers = np.where(usable, NUMBERS, 0).astype(np.float64)
    tables = np.zeros((len(means), CODES), np.uint32)
    for tag, mean in enumerate(np.maximum(means, SMALLEST_MEAN)):
        scores = numbers * np.log(np.maximum(numbers, SMALLEST_MEAN) / mean)
        scored = np.clip((scores + OFFSET) * SCORE_STEPS, 1, (1 << 32 - TAG_BITS) - 1).astype(np.uint32)
        tables[tag, usable] = (scored << TAG_BITS | tag)[usable]
    return tables


def _keys(columns: SpaceColumns, tables: NDArray[np.uint32], first: int, end: int) -> NDArray[np.uint32]:
    """The highest key of each row from `first` on."""
    best = np.zeros(end - first, np.uint32)

    def fill(begin: int) -> None:
        block = _block(columns, begin, end).view(np.uint16)
        part = best[begin - first :][: block.shape[1]]
        found = np.empty_like(part)
        for table, codes in zip(tables, block, strict=True):
            # "wrap", since no code is too large: the check of others takes three times as long as the look-up
            np.take(table, codes, mode="wrap", out=found)
            np.maximum(part, found, out=part)

    # looking up lets other threads run
    with ThreadPoolExecutor() as pool:
        list(pool.map(fill, _begins(first, end)))
    return best


def _block(columns: SpaceColumns, first: int, end: int) -> NDArray[np.float16]:
    """Rows from `first` to the end of its chunk, or to `end` [shape=(n_dims, n)]."""
    chunk, at = divmod(first, CHUNK_ROWS)
    block = columns.chunks[chunk] if chunk < len(columns.chunks) else np.ascontiguousarray(columns.tail.T)
    return block[:, at : end - chunk * CHUNK_ROWS]


def _begins(first: int, end: int) -> list[int]:
    """Where the chunks of some rows begin; the first may begin in the middle of one."""
    return [first, *range(first - first % CHUNK_ROWS + CHUNK_ROWS, end, CHUNK_ROWS)] if first < end else []


def _score(keys: NDArray[np.uint32]) -> NDArray[np.uint32]:
    scores: NDArray[np.uint32] = np.minimum(keys >> (TAG_BITS + SCORE_SHIFT), SCORES - 1)
    return scores
