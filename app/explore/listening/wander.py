"""Wandering: after each segment one of its neighbours in the space, by rules that keep it from going round in circles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache.editions import Editions
from ...core.spaces import Layer
from ...store import tracks
from ...store.spaces import StoredNetwork
from .. import segments
from . import choosing, masks, vectors

__all__ = ["Wish", "rows_after"]

_WIDER = 4


@dataclass(frozen=True)
class Wish:
    """What to go on from, and how.

    rows : what played, the present segment last; the last five count
    tracks : the tracks that played before the present one, the latest last
    nearness : 0 to 1, from far to near
    seed : the same after the same rows chooses the same
    n : how many segments, one after the other
    """

    rows: Sequence[int]
    tracks: Sequence[int] = ()
    nearness: float = 0.75
    seed: int = 0
    n: int = 1


def rows_after(
    session: Session,
    editions: Editions,
    network: StoredNetwork,
    layer: Layer,
    wish: Wish,
    *,
    revision: int,
    mask: NDArray[np.bool_] | None = None,
) -> list[int]:
    """The rows that come next, fewer than asked for where nothing is left to go to.

    Parameters
    ----------
    revision : int
        At which the caller read the rows.
    mask : np.ndarray [shape=(n_rows,), dtype=bool] or None
        Which rows may come; None where all may.

    Raises
    ------
    NotReadyError
        The rows are others by now, or the space is large and not indexed.
    NotFoundError
        There is no such row.
    """
    segments.check_revision(network, revision)
    table = editions.rows(session, network)
    rows = list(wish.rows)
    located = [segments.locate(network, table, row, revision) for row in rows]
    heard = [*wish.tracks, located[-1][0]]
    find = vectors.search(session, editions, network, layer)
    playable = masks.allowed(table, mask, tracks.without_sound(session))
    found: list[int] = []
    while len(found) < wish.n:
        recent = vectors.of_rows(session, editions, network, layer, rows[-choosing.RECENT :])
        candidates = _candidates(session, editions, network, layer, find, recent, heard, playable)
        if candidates is None:
            break
        at = choosing.by_chance(candidates[1], wish.nearness, wish.seed, rows[-choosing.RECENT :])
        found.append(int(candidates[0][at]))
        rows.append(found[-1])
        heard.append(table.locate(found[-1])[0])
    return found


def _candidates(
    session: Session,
    editions: Editions,
    network: StoredNetwork,
    layer: Layer,
    find: vectors.Search,
    recent: NDArray[np.float32],
    heard: Sequence[int],
    playable: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.float32]] | None:
    """Rows that may come next and how near they are, at most 50; None where there is none."""
    table, goal = editions.rows(session, network), choosing.aim(recent)
    for n_tracks, n_artists in choosing.windows():
        barred = {*heard[-n_tracks:]}
        if n_artists:
            barred |= tracks.of_same_artists(session, heard[-n_artists:])
        allowed = masks.allowed(table, playable, barred)
        if not allowed.any():
            continue
        k = choosing.N_NEIGHBOURS
        while True:
            rows, similarities = find(goal, k, allowed)
            if not len(rows):
                break
            is_distinct = choosing.distinct(vectors.of_rows(session, editions, network, layer, rows.tolist()), recent)
            if is_distinct.any():
                first = np.flatnonzero(is_distinct)[: choosing.N_NEIGHBOURS]
                return rows[first], similarities[first]
            if len(rows) < k:
                break
            k *= _WIDER  # all of them are the same music: look farther
    return None
