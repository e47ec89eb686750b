"""The tags of a file: title, artists, album, year and genres."""

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from unicodedata import normalize

import mutagen
from mutagen.asf import ASFTags
from mutagen.id3 import ID3, TCON, TextFrame
from mutagen.mp4 import MP4Tags

from ..core.errors import CorruptError
from ..disk.reading import reading

__all__ = ["FileTags", "read"]

OLDEST_YEAR = 1000
LONGEST = 1000
"""Characters kept of one value: some files carry whole documents in their tags."""

_NAMES: dict[type, dict[str, str]] = {
    ID3: {"title": "TIT2", "artist": "TPE1", "album": "TALB", "album_artist": "TPE2", "date": "TDRC", "genre": "TCON"},
    MP4Tags: {"title": "©nam", "artist": "©ART", "album": "©alb", "album_artist": "aART", "date": "©day", "genre": "©gen"},
    ASFTags: {
        "title": "Title",
        "artist": "Author",
        "album": "WM/AlbumTitle",
        "album_artist": "WM/AlbumArtist",
        "date": "WM/Year",
        "genre": "WM/Genre",
    },
}
_COMMENTS = {"album_artist": "albumartist"}
"""Vorbis comments carry our own names otherwise."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
# mutagen lets these through on damaged files, beside its own MutagenError
_DAMAGED = (mutagen.MutagenError, ValueError, LookupError, TypeError, ArithmeticError, EOFError, struct.error)


@dataclass(frozen=True)
class FileTags:
    """Values of a file's tags, cleaned; None or empty where the file says nothing."""

    title: str | None = None
    artist: str | None = None
    album: str | None = None
    album_artist: str | None = None
    year: int | None = None
    genres: tuple[str, ...] = ()


def read(path: Path) -> FileTags:
    """Tags of an audio file: ID3, Vorbis comments, MP4 atoms or ASF attributes.

    Raises
    ------
    NotFoundError
        The file is not there any more.
    MachineError
        The file cannot be read.
    CorruptError
        It is not an audio file that can carry tags, or its tags are damaged.
    """
    with reading(path), path.open("rb") as file:
        try:
            tags = _tags(file, path.name)
            return FileTags() if tags is None else _cleaned(tags)
        except _DAMAGED as error:
            raise CorruptError(
                "damaged_tags",
                f"The tags of {path.name} cannot be read: {_told(error)}.",
                "Repair the file's tags with a tag editor.",
            ) from error


def _tags(file: BinaryIO, name: str) -> Any:
    head = file.read(3)
    file.seek(0)
    if head == b"ID3" and name.lower().endswith(".aac"):
        return ID3(file)  # raw AAC has no tags of its own, and mutagen takes it for MP3
    audio = mutagen.File(file)
    if audio is None:
        raise CorruptError("unknown_format", f"{name} is not in a format that carries tags.", "Check that it is an audio file.")
    return audio.tags


def _cleaned(tags: Any) -> FileTags:
    names = next((names for kind, names in _NAMES.items() if isinstance(tags, kind)), _COMMENTS)

    def values(what: str) -> list[str]:
        return _texts(tags.get(names.get(what, what)))

    return FileTags(
        title=_first(values("title")),
        artist=_joined(values("artist")),
        album=_first(values("album")),
        album_artist=_joined(values("album_artist")),
        year=_year(values("date") + values("year")),
        genres=_genres(values("genre")),
    )


def _texts(found: Any) -> list[str]:
    """What a frame, an atom or an attribute holds, as text."""
    if found is None:
        return []
    if isinstance(found, TCON):
        found = found.genres
    elif isinstance(found, TextFrame):
        found = found.text
    return [found] if isinstance(found, str) else [str(value) for value in found if not isinstance(value, bytes)]


def _clean(text: str) -> str:
    text = text.encode("utf-8", "replace").decode("utf-8")
    return normalize("NFC", " ".join(_CONTROL.sub(" ", text).split()))[:LONGEST].rstrip()


def _distinct(texts: Iterable[str]) -> list[str]:
    """Clean texts without empty ones and repetitions, whatever their case."""
    distinct: dict[str, str] = {}
    for text in map(_clean, texts):
        if text:
            distinct.setdefault(text.casefold(), text)
    return list(distinct.values())


def _first(texts: list[str]) -> str | None:
    return next(iter(_distinct(texts)), None)


def _joined(texts: list[str]) -> str | None:
    return ", ".join(_distinct(texts))[:LONGEST] or None


def _genres(texts: list[str]) -> tuple[str, ...]:
    parts = (part for text in texts for part in re.split("[;\0]", text))
    return tuple(genre for genre in _distinct(parts) if genre != "Unknown")


def _year(texts: list[str]) -> int | None:
    """The first number of four digits that can be a year."""
    numbers = (int(number) for text in texts for number in _YEAR.findall(text))
    return next((number for number in numbers if OLDEST_YEAR <= number <= datetime.now(UTC).year + 1), None)


def _told(error: Exception) -> str:
    return _clean(str(error)).rstrip(".") or type(error).__name__
