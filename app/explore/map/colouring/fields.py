"""What is known of tracks: the fields that can colour a map."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ....cache.recent import Recent
from ....cache.rows import RowTable
from ....core.errors import NotFoundError
from ....core.suggest import did_you_mean
from ....store import fields, tracks
from ....store.fields import Field, Words

__all__ = ["Read", "known", "read"]

N_REMEMBERED = 16

_known: Recent[tuple[Field, ...]] = Recent(1, lambda found: 1)
_read: Recent["Read"] = Recent(N_REMEMBERED, lambda found: 1)


@dataclass(frozen=True, eq=False)
class Read:
    """A field of every track of a row table, in the order of its ranges.

    numbers : np.ndarray [shape=(n_tracks,), dtype=float64] or None for words
        NaN where a track has none.
    words : all that occur; each track has one of them, or -1, in `which` [shape=(n_tracks,), dtype=int64]
    """

    field: Field
    version: Hashable
    numbers: NDArray[np.float64] | None
    words: tuple[str, ...] = ()
    which: NDArray[np.int64] | None = None


def known(session: Session) -> tuple[Field, ...]:
    """The fields that at least one track has."""
    return _known.get((session.get_bind(), tracks.version(session)), lambda: fields.known(session))


def read(session: Session, name: str, table: RowTable) -> Read:
    """A field of the tracks of a row table.

    Raises
    ------
    NotFoundError
        No track has such a field.
    """
    found = {field.name: field for field in known(session)}
    if name not in found:
        raise NotFoundError(
            "unknown_field", f"No track has a field {name!r}.", did_you_mean(name, found, f"Use: {', '.join(found) or 'a tag'}.")
        )
    now = tracks.version(session)
    return _read.get((session.get_bind(), now, name, table), lambda: _of_tracks(session, found[name], now, table))


def _of_tracks(session: Session, field: Field, now: Hashable, table: RowTable) -> Read:
    ids = table.ranges.track_ids
    if field.kind == "number":
        track_ids, numbers = fields.numbers(session, field)
        by_track = np.full(len(ids), np.nan)
        at = table.indices_of(track_ids)
        by_track[at[at >= 0]] = numbers[at >= 0]
        return Read(field, now, by_track)
    found: Words = fields.words(session, field)
    which = np.full(len(ids), -1, np.int64)
    at = table.indices_of(found.track_ids)
    which[at[at >= 0]] = found.which[at >= 0]
    return Read(field, now, None, found.words, which)
