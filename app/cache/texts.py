"""What tracks are searched by: their texts, without case and accents, and their numbers.

They are kept in memory and read again when they change. A scan of a hundred thousand such strings takes some milliseconds, finds
words within words of every script, and is the same on every database, which no full-text index is.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ..core.names import folded
from ..store import annotations, tracks
from .recent import Recent

__all__ = ["BETWEEN", "TrackTexts", "of"]

BETWEEN = "\n"
"""Before, between and behind the values of a field: one of them as a whole is found by looking for it between two of these."""


@dataclass(frozen=True, eq=False)
class TrackTexts:
    """Texts and numbers of every track, by its position in `ids`.

    version : another one whenever any of them may be another
    ids : np.ndarray [shape=(n_tracks,), dtype=int64], rising
    shown, folded : by field, the values of each track between `BETWEEN`; empty where it has none
    words : of each track, what words are looked for in
    year, length : np.ndarray [shape=(n_tracks,), dtype=float64], NaN where unknown; length in seconds
    """

    version: Hashable
    ids: NDArray[np.int64]
    shown: Mapping[str, Sequence[str]]
    folded: Mapping[str, Sequence[str]]
    words: Sequence[str]
    year: NDArray[np.float64]
    length: NDArray[np.float64]

    def positions(self, track_ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Where tracks are in `ids`, and which of them are there."""
        if not len(self.ids):
            return np.zeros(len(track_ids), np.int64), np.zeros(len(track_ids), np.bool_)
        at = np.minimum(np.searchsorted(self.ids, track_ids), len(self.ids) - 1)
        return at, self.ids[at] == track_ids


_texts: Recent[TrackTexts] = Recent(1, lambda found: 1)


def of(session: Session) -> TrackTexts:
    """The texts of every track as they are now."""
    version = tracks.version(session)
    return _texts.get((session.get_bind(), version), lambda: _read(session, version))


def _read(session: Session, version: Hashable) -> TrackTexts:
    found = tracks.texts(session)
    genres = annotations.by_track(session, "genre")
    shown = {
        "title": [_between(track.title) for track in found],
        "artist": [_between(track.artist) for track in found],
        "album": [_between(track.album) for track in found],
        "file": [_between(track.path) for track in found],
        "genre": [_between(*genres.get(track.id, ())) for track in found],
    }
    every = {name: [folded(text) for text in texts] for name, texts in shown.items()}
    words = ["".join(parts) for parts in zip(every["title"], every["artist"], every["album"], every["file"], strict=True)]
    return TrackTexts(
        version,
        np.array([track.id for track in found], np.int64),
        shown,
        every,
        words,
        np.array([np.nan if track.year is None else track.year for track in found]),
        np.array([np.nan if track.duration_s is None else track.duration_s for track in found]),
    )


def _between(*values: str | None) -> str:
    known = [value.replace(BETWEEN, " ") for value in values if value]
    return BETWEEN.join(["", *known, ""]) if known else ""
