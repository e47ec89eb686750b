"""The tracks of a network in the orders that a table can have. They are sorted once, not with every request."""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache.recent import Recent
from ...cache.rows import RowTable
from ...core.names import key_of
from ...store import tracks

__all__ = ["TrackNames", "TrackOrder", "names", "of"]

N_REMEMBERED = 16

NUMBER = re.compile(r"\d+")
DIGITS = 12


@dataclass(frozen=True, eq=False)
class TrackNames:
    """What tracks are sorted by: keys of title and artist, by track id. `version` is another one whenever they may be others."""

    version: Hashable
    keys: Mapping[int, tuple[str, str | None]]


@dataclass(frozen=True, eq=False)
class TrackOrder:
    """An order of tracks.

    tracks : np.ndarray [shape=(n_tracks,), dtype=int64]
        Positions in `RowTable.ranges`, the first in the order first.
    """

    tracks: NDArray[np.int64]

    def places(self, table: RowTable) -> NDArray[np.int64]:
        """For each track of `RowTable.ranges` how many segments come before its first one in this order."""
        n_segments = table.ranges.n_segments[self.tracks]
        places = np.empty(len(self.tracks), np.int64)
        places[self.tracks] = n_segments.cumsum() - n_segments
        return places


_names: Recent[TrackNames] = Recent(1, lambda found: 1)
_orders: Recent[TrackOrder] = Recent(N_REMEMBERED, lambda order: 1)


def names(session: Session) -> TrackNames:
    """What every track is sorted by, as it is now."""
    version = tracks.version(session)

    def read() -> TrackNames:
        return TrackNames(version, {track_id: _keys(*name) for track_id, name in tracks.names(session).items()})

    return _names.get((session.get_bind(), version), read)


def of(table: RowTable, known: TrackNames, sort: str, *, descending: bool) -> TrackOrder:
    """The tracks of a row table by `title`, `artist`, or `start`: as they were indexed.

    Of one title come artists in their order, of one artist titles. Tracks without an artist come last either way.
    """
    return _orders.get((table, known, sort, descending), lambda: _sorted(table, known, sort, descending))


def _sorted(table: RowTable, known: TrackNames, sort: str, descending: bool) -> TrackOrder:
    ids = table.ranges.track_ids.tolist()
    if sort == "start":
        indexed = np.argsort(table.ranges.track_ids, kind="stable")
        return TrackOrder(indexed[::-1] if descending else indexed)
    keys = [known.keys.get(track_id, ("", None)) for track_id in ids]
    if sort == "title":
        order = sorted(range(len(ids)), key=lambda at: (keys[at][1] is None, keys[at][1] or "", ids[at]))
        order.sort(key=lambda at: keys[at][0], reverse=descending)
    else:
        order = sorted(range(len(ids)), key=lambda at: (keys[at][0], ids[at]))
        # those without come last: the flag is turned with the order
        order.sort(key=lambda at: ((keys[at][1] is None) != descending, keys[at][1] or ""), reverse=descending)
    return TrackOrder(np.array(order, np.int64))


def _keys(title: str, artist: str | None) -> tuple[str, str | None]:
    return _key(title), None if artist is None else _key(artist)


def _key(name: str) -> str:
    """As people look it up: whatever its case, and `Track 2` before `Track 10`."""
    return NUMBER.sub(lambda found: found[0].zfill(DIGITS), key_of(name))
