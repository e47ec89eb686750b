import random
from pathlib import Path

import mutagen
import pytest
from mutagen.asf import ASFUnicodeAttribute
from mutagen.id3 import ID3, TALB, TCON, TDRC, TIT2, TPE1, TPE2

from app.audio import metadata
from app.audio.metadata import FileTags
from app.core.errors import CorruptError, NotFoundError, TagscapeError
from tests.tones import FORMATS, write_tone

EXPECTED = FileTags("Título – 曲", "Ana & Bo", "Greatest Hits", "Various", 1999, ("Folk", "Ambient"))

WORDS = {"title": "Título – 曲", "artist": "Ana & Bo", "album": "Greatest Hits", "albumartist": "Various", "date": "1999-05-01"}
ASF = {"title": "Title", "artist": "Author", "album": "WM/AlbumTitle", "albumartist": "WM/AlbumArtist", "date": "WM/Year"}


def id3(**frames: object) -> ID3:
    tags = ID3()
    for frame in frames.values():
        tags.add(frame)
    return tags


def give_tags(path: Path) -> None:
    """Write EXPECTED with the format's own kind of tags."""
    audio = mutagen.File(path, easy=True)
    kind = path.suffix
    if kind in {".aac", ".aif", ".aiff", ".wav"}:
        tags = id3(
            a=TIT2(text=[WORDS["title"]]),
            b=TPE1(text=[WORDS["artist"]]),
            c=TALB(text=[WORDS["album"]]),
            d=TPE2(text=[WORDS["albumartist"]]),
            e=TDRC(text=[WORDS["date"]]),
            f=TCON(text=["Folk", "Ambient"]),
        )
        if kind == ".aac":
            tags.save(path)
            return
        audio.add_tags()
        for frame in tags.values():
            audio.tags.add(frame)
    elif kind == ".wma":
        for ours, theirs in ASF.items():
            audio[theirs] = WORDS[ours]
        audio["WM/Genre"] = [ASFUnicodeAttribute("Folk"), ASFUnicodeAttribute("Ambient")]
    else:
        for name, value in WORDS.items():
            audio[name] = value
        audio["genre"] = ["Folk", "Ambient"]
    audio.save()


@pytest.mark.parametrize("suffix", FORMATS)
def test_tags_of_every_format_are_read(tmp_path: Path, suffix: str) -> None:
    path = write_tone(tmp_path / f"tone{suffix}")
    give_tags(path)
    assert metadata.read(path) == EXPECTED


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_without_tags_says_nothing(tmp_path: Path, suffix: str) -> None:
    assert metadata.read(write_tone(tmp_path / f"tone{suffix}")) == FileTags()


@pytest.mark.parametrize(
    ("written", "genres"),
    [
        (["17"], ("Rock",)),
        (["(17)"], ("Rock",)),
        (["(17)(8)"], ("Rock", "Jazz")),
        (["(4)Eurodisco"], ("Disco", "Eurodisco")),
        (["Rock\x00Jazz"], ("Rock", "Jazz")),
        (["Rock; Jazz;"], ("Rock", "Jazz")),
        (["Rock", "rock", " ROCK "], ("Rock",)),
        (["(255)", "", "  "], ()),
        (["RX", "CR"], ("Remix", "Cover")),
        (["R&B/Soul"], ("R&B/Soul",)),
    ],
)
@pytest.mark.parametrize("version", [3, 4])
def test_id3_genres_are_named(tmp_path: Path, written: list[str], genres: tuple[str, ...], version: int) -> None:
    path = write_tone(tmp_path / "tone.mp3")
    id3(a=TCON(text=written)).save(path, v2_version=version, v23_sep="\x00")
    assert metadata.read(path).genres == genres


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("1999", 1999),
        ("1999-12-31", 1999),
        ("31.12.1999", 1999),
        ("0000", None),
        ("9999", None),
        ("20220101", None),
        ("", None),
        ("unknown", None),
        ("-1999", 1999),
        ("9999 (1971)", 1971),
    ],
)
def test_only_plausible_years_are_taken(tmp_path: Path, date: str, year: int | None) -> None:
    path = write_tone(tmp_path / "tone.flac")
    audio = mutagen.File(path)
    audio["date"] = date
    audio.save()
    assert metadata.read(path).year == year


def test_white_space_control_characters_and_empty_values_are_cleaned(tmp_path: Path) -> None:
    path = write_tone(tmp_path / "tone.flac")
    audio = mutagen.File(path)
    audio["title"] = ["", "  A\n\tlong \x1b[31m title  "]
    audio["artist"] = ["  "]
    audio["album"] = ["Cafe\u0301"]
    audio.save()
    assert metadata.read(path) == FileTags(title="A long [31m title", album="Caf\u00e9")


def test_several_artists_are_joined(tmp_path: Path) -> None:
    path = write_tone(tmp_path / "tone.mp3")
    id3(a=TPE1(text=["Ana", "Bo", "Ana"])).save(path)
    assert metadata.read(path).artist == "Ana, Bo"


def test_a_document_in_a_title_is_cut(tmp_path: Path) -> None:
    path = write_tone(tmp_path / "tone.mp3")
    id3(a=TIT2(text=["x" * 100_000])).save(path)
    assert metadata.read(path).title == "x" * metadata.LONGEST


@pytest.mark.parametrize("content", [b"", b"not audio at all", b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f"])
def test_a_file_that_is_no_audio_is_corrupt(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.mp3"
    path.write_bytes(content)
    with pytest.raises(CorruptError, match=r"broken\.mp3"):
        metadata.read(path)


def test_a_file_that_went_away_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        metadata.read(tmp_path / "gone.mp3")


@pytest.mark.parametrize("suffix", FORMATS)
def test_damaged_files_give_tags_or_an_error_of_ours(tmp_path: Path, suffix: str) -> None:
    path = write_tone(tmp_path / f"tone{suffix}")
    give_tags(path)
    whole, chance = path.read_bytes(), random.Random(suffix)
    for _ in range(60):
        damaged = bytearray(whole[: chance.choice([len(whole), chance.randrange(len(whole))])])
        for _ in range(chance.randrange(1, 12)):
            if damaged:
                damaged[min(chance.randrange(600), len(damaged) - 1)] = chance.randrange(256)
        path.write_bytes(damaged)
        try:
            found = metadata.read(path)
        except TagscapeError:
            continue
        for value in (found.title, found.artist, found.album, found.album_artist, *found.genres):
            assert value is None or value.encode("utf-8").strip()
