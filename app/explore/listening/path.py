"""Paths: from one segment to another by a number of tracks, each a step on the way."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache.editions import Editions
from ...core.errors import InvalidError
from ...core.spaces import Layer
from ...store import tracks
from ...store.spaces import StoredNetwork
from .. import segments
from . import choosing, masks, vectors

__all__ = ["between", "rows_between"]

_WIDER = 4


def rows_between(
    session: Session,
    editions: Editions,
    network: StoredNetwork,
    layer: Layer,
    start: int,
    end: int,
    n_tracks: int,
    *,
    revision: int,
    mask: NDArray[np.bool_] | None = None,
) -> list[int]:
    """The rows between two rows: one of each of `n_tracks` other tracks, evenly spaced on the way.

    The way is the great circle from the one vector to the other (`between`). Every step takes the segment nearest to its point, of
    a track of its own: which track serves which step is the assignment of the least total distance (Kuhn, 1955). Evenly spaced
    songs between two given ones are the method of Flexer, Schnitzer, Gasser and Widmer, "Playlist generation using start and end
    songs" (ISMIR 2008). A shortest path in the graph of neighbours would have another number of tracks than asked for, would
    repeat tracks, and needs the graph of the whole collection.

    Raises
    ------
    NotReadyError
        The rows are others by now, or the space is large and not indexed.
    NotFoundError
        There is no such row.
    InvalidError
        There are not so many other tracks with sound.
    """
    segments.check_revision(network, revision)
    table = editions.rows(session, network)
    ends = {segments.locate(network, table, row, revision)[0] for row in (start, end)}
    allowed = masks.allowed(table, mask, tracks.without_sound(session) | ends)
    if masks.n_tracks(table, allowed) < n_tracks:
        raise _too_few(n_tracks)
    first, last = vectors.of_rows(session, editions, network, layer, [start, end])
    goals = between(first, last, n_tracks)
    find = vectors.search(session, editions, network, layer)
    k = choosing.N_NEIGHBOURS
    while True:
        found = [find(goal, k, allowed) for goal in goals]
        chosen = _assigned(found, table.track_ids)
        if chosen is not None:
            return chosen
        if all(len(rows) < k for rows, _ in found):
            raise _too_few(n_tracks)
        k *= _WIDER


def between(start: NDArray[np.float32], end: NDArray[np.float32], n: int) -> NDArray[np.float32]:
    """`n` unit vectors evenly spaced between two on the great circle through both (Shoemake, "slerp", 1985) [shape=(n, n_dims)].

    Cosine similarity is an angle, so equal steps along the circle are equal steps to the ear of the network; on the straight line
    the middle ones would be too close together where the two are far apart.
    """
    angle = float(np.arccos(np.clip(start @ end, -1, 1)))
    shares = np.arange(1, n + 1) / (n + 1)
    if np.sin(angle) < 1e-6:  # alike, or opposite: no circle is the one through both
        weights = np.stack([1 - shares, shares])
    else:
        weights = np.sin(np.stack([(1 - shares) * angle, shares * angle])) / np.sin(angle)
    return choosing.unit((weights.T @ np.stack([start, end])).astype(np.float32))


def _too_few(n_tracks: int) -> InvalidError:
    return InvalidError(
        "too_few_tracks", f"There are no {n_tracks} other tracks to go by.", "Ask for a shorter path, or for a wider filter."
    )


def _assigned(
    found: Sequence[tuple[NDArray[np.int64], NDArray[np.float32]]], tracks_of: Callable[[NDArray[Any]], NDArray[np.int64]]
) -> list[int] | None:
    """A row for each step, each of another track, so that the distances are the least in total; None where tracks are too few.

    Parameters
    ----------
    found : sequence of (rows, similarities)
        For each step the nearest rows, the most similar first.
    """
    from scipy.optimize import linear_sum_assignment

    nearest: dict[tuple[int, int], tuple[int, float]] = {}
    for step, (rows, similarities) in enumerate(found):
        for track, row, similarity in zip(tracks_of(rows).tolist(), rows.tolist(), similarities.tolist(), strict=True):
            nearest.setdefault((track, step), (row, 1 - similarity))
    ids = sorted({track for track, _ in nearest})
    if len(ids) < len(found):
        return None
    # dearer than all steps together can be
    too_far = 2.0 * len(found) + 1
    costs = np.full((len(found), len(ids)), too_far)
    for (track, step), (_, distance) in nearest.items():
        costs[step, bisect_left(ids, track)] = distance
    steps, at = linear_sum_assignment(costs)
    if (costs[steps, at] == too_far).any():
        return None
    return [nearest[ids[i], step][0] for step, i in zip(steps.tolist(), at.tolist(), strict=True)]
