"""Words for regions: what their segments have in common against the whole collection, or the one track that they are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .crowd import Crowd
from .sums import Sums
from .tree import Regions

__all__ = ["Names", "give", "scores"]

LEAST_MEAN_RANK = 0.70
"""Of a tag that names a region: so often a segment of it beats one of the collection."""

LEAST_MEAN_VALUE = 0.05
"""Of a tag that names a region. What is hardly heard names nothing, however rare it is elsewhere."""

SECOND_FROM = 0.4
"""A second word joins the first from this share of its score."""

KEPT_MEAN_RANK = 0.65
"""A name is kept down to this mean rank …"""

BETTER_BY = 1.25
"""… unless another has a score that is so many times as high."""

ONE_TRACK = 1.5
"""With fewer effective tracks a region is called by artist and title."""

STILL_ONE_TRACK = ONE_TRACK * BETTER_BY
"""A region that is called so stays it up to this."""


@dataclass(frozen=True)
class Names:
    """What regions are called.

    words : np.ndarray [shape=(n_regions, 2), dtype=int16]
        Tags, the strongest first; -1 for none.
    against_parent : np.ndarray [shape=(n_regions,), dtype=bool]
        By the contrast with the region around it, since the contrast with the collection gives the same first word.
    track : np.ndarray [shape=(n_regions,), dtype=int64]
        The id of the track that the region is; 0 where it is of several.
    """

    words: NDArray[np.int16]
    against_parent: NDArray[np.bool_]
    track: NDArray[np.int64]

    @property
    def named(self) -> NDArray[np.bool_]:
        """Which regions have a name."""
        named: NDArray[np.bool_] = (self.words[:, 0] >= 0) | (self.track > 0)
        return named


def give(regions: Regions, sums: Sums, crowd: Crowd, collection: Sums, old: Names | None = None) -> Names:
    """Name regions.

    Candidates are tags with a mean rank and a mean activation that are high enough, ordered by m ln(m / mu): m is the mean
    activation in the region, mu that in the collection (a term of the Kullback-Leibler divergence). A child whose first word would
    be among its parent's words is named by its contrast with the parent instead, mu being the parent's mean; where nothing is left
    to tell it apart, it is called as its parent.

    Parameters
    ----------
    sums : Sums
        Of each region.
    collection : Sums
        Of all segments, as one part.
    old : Names or None
        What the regions were called before: a name stays while it holds, and nothing else is much better.
    """
    means, ranks = sums.mean_values, sums.mean_ranks
    may = (ranks >= LEAST_MEAN_RANK) & (means >= LEAST_MEAN_VALUE) & (sums.n > 0)[:, None]
    still_may = (ranks >= KEPT_MEAN_RANK) & (sums.n > 0)[:, None]
    overall = collection.mean_values[0]
    words, against = np.full((len(regions), 2), -1, np.int16), np.zeros(len(regions), np.bool_)
    before = np.full_like(words, -1) if old is None else old.words
    was_against = against if old is None else old.against_parent
    for region, parent in enumerate(regions.parent.tolist()):
        own = scores(means[region], overall)
        if not was_against[region] and _holds(before[region], own, may[region], still_may[region]):
            words[region] = _kept(before[region], own, may[region], still_may[region])
        else:
            words[region] = _best(own, may[region])
        if parent < 0 or words[region, 0] < 0 or words[region, 0] not in words[parent]:
            continue
        if _was_as_parent(before, region, parent) and np.array_equal(words[region], words[parent]):
            continue
        own, others = scores(means[region], means[parent]), may[region].copy()
        others[words[parent][words[parent] >= 0]] = False
        if was_against[region] and _holds(before[region], own, others, still_may[region]):
            words[region], against[region] = _kept(before[region], own, others, still_may[region]), True
        elif (others & (own > 0)).any():
            words[region], against[region] = _best(own, others), True
        else:
            words[region] = words[parent]
    return Names(words, against, _tracks(crowd, old))


def _was_as_parent(before: NDArray[np.int16], region: int, parent: int) -> bool:
    return before[region, 0] >= 0 and np.array_equal(before[region], before[parent])


def scores(means: NDArray[np.float64], against: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much each tag tells of a region: m ln(m / mu) for means m [n_tags] in it and mu elsewhere; 0 where either is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = means * np.log(means / against)
    return np.nan_to_num(found, nan=0.0, posinf=0.0, neginf=0.0)


def _best(own: NDArray[np.float64], may: NDArray[np.bool_]) -> NDArray[np.int16]:
    """The two candidates with the highest scores, the second where it is not far behind; -1 for none."""
    candidates = np.flatnonzero(may & (own > 0))
    candidates = candidates[np.argsort(-own[candidates], kind="stable")]
    best = np.full(2, -1, np.int16)
    best[: min(len(candidates), 2)] = candidates[:2]
    if best[1] >= 0 and own[best[1]] < SECOND_FROM * own[best[0]]:
        best[1] = -1
    return best


def _holds(words: NDArray[np.int16], own: NDArray[np.float64], may: NDArray[np.bool_], still_may: NDArray[np.bool_]) -> bool:
    """Whether the first word still names a region."""
    first = int(words[0])
    if first < 0 or not still_may[first] or own[first] <= 0:
        return False
    return float(np.max(own, where=may, initial=0.0)) <= BETTER_BY * float(own[first])


def _kept(
    words: NDArray[np.int16], own: NDArray[np.float64], may: NDArray[np.bool_], still_may: NDArray[np.bool_]
) -> NDArray[np.int16]:
    """Words whose first one holds; a second one that no longer does gives way to the best there is beside the first."""
    if words[1] < 0 or still_may[words[1]]:
        return words
    first = int(words[0])
    others = may.copy()
    others[first] = False
    second = int(_best(own, others)[0])
    joins = second >= 0 and own[second] >= SECOND_FROM * own[first]
    return np.array([first, second if joins else -1], np.int16)


def _tracks(crowd: Crowd, old: Names | None) -> NDArray[np.int64]:
    effective = crowd.effective_tracks
    is_one = effective < ONE_TRACK
    if old is not None:
        is_one |= (effective < STILL_ONE_TRACK) & (old.track == crowd.top_track)
    track: NDArray[np.int64] = np.where(is_one & (crowd.n_segments > 0), crowd.top_track, 0)
    return track
