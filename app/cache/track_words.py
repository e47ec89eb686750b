"""The words of a field of tracks, each known by a number, so that millions of segments can be counted by them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .recent import Recent
from .texts import BETWEEN, TrackTexts

__all__ = ["TrackWords", "of"]

N_REMEMBERED = 8


@dataclass(frozen=True, eq=False)
class TrackWords:
    """Which tracks have which words; a track may have none, or several.

    words : by the alphabet
    tracks, which : np.ndarray [shape=(n,), dtype=int64]
        Positions of tracks, and of `words`.
    """

    words: tuple[str, ...]
    tracks: NDArray[np.int64]
    which: NDArray[np.int64]


_words: Recent[TrackWords] = Recent(N_REMEMBERED, lambda found: 1)


def of(texts: TrackTexts, field: str) -> TrackWords:
    """The words of a field, such as artist or genre; tracks are positions in `texts.ids`."""
    return _words.get((texts.version, field), lambda: _read(texts, field))


def _read(texts: TrackTexts, field: str) -> TrackWords:
    each = [(track, word) for track, shown in enumerate(texts.shown[field]) for word in shown.split(BETWEEN)[1:-1]]
    words = sorted({word for _, word in each})
    numbers = {word: number for number, word in enumerate(words)}
    return TrackWords(
        tuple(words), np.array([track for track, _ in each], np.int64), np.array([numbers[word] for _, word in each], np.int64)
    )
