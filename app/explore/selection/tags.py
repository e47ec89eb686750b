"""Which tags a selection has more of than the collection, and which fewer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache import ranks
from ...cache.editions import Editions
from ...core.ranks import counted
from ...core.spaces import Layer
from .evaluation import Selected

__all__ = ["FEWEST", "STRONG", "Contrast", "TagContrast", "compare"]

STRONG = 0.9
"""A segment has much of a tag from this rank on: it is among the strongest tenth of the collection."""

FEWEST = 20
"""With fewer segments a share says nothing."""


@dataclass(frozen=True)
class TagContrast:
    """A tag inside a selection, beside the whole collection.

    n_strong : selected segments that have much of the tag
    share, share_of_all : of the selected segments, and of all, those that have much of it
    lift : the one divided by the other
    mean_rank : of the selected segments, 0 to 1; .5 in the whole collection
    """

    label: str
    n_strong: int
    share: float
    share_of_all: float
    lift: float
    mean_rank: float


@dataclass(frozen=True)
class Contrast:
    """Tags that a selection has more of than the collection, and fewer, the most distinctive first.

    n_heard : selected segments that the network has heard
    """

    n_heard: int
    over: list[TagContrast]
    under: list[TagContrast]


def compare(session: Session, editions: Editions, selected: Selected, limit: int) -> Contrast:
    """The tags of a network inside a selection, against the whole collection.

    A tag is over-represented when its mean rank inside is above one half and its lift above 1, under-represented when both are
    below; the farther the lift is from 1, the earlier it comes. The mean rank is the chance that a segment of the
    selection has more of the tag than one of the collection (Mann and Whitney's U over its largest value).
    """
    network = selected.network
    space = network.spaces.get(Layer.ACTIVATIONS)
    if space is None or not space.labels or len(selected.rows) < FEWEST:
        return Contrast(len(selected.rows) if space and space.labels else 0, [], [])
    columns = editions.columns(session, network, Layer.ACTIVATIONS)
    found = []
    n_heard = 0
    for dimension, label in enumerate(space.labels):
        inside = counted(columns.of_rows(dimension, selected.rows))
        everything = ranks.of(columns, dimension, selected.table)
        n_heard = max(n_heard, inside.n)
        if inside.n >= FEWEST:
            found.append(_contrast(label, inside.counts, everything.counts, everything.share))
    over = [tag for tag in found if tag.mean_rank > 0.5 and tag.lift > 1]
    under = [tag for tag in found if tag.mean_rank < 0.5 and tag.lift < 1]
    over.sort(key=lambda tag: (-tag.lift, -tag.mean_rank, tag.label))
    under.sort(key=lambda tag: (tag.lift, tag.mean_rank, tag.label))
    return Contrast(n_heard, over[:limit], under[:limit])


def _contrast(label: str, inside: NDArray[np.int64], everything: NDArray[np.int64], rank: NDArray[np.float32]) -> TagContrast:
    n_inside, n_all = int(inside.sum()), int(everything.sum())
    # the mid-rank of a value that many share may lie below, although nothing is above it: the strongest are never none
    is_strong = rank >= min(STRONG, float(np.nanmax(np.where(everything > 0, rank, np.nan))))
    n_strong, n_strong_of_all = int(inside[is_strong].sum()), int(everything[is_strong].sum())
    share, share_of_all = n_strong / n_inside, n_strong_of_all / n_all
    codes = np.flatnonzero(inside)
    mean_rank = float(inside[codes] @ rank[codes].astype(np.float64)) / n_inside
    return TagContrast(label, n_strong, share, share_of_all, share / share_of_all, mean_rank)
