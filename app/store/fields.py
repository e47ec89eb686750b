"""Fields of tracks: what is known of a whole track, as numbers or as words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from .tables import Album, Annotation, AnnotationSet, Artist, Tag, Track

__all__ = ["Field", "Words", "known", "numbers", "words"]

_TRACK, _ARTIST, _ALBUM = (entity.__table__.c for entity in (Track, Artist, Album))
_ANNOTATION, _SET, _TAG = (entity.__table__.c for entity in (Annotation, AnnotationSet, Tag))

_NUMBERS: Mapping[str, ColumnElement[Any]] = {"year": _TRACK.year, "duration": _TRACK.duration_s}
_WORDS: Mapping[str, Select[*tuple[Any, ...]]] = {
    "artist": select(_TRACK.id, _ARTIST.id, _ARTIST.name).where(_ARTIST.id == _TRACK.artist_id),
    "album": select(_TRACK.id, _ALBUM.id, _ALBUM.title, _ARTIST.name)
    .select_from(Album.__table__.join(Track.__table__, _ALBUM.id == _TRACK.album_id))
    .outerjoin(Artist.__table__, _ARTIST.id == _ALBUM.artist_id),
}


@dataclass(frozen=True)
class Field:
    """Something that is known of at least one track.

    name : unique; `<annotation set>/<category of its tags>` for annotations
    title : for people
    """

    name: str
    title: str
    kind: Literal["number", "word"]


@dataclass(frozen=True, eq=False)
class Words:
    """A word of each track that has one.

    words : all that occur, the word of most tracks first, then by the alphabet
    track_ids : np.ndarray [shape=(n,), dtype=int64]
    which : np.ndarray [shape=(n,), dtype=int64], which of `words`
    """

    words: tuple[str, ...]
    track_ids: NDArray[np.int64]
    which: NDArray[np.int64]


def known(session: Session) -> tuple[Field, ...]:
    """Every field, as people look for them: artist, album, annotations, numbers."""
    n = session.execute(
        select(*(func.count(column) for column in (_TRACK.artist_id, _TRACK.album_id, _TRACK.year, _TRACK.duration_s)))
    ).one()
    has = dict(zip(("artist", "album", "year", "duration"), n, strict=True))
    annotated = session.execute(
        select(_SET.name, _TAG.category)
        .join_from(Annotation.__table__, Tag.__table__, _TAG.id == _ANNOTATION.tag_id)
        .join(AnnotationSet.__table__, _SET.id == _ANNOTATION.annotation_set_id)
        .where(_ANNOTATION.start_s.is_(None))
        .distinct()
        .order_by(_TAG.category, _SET.name)
    ).all()
    categories = [category for _, category in annotated]

    def title(of: str, category: str) -> str:
        return category if categories.count(category) == 1 else f"{category} ({of})"

    return (
        *(Field(name, name, "word") for name in _WORDS if has[name]),
        *(Field(f"{of}/{category}", title(of, category), "word") for of, category in annotated),
        *(Field(name, name, "number") for name in _NUMBERS if has[name]),
    )


def numbers(session: Session, field: Field) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Ids of the tracks that have a number [n], and the numbers [n]."""
    column = _NUMBERS[field.name]
    found = session.connection().execute(select(_TRACK.id, column).where(column.is_not(None))).all()
    ids, values = zip(*found, strict=True) if found else ((), ())
    return np.array(ids, np.int64), np.array(values, np.float64)


def words(session: Session, field: Field) -> Words:
    """The word of each track that has one; of several annotations, that of most tracks."""
    if field.name in _WORDS:
        return _words(session.connection().execute(_WORDS[field.name]).all())
    name, _, category = field.name.partition("/")
    found = (
        select(_ANNOTATION.track_id, _TAG.id, _TAG.name)
        .join_from(Annotation.__table__, Tag.__table__, _TAG.id == _ANNOTATION.tag_id)
        .join(AnnotationSet.__table__, _SET.id == _ANNOTATION.annotation_set_id)
        .where(_SET.name == name, _TAG.category == category, _ANNOTATION.start_s.is_(None))
    )
    return _words(session.connection().execute(found).all())


def _words(found: Sequence[Row[*tuple[Any, ...]]]) -> Words:
    track_ids, word_ids, names, *of = zip(*found, strict=True) if found else ((), (), ())
    spelt = dict(zip(word_ids, names, strict=True))
    # two artists may have albums of one title
    if of and (repeated := {name for name, n in Counter(spelt.values()).items() if n > 1}):
        artists = dict(zip(word_ids, of[0], strict=True))
        spelt |= {i: f"{name} · {artists[i]}" for i, name in spelt.items() if name in repeated and artists[i]}
    ids, at, counts = np.unique(np.array(word_ids, np.int64), return_inverse=True, return_counts=True)
    order = sorted(range(len(ids)), key=lambda i: (-counts[i], spelt[int(ids[i])], ids[i]))
    place = np.empty(len(ids), np.int64)
    place[order] = np.arange(len(ids))
    which, tracks = place[at.reshape(-1)], np.array(track_ids, np.int64)
    by_track = np.lexsort((which, tracks))
    first = np.concatenate([[True], np.diff(tracks[by_track]) > 0])[: len(by_track)]
    return Words(tuple(spelt[int(ids[i])] for i in order), tracks[by_track][first], which[by_track][first])
