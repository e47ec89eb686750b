import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.audio import files
from app.core.errors import MachineError, NotFoundError


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    folder = tmp_path / "audio"
    folder.mkdir()
    return folder


def put(folder: Path, path: str, content: bytes = b"sound") -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def test_every_suffix_is_found_at_any_depth_and_in_any_case(audio: Path) -> None:
    names = [f"a/b/c/d{i}{suffix}" for i, suffix in enumerate(sorted(files.SUFFIXES))]
    names += ["top.MP3", "Mixed.FlAc", "two.dots.ogg"]
    for name in names:
        put(audio, name)
    put(audio, "cover.jpg")
    put(audio, "mp3")
    assert sorted(files.walk(audio).files) == sorted(names)


def test_hidden_files_and_folders_are_left_out(audio: Path) -> None:
    put(audio, "._x.mp3")
    put(audio, ".hidden.mp3")
    put(audio, ".trash/x.mp3")
    put(audio, "a/.b/c/x.mp3")
    found = files.walk(audio)
    assert not found.files
    assert not found.unreachable


def test_names_stay_as_the_disk_spells_them(audio: Path) -> None:
    composed, decomposed = "caf\u00e9.mp3", "cafe\u0301.mp3"
    for name in (composed, decomposed, "日本語/曲.flac", "new\nline.mp3", "'quo\"te.mp3", "<script>.mp3", "-rf.mp3"):
        put(audio, name)
    found = set(files.walk(audio).files)
    assert found == {composed, decomposed, "日本語/曲.flac", "new\nline.mp3", "'quo\"te.mp3", "<script>.mp3", "-rf.mp3"}


def test_names_that_are_not_utf8_are_reported_and_disturb_nothing(audio: Path) -> None:
    put(audio, "good.mp3")
    try:
        put(audio, "caf\udce9.mp3")
        put(audio, "dir\udcff/one.mp3")
        (audio / "link\udce9.mp3").symlink_to("nowhere")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    found = files.walk(audio)
    assert list(found.files) == ["good.mp3"]
    assert [error.code for error in found.problems] == ["undecodable_name"] * 3
    assert "caf\\udce9.mp3" in str(found.problems[0])


def test_broken_links_and_links_to_themselves_are_reported(audio: Path) -> None:
    (audio / "broken.mp3").symlink_to(audio / "nowhere.mp3")
    (audio / "self.mp3").symlink_to(audio / "self.mp3")
    (audio / "broken.txt").symlink_to(audio / "nowhere.txt")
    found = files.walk(audio)
    assert {path: error.code for path, error in found.unreachable.items()} == {
        "broken.mp3": "broken_symlink",
        "self.mp3": "broken_symlink",
    }


def test_folders_that_link_to_each_other_end(audio: Path) -> None:
    put(audio, "a/one.mp3")
    put(audio, "b/two.mp3")
    (audio / "a" / "to_b").symlink_to(audio / "b")
    (audio / "b" / "to_a").symlink_to(audio / "a")
    (audio / "a" / "up").symlink_to(audio)
    assert sorted(files.walk(audio).files) == ["a/one.mp3", "b/two.mp3"]


def test_a_linked_folder_that_no_other_way_leads_to_is_followed(audio: Path) -> None:
    put(audio, ".store/album/one.mp3")
    (audio / "album").symlink_to(audio / ".store" / "album")
    assert list(files.walk(audio).files) == ["album/one.mp3"]


def test_links_that_lead_outside_are_reported_and_not_followed(audio: Path, tmp_path: Path) -> None:
    put(tmp_path, "secret/one.mp3")
    (audio / "album").symlink_to(tmp_path / "secret")
    (audio / "one.mp3").symlink_to(tmp_path / "secret" / "one.mp3")
    found = files.walk(audio)
    assert not found.files
    assert {path: error.code for path, error in found.unreachable.items()} == {"one.mp3": "outside_audio_dir"}
    assert [error.code for error in found.problems] == ["outside_audio_dir"]


def test_a_pipe_is_reported_and_never_opened(audio: Path) -> None:
    os.mkfifo(audio / "pipe.mp3")
    assert {path: error.code for path, error in files.walk(audio).unreachable.items()} == {"pipe.mp3": "not_a_file"}


def test_an_audio_dir_that_is_a_link_is_walked(audio: Path, tmp_path: Path) -> None:
    put(audio, "one.mp3")
    (tmp_path / "link").symlink_to(audio)
    assert list(files.walk(tmp_path / "link").files) == ["one.mp3"]


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.write_text("a file")])
def test_an_audio_dir_that_is_no_folder_is_named_with_the_next_step(tmp_path: Path, make) -> None:
    make(tmp_path / "music")
    with pytest.raises(MachineError, match=r"AUDIO_DIR=.*music.*TAGSCAPE_AUDIO_DIR"):
        files.walk(tmp_path / "music")


def test_a_folder_that_cannot_be_read_leaves_its_tracks_unknown(audio: Path, shut: Callable[[], None]) -> None:
    put(audio, "shut/one.mp3")
    put(audio, "open/two.mp3")
    shut()
    found = files.walk(audio)
    assert list(found.files) == ["open/two.mp3"]
    assert list(found.unread_folders) == ["shut"]
    assert found.is_unknown("shut/one.mp3")
    assert not found.is_unknown("shutter.mp3")
    assert not found.is_unknown("open/two.mp3")


def test_the_fingerprint_is_blake2b_of_all_bytes(audio: Path) -> None:
    file = put(audio, "abc.mp3", b"abc")
    assert files.fingerprint(file) == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"


def test_a_file_that_went_away_is_not_found(audio: Path) -> None:
    with pytest.raises(NotFoundError):
        files.fingerprint(audio / "gone.mp3")
