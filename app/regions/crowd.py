"""How many tracks a region is made of."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .tree import Regions

__all__ = ["Crowd", "count"]


@dataclass(frozen=True)
class Crowd:
    """The tracks of each region. What is counted of other tracks adds up.

    n_segments, n_tracks : np.ndarray [shape=(n_regions,), dtype=int64]
    squares : np.ndarray [shape=(n_regions,), dtype=float64]
        Sums over tracks of the square of their number of segments.
    top_track, top_segments : np.ndarray [shape=(n_regions,), dtype=int64]
        The track with most segments, and how many; 0 where there is none.
    """

    n_segments: NDArray[np.int64]
    n_tracks: NDArray[np.int64]
    squares: NDArray[np.float64]
    top_track: NDArray[np.int64]
    top_segments: NDArray[np.int64]

    @classmethod
    def nothing(cls, n_regions: int) -> Self:
        """Regions without tracks."""
        counts = [np.zeros(n_regions, np.int64) for _ in range(4)]
        return cls(counts[0], counts[1], np.zeros(n_regions), counts[2], counts[3])

    @property
    def effective_tracks(self) -> NDArray[np.float64]:
        """How many equal tracks would be as mixed: the inverse of the chance that two segments are of one track (Simpson,
        "Measurement of diversity", 1949; Hill, "Diversity and evenness", 1973). 1 where one track has all segments.
        """
        return self.n_segments.astype(np.float64) ** 2 / np.maximum(self.squares, 1)

    def __add__(self, other: "Crowd") -> "Crowd":
        """With other tracks. None may be in both."""
        is_larger = other.top_segments > self.top_segments
        return Crowd(
            self.n_segments + other.n_segments,
            self.n_tracks + other.n_tracks,
            self.squares + other.squares,
            np.where(is_larger, other.top_track, self.top_track),
            np.where(is_larger, other.top_segments, self.top_segments),
        )


def count(regions: Regions, n_basins: int, basins: NDArray[np.int32], track_ids: NDArray[np.int64]) -> Crowd:
    """Count tracks in regions, from the basin and the track of each segment [n]; segments of a track follow each other."""
    from scipy.sparse import csr_array

    begins = np.flatnonzero(np.diff(track_ids, prepend=-1))
    known, number = np.unique(track_ids[begins], return_inverse=True)
    of_segment = np.repeat(number, np.diff(begins, append=len(track_ids)))
    shape = (n_basins, len(known))
    in_basins = csr_array((np.ones(len(basins), np.int64), (basins, of_segment)), shape)
    # the basins of a region follow each other
    starts = np.concatenate([[0], (regions.end - regions.first).cumsum()])
    inside = np.arange(starts[-1]) - np.repeat(starts[:-1] - regions.first, regions.end - regions.first)
    membership = csr_array((np.ones(len(inside), np.int64), inside, starts), (len(regions), n_basins))
    found = membership @ in_basins
    crowd = Crowd.nothing(len(regions))
    for region, (first, end) in enumerate(pairwise(found.indptr.tolist())):
        n, tracks = found.data[first:end], known[found.indices[first:end]]
        crowd.n_segments[region], crowd.n_tracks[region] = n.sum(), len(n)
        crowd.squares[region] = (n.astype(np.float64) ** 2).sum()
        if len(n):
            crowd.top_segments[region] = n.max()
            # of equals that with the smallest id, in whatever order they lie
            crowd.top_track[region] = tracks[n == n.max()].min()
    return crowd
