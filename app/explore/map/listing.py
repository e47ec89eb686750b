"""The segments of a map inside a box as a table: all of them, sorted, a page at a time."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache.editions import Editions
from ...core.errors import InvalidError
from .. import segments
from ..segments import Segment
from . import inside, track_order
from .colouring import Numbers
from .inside import Inside
from .points import MapView
from .track_order import TrackOrder

__all__ = ["Listing", "Page", "Sort", "read"]

Sort = Literal["title", "artist", "start", "value"]

N_CODES = 1 << 16
COUNTED = 1 << 18
WITHOUT = N_CODES - 1
"""The rank of a row without a value: behind all others, whichever way they are sorted."""


@dataclass(frozen=True)
class Page:
    """Which part of the table.

    sort : the column; `start` is by track, as they were indexed, then by time
    descending : the highest first, or Z
    n_tags : of each segment, the strongest first
    """

    sort: Sort = "artist"
    descending: bool = False
    offset: int = 0
    limit: int = 100
    n_tags: int = 0


@dataclass(frozen=True)
class Listing:
    """A page of the table.

    edition : names the state of everything that the order of the table depends on
    values : of what colours the map, one a segment; None where there is no number
    words : the same for words
    """

    edition: Hashable
    n_inside: int
    n_tracks: int
    segments: list[Segment]
    values: list[float | None]
    words: list[str | None]


def read(session: Session, editions: Editions, view: MapView, page: Page) -> Listing:
    """The segments of a map inside the box of its query.

    Segments of one value come by the titles of their tracks, then in time; those of one title or artist in time, too.

    Raises
    ------
    InvalidError
        Nothing colours the map whose values are there to sort by.
    """
    if page.sort == "value" and view.colouring is None:
        raise InvalidError("no_colour", "sort=value needs a colour.", "Add colour=network/tag, or sort by title.")
    names = track_order.names(session)
    found = inside.find(view)
    rows = _rows(view, found, page, names)
    listed = segments.at(session, editions, view.network, rows.tolist(), revision=view.network.revision, n_tags=page.n_tags)
    colour = view.colouring.version if view.colouring else None
    matching = view.mask and view.mask.version
    edition = (view.table.lineage, view.table.revision, view.edition, colour, names.version, matching)
    values: list[float | None] = view.colouring.values(rows) if view.colouring else [None] * len(rows)
    words: list[str | None] = view.colouring.words(rows) if view.colouring else [None] * len(rows)
    return Listing(edition, len(found.rows), found.n_tracks, listed, values, words)


def _rows(view: MapView, found: Inside, page: Page, names: track_order.TrackNames) -> NDArray[np.uint32]:
    end = min(page.offset + page.limit, len(found.rows))
    if page.offset >= end:
        return np.empty(0, np.uint32)
    if page.sort == "value" and view.colouring is not None:
        by_title = track_order.of(view.table, names, "title", descending=False)
        if isinstance(view.colouring, Numbers) and view.colouring.exact is not None:
            values = view.colouring.exact(view.table.ranges.first_rows)[by_title.tracks]
            by_value = np.argsort(-values if page.descending else values, kind="stable")  # NaN comes last
            return _by_track(found, TrackOrder(by_title.tracks[by_value]), page.offset, end, backwards=False)
        ranks = _ranks(page.descending)[view.colouring.bits(found.rows)]
        return found.rows[_by_rank(ranks, found, by_title.places(view.table), page.offset, end)]
    order = track_order.of(view.table, names, page.sort, descending=page.descending)
    return _by_track(found, order, page.offset, end, backwards=page.sort == "start" and page.descending)


def _by_track(found: Inside, order: TrackOrder, first: int, end: int, *, backwards: bool) -> NDArray[np.uint32]:
    """Rows `first` to `end` of the tracks in an order; only the tracks of the page are looked into."""
    ends = found.counts[order.tracks].cumsum()
    at, last = np.searchsorted(ends, [first, end - 1], side="right").tolist()
    parts = []
    for track in order.tracks[at : last + 1].tolist():
        rows = found.rows[found.firsts[track] : found.firsts[track] + found.counts[track]]
        parts.append(rows[::-1] if backwards else rows)
    skipped = int(ends[at - 1]) if at else 0
    return np.concatenate(parts)[first - skipped : end - skipped]


def _by_rank(ranks: NDArray[np.uint16], found: Inside, places: NDArray[np.int64], first: int, end: int) -> NDArray[np.int64]:
    """Positions in `found.rows` of rows `first` to `end` by rank, of equals by the places of their tracks.

    There are only 65 536 ranks: counting each tells which ones the page holds, and only rows of these are sorted.
    """
    # by parts that stay in the processor's cache: `bincount` turns what it counts into 64 bits
    parts = (ranks[at : at + COUNTED] for at in range(0, len(ranks), COUNTED))
    counts = sum((np.bincount(part, minlength=N_CODES) for part in parts), np.zeros(N_CODES, np.int64))
    ends = counts.cumsum()
    low, high = np.searchsorted(ends, [first, end - 1], side="right").tolist()
    near = np.flatnonzero((ranks >= low) & (ranks <= high))
    skipped = int(ends[low] - counts[low])
    tracks = found.tracks_of(near)
    keys = ranks[near].astype(np.int64) << 32 | (places[tracks] + near - found.firsts[tracks])
    wanted = slice(first - skipped, end - skipped)
    # a value that many share, such as none, leaves many: the page is split off before it is sorted
    chosen = np.argpartition(keys, (wanted.start, wanted.stop - 1))[wanted]
    return near[chosen[np.argsort(keys[chosen])]]


@lru_cache(2)
def _ranks(descending: bool) -> NDArray[np.uint16]:
    """The rank of every float16 number, by its bits; equal numbers share one."""
    numbers = np.arange(N_CODES, dtype=np.uint16).view(np.float16).astype(np.float32)
    is_number = ~np.isnan(numbers)
    ranks = np.full(N_CODES, WITHOUT, np.uint16)
    _, rising = np.unique(numbers[is_number], return_inverse=True)
    ranks[is_number] = rising.max() - rising if descending else rising
    return ranks
