"""Which segments of a network an expression selects: all of them, however many."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache.by_time import Rows, RowsOf
from ...cache.editions import Editions
from ...cache.growing import GrowingCloud
from ...cache.polygon import Polygon
from ...cache.recent import Recent
from ...cache.rows import RowTable
from ...core.errors import NotFoundError
from ...store import artists, selections, spaces, tracks
from ...store.spaces import StoredNetwork
from .. import filtering
from ..map import inside, points, regions
from ..map.inside import Inside
from . import expression, reading
from .expression import (
    Area,
    Expression,
    Filtered,
    Inverted,
    Joined,
    OfArtist,
    OfArtistOf,
    OfRegion,
    OfTrack,
    Picked,
    StoredTerm,
    Term,
)

__all__ = ["Selected", "select"]

MASK_BYTES = 1 << 26
DEEPEST = 8
"""Stored selections that refer to stored selections."""

AGAIN = "Clear the selection, and select again."

Mask = NDArray[np.bool_]
"""Which rows of a network [shape=(n_rows,)]."""

_areas: Recent[Mask] = Recent(MASK_BYTES, lambda mask: mask.nbytes)


@dataclass(frozen=True, eq=False)
class Selected:
    """What is selected of a network.

    expression : what selected it
    mask : np.ndarray [shape=(n_rows,), dtype=bool]
        By row; False for rows that are gone.
    """

    expression: Expression
    network: StoredNetwork
    table: RowTable
    mask: Mask

    @property
    def text(self) -> str:
        """The expression as addresses hold it."""
        return expression.text(self.expression)

    @cached_property
    def rows(self) -> NDArray[np.uint32]:
        """The selected rows, rising [shape=(n_segments,)]."""
        return np.flatnonzero(self.mask).astype(np.uint32)

    @cached_property
    def by_track(self) -> Inside:
        """The selected rows, and how many of them each track has."""
        return inside.by_track(self.rows, self.table)


def select(session: Session, editions: Editions, network: str, text: str) -> Selected:
    """The segments of a network that the text of an expression selects.

    Areas of other networks, and segments picked in them, select what lies at the same times of the same tracks.

    Raises
    ------
    InvalidError
        The text is no expression, a filter in it is none, or a map that it names has no such projection or dimension.
    NotFoundError
        A track, an artist, a region or a stored selection is not there.
    NotReadyError
        A network or a projection that it names is not there, or is being prepared.
    """
    stored = spaces.stored(session, network)
    found = _Evaluation(session, editions, stored)
    asked = reading.parse(text)
    mask = found.mask(asked, 0)
    return Selected(asked, stored, found.table, mask if found.table.live is None else mask & found.table.live)


class _Evaluation:
    def __init__(self, session: Session, editions: Editions, network: StoredNetwork) -> None:
        self._session, self._editions, self._network = session, editions, network
        self.table = editions.rows(session, network)
        self._n_terms = 0
        self._stored: dict[str, NDArray[np.uint8]] = {}

    def mask(self, asked: Expression, depth: int) -> Mask:
        match asked:
            case Inverted(of):
                return ~self.mask(of, depth)
            case Joined(first, others):
                found = self.mask(first, depth).copy()
                for joint, other in others:
                    mask = self.mask(other, depth)
                    if joint == "plus":
                        found |= mask
                    else:
                        found &= mask if joint == "and" else ~mask
                return found
            case term:
                return self._of(term, depth)

    def _of(self, term: Term, depth: int) -> Mask:
        # a stored selection counts as what it stands for: a hundred terms, of which each may stand for another hundred
        if not isinstance(term, StoredTerm) or term.token in self._stored:
            self._n_terms += 1
            reading.check_terms(self._n_terms)
        match term:
            case Area():
                return self._at_the_same_time(*self._area(term))
            case OfTrack(track_id):
                tracks.check(self._session, track_id, AGAIN)
                return _of_tracks(self.table, [track_id])
            case OfArtist(artist_id):
                return _of_tracks(self.table, artists.track_ids(self._session, artist_id, AGAIN))
            case OfArtistOf(track_id):
                return _of_tracks(self.table, tracks.of_the_artist_of(self._session, track_id, AGAIN))
            case Picked(name, segments):
                network = spaces.stored(self._session, name)
                return self._at_the_same_time(network, _picked(self._editions.rows(self._session, network), segments))
            case Filtered(text):
                return filtering.mask(self._session, self._editions, self._network, self.table, text).keep
            case OfRegion():
                return self._at_the_same_time(*self._region(term))
            case StoredTerm(token):
                return self._of_stored(token, depth)

    def _of_stored(self, token: str, depth: int) -> Mask:
        if depth >= DEEPEST:
            raise NotFoundError("unknown_selection", f"The stored selection {token} refers to too many others.", AGAIN)
        # as bits: a hundred masks of a large collection would take half a gigabyte
        if token not in self._stored:
            found = self.mask(reading.parse(selections.text_of(self._session, token)), depth + 1)
            self._stored[token] = np.packbits(found)
        return np.unpackbits(self._stored[token], count=self.table.n_rows).view(np.bool_)

    def _area(self, area: Area) -> tuple[StoredNetwork, Mask]:
        place = area.place
        view = points.find(self._session, self._editions, place.space, place.method, points.Query(x=place.x, y=place.y))

        def find() -> Mask:
            # points that were written after the table was read belong to no track yet
            rows = _rows(area, view.cloud())
            return _masked(view.table.n_rows, rows[rows < view.table.n_rows])

        return view.network, _areas.get((area, view.table, view.edition), find)

    def _region(self, term: OfRegion) -> tuple[StoredNetwork, Mask]:
        place = term.place
        found = regions.find(self._session, self._editions, place.space, place.method, place.x, place.y)
        regions.check(found, term.region, term.made)
        view = found.view

        def find() -> Mask:
            rows = regions.rows_of(found, term.region, term.made)
            return _masked(view.table.n_rows, rows[rows < view.table.n_rows])

        return view.network, _areas.get((term, view.table, view.edition), find)

    def _at_the_same_time(self, network: StoredNetwork, mask: Mask) -> Mask:
        """What lies at the same times of the same tracks in the network that is asked for."""
        table = self._editions.rows(self._session, network)
        if table is self.table:
            return mask
        rows = Rows(RowsOf(self.table, self._network.geometry), RowsOf(table, network.geometry))
        return rows.take(mask, np.arange(self.table.n_rows, dtype=np.uint32), False)


def _rows(area: Area, cloud: GrowingCloud) -> NDArray[np.uint32]:
    if area.shape == "box":
        x0, x1, y0, y1 = area.numbers
        return cloud.rows_inside((x0, x1, y0, y1))
    return cloud.rows_enclosed(Polygon(np.array(area.numbers).reshape(-1, 2)))


def _masked(n_rows: int, rows: NDArray[np.uint32]) -> Mask:
    mask = np.zeros(n_rows, np.bool_)
    mask[rows] = True
    return mask


def _of_tracks(table: RowTable, track_ids: Iterable[int]) -> Mask:
    mask = np.zeros(table.n_rows, np.bool_)
    at = table.indices_of(np.fromiter(track_ids, np.int64)) if len(table.ranges) else np.empty(0, np.int64)
    # a track that the network has not heard has nothing to select
    for first, n in zip(*(column[at[at >= 0]].tolist() for column in table.ranges.columns[1:]), strict=True):
        mask[first : first + n] = True
    return mask


def _picked(table: RowTable, segments: Iterable[tuple[int, int]]) -> Mask:
    """Segments of tracks that are gone, or shorter by now, are left out."""
    mask = np.zeros(table.n_rows, np.bool_)
    for track_id, index in segments:
        try:
            first, n_segments = table.range_of(track_id)
        except NotFoundError:
            continue
        if index < n_segments:
            mask[first + index] = True
    return mask
