"""Which of some neighbours plays next: pure rules, and chance that can be repeated."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ARTISTS_APART",
    "DUPLICATE",
    "N_NEIGHBOURS",
    "RECENT",
    "TRACKS_APART",
    "aim",
    "by_chance",
    "distinct",
    "unit",
    "windows",
]

N_NEIGHBOURS = 50
"""Among so many the next segment is chosen."""
RECENT = 5
"""So many segments that played last say where it goes on."""
TRACKS_APART = 20
"""No track plays again within so many."""
ARTISTS_APART = 3
"""No artist plays again within so many tracks."""
DUPLICATE = 0.01
"""Segments whose cosine distance is smaller are taken for the same music."""

_OF_PRESENT = 0.7
_SHARPNESS = 8.0
"""At the ends of the near-far slider, the neighbour at one end is exp(8), about 3000 times, as probable as that at the other."""


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors [shape=(..., n_dims)] of length one; one of length zero, or of NaN, becomes zero."""
    vectors = np.nan_to_num(vectors.astype(np.float32))
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    lengths[lengths == 0] = 1
    units: NDArray[np.float32] = vectors / lengths
    return units


def aim(recent: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where to look for neighbours: .7 of the present segment and .3 of the mean of the last five, the present one among them.

    The mean keeps the direction: a single segment that is unlike the music around it does not lead away.

    Parameters
    ----------
    recent : np.ndarray [shape=(n, n_dims), dtype=float32]
        Unit vectors of what played, the present one last.

    Returns
    -------
    np.ndarray [shape=(n_dims,), dtype=float32]
    """
    goal: NDArray[np.float32] = _OF_PRESENT * recent[-1] + (1 - _OF_PRESENT) * recent[-RECENT:].mean(axis=0)
    return goal


def distinct(candidates: NDArray[np.float32], recent: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which candidates are no near-duplicates of what played [shape=(n,)]; both are unit vectors, a row each."""
    is_distinct: NDArray[np.bool_] = 1 - (candidates @ recent.T).max(axis=1) >= DUPLICATE
    return is_distinct


def windows() -> Iterator[tuple[int, int]]:
    """How far apart tracks and artists are kept (tracks, artists), the strictest first.

    A small collection has nothing left under the strictest. There artists come again sooner, then tracks; the present track never
    follows itself.
    """
    for artists in range(ARTISTS_APART, -1, -1):
        yield TRACKS_APART, artists
    tracks = TRACKS_APART
    while tracks > 1:
        tracks //= 2
        yield tracks, 0


def by_chance(similarities: NDArray[np.float32], nearness: float, seed: int, rows: Sequence[int]) -> int:
    """The position of the candidate that is chosen.

    A softmax over similarities, which are stretched from 0 (the farthest candidate) to 1 (the nearest): spaces differ in how much
    their neighbours differ.

    Parameters
    ----------
    similarities : np.ndarray [shape=(n,), dtype=float32]
        At least one.
    nearness : float
        0: the farthest are the most probable; .5: all are equally so; 1: the nearest are.
    seed, rows : int, sequence of int
        The same seed after the same rows chooses the same.
    """
    reach = float(np.ptp(similarities))
    stretched = (similarities - similarities.min()) / reach if reach > 0 else np.zeros(len(similarities))
    weights = np.exp(_SHARPNESS * (2 * nearness - 1) * stretched.astype(np.float64))
    return int(np.random.default_rng([seed, *rows]).choice(len(weights), p=weights / weights.sum()))
