"""What commands print of files, tags and folders can neither move the cursor nor turn round what stands beside it."""

import unicodedata
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.cli.output import printable
from tests.tones import write_tone

TURNED = "safe \u202egpj"
UNFINISHED = "\u2067open\u2066 \u200fended\x9b2J"
ISOLATES = ("\u2066", "\u2067", "\u2068", "\u2069")
EMBEDDINGS = ("\u202a", "\u202b", "\u202c", "\u202d", "\u202e")
MARKS = ("\u061c", "\u200e", "\u200f")
ENDS_OF_LINES = ("\r", "\n", "\x85", "\u2028", "\u2029")


@pytest.fixture
def environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """AUDIO_DIR has such a name as well."""
    folder = tmp_path / f"music {UNFINISHED}"
    folder.mkdir()
    return environment | {"TAGSCAPE_AUDIO_DIR": str(folder)}


@pytest.fixture
def audio(environment: dict[str, str]) -> Path:
    return Path(environment["TAGSCAPE_AUDIO_DIR"])


def harmful(text: str) -> list[str]:
    """What is left of controls and of characters that are not seen, but for the ends of our own lines."""
    return [ascii(each) for each in text.replace("\n", "") if unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


@pytest.mark.parametrize("character", [*ISOLATES, *EMBEDDINGS, *MARKS, *ENDS_OF_LINES, "\x1b", "\x9b", "\x7f", "\udce9"])
def test_a_character_that_acts_on_others_is_printed_as_its_number(character: str) -> None:
    assert printable(f"a{character}b") == f"a{ascii(character)[1:-1]}b"
    assert harmful(character if character != "\n" else "\r")


def test_letters_of_every_script_are_printed_as_they_are() -> None:
    text = "Ångström שיר أغنية 夜曲 Ümlaut – “quoted”"
    assert printable(text) == text


def test_no_command_prints_a_name_that_turns_the_rest_round(runner: FlaskCliRunner, audio: Path) -> None:
    write_tone(audio / f"{TURNED}.wav")
    (audio / f"{UNFINISHED}.mp3").write_bytes(b"not audio at all")
    said = {}
    for line in (
        ["index-all-audio"],
        ["load-id3-metadata"],
        ["status"],
        ["status", "--failures"],
        ["status", "--failures", "--json"],
        ["doctor"],
        ["forget", "--yes", f"{TURNED}.ogg"],
        ["forget", "--yes", "*"],
    ):
        said[" ".join(line)] = runner.invoke(args=line).output
    assert [(name, harmful(text)) for name, text in said.items() if harmful(text)] == []
    assert "\\u2067open\\u2066 \\u200fended\\x9b2J.mp3" in said["status --failures"]
    assert "safe \\u202egpj.wav" in said["forget --yes *"]
    assert "music \\u2067open" in said["doctor"]


def test_a_folder_without_music_is_named_harmlessly(app: Flask, runner: FlaskCliRunner) -> None:
    said = runner.invoke(args=["index-all-audio"]).output
    assert harmful(said) == []
    assert "There is no audio in " in said
