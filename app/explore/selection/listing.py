"""The tracks of a selection, sorted, a page at a time."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...store import tracks
from ...store.tracks import Shown
from ..map import track_order
from .evaluation import Selected

__all__ = ["SelectedTrack", "TrackListing", "TrackPage", "TrackSort", "read"]

TrackSort = Literal["title", "artist", "start", "count"]


@dataclass(frozen=True)
class TrackPage:
    """Which part of the list. `start` is the order in which tracks were indexed, `count` that of how many of their segments."""

    sort: TrackSort = "count"
    descending: bool = True
    offset: int = 0
    limit: int = 100


@dataclass(frozen=True)
class SelectedTrack:
    """A track, and how many of its segments are selected; `row` is the first of them."""

    track: Shown
    n_selected: int
    n_segments: int
    row: int


@dataclass(frozen=True)
class TrackListing:
    """A page of the tracks. `edition` names the state of everything that their order depends on."""

    edition: Hashable
    tracks: list[SelectedTrack]


def read(session: Session, selected: Selected, page: TrackPage) -> TrackListing:
    """Tracks of a selection. Those of one count come by title; those of one title or artist as in the table of the map."""
    names = track_order.names(session)
    found, ranges = selected.by_track, selected.table.ranges
    at = _ordered(selected, names, page)[page.offset : page.offset + page.limit]
    shown = tracks.shown(session, ranges.track_ids[at].tolist())
    listed = [
        SelectedTrack(shown[track_id], n_selected, n_segments, row)
        for track_id, n_selected, n_segments, row in zip(
            ranges.track_ids[at].tolist(),
            found.counts[at].tolist(),
            ranges.n_segments[at].tolist(),
            found.rows[found.firsts[at]].tolist(),
            strict=True,
        )
        if track_id in shown  # else it was forgotten between two reads
    ]
    return TrackListing((selected.table.lineage, selected.table.revision, names.version), listed)


def _ordered(selected: Selected, names: track_order.TrackNames, page: TrackPage) -> NDArray[np.int64]:
    counts = selected.by_track.counts
    if page.sort == "count":
        order = track_order.of(selected.table, names, "title", descending=False).tracks
        order = order[counts[order] > 0]
        return order[np.argsort(-counts[order] if page.descending else counts[order], kind="stable")]
    order = track_order.of(selected.table, names, page.sort, descending=page.descending).tracks
    return order[counts[order] > 0]
