from collections.abc import Callable
from pathlib import Path

import mutagen
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.entities import Outcome
from app.core.errors import MachineError
from app.core.progress import Silent
from app.pipeline.index_audio import index_all
from app.pipeline.load_metadata import ANNOTATION_SET, load_all_metadata
from app.store import annotations, failures
from app.store.tables import Album, Artist, Tag
from tests.collection import at
from tests.tones import write_tone


@pytest.fixture
def audio(environment: dict[str, str]) -> Path:
    return Path(environment["TAGSCAPE_AUDIO_DIR"])


@pytest.fixture
def load(session: Session, audio: Path) -> Callable[..., Outcome]:
    def load(**options: bool) -> Outcome:
        index_all(session, audio, Silent(), tell=lambda error: None)
        outcome = load_all_metadata(session, audio, Silent(), **options)
        session.expire_all()
        return outcome

    return load


def put(folder: Path, name: str, **tags: object) -> Path:
    path = write_tone(folder / name, pitch_hz=100.0 + len(name))
    return tag(path, **tags)


def tag(path: Path, **tags: object) -> Path:
    audio = mutagen.File(path)
    audio.delete()
    audio.update({name: value if isinstance(value, list) else [value] for name, value in tags.items()})
    audio.save()
    return path


def test_a_track_takes_over_what_its_file_says(session: Session, audio: Path, load: Callable[..., Outcome]) -> None:
    put(audio, "a.flac", title="T", artist="A", album="L", albumartist="B", date="1999", genre=["Folk", "Jazz"])
    assert load() == Outcome(done=1)
    track = at(session, "a.flac")
    assert (track.title, track.year, track.artist.name, track.album.title, track.album.artist.name) == ("T", 1999, "A", "L", "B")
    assert annotations.labels(session, ANNOTATION_SET, track.id) == ["Folk", "Jazz"]
    assert {tag.category for tag in session.scalars(select(Tag))} == {"genre"}


def test_only_new_and_changed_files_are_read_again(audio: Path, load: Callable[..., Outcome]) -> None:
    put(audio, "a.flac", title="A")
    put(audio, "bb.flac", title="B")
    assert load() == Outcome(done=2)
    tag(audio / "a.flac", title="Other")
    assert load() == Outcome(done=1, skipped=1)
    assert load() == Outcome(skipped=2)
    assert load(force=True) == Outcome(done=2)


def test_two_artists_greatest_hits_are_two_albums(session: Session, audio: Path, load: Callable[..., Outcome]) -> None:
    put(audio, "a.flac", artist="Ana", album="Greatest Hits")
    put(audio, "bb.flac", artist="Bo", album="Greatest Hits")
    put(audio, "ccc.flac", artist="Guest", albumartist="Ana", album="Greatest Hits")
    load()
    assert at(session, "a.flac").album_id == at(session, "ccc.flac").album_id
    assert at(session, "a.flac").album_id != at(session, "bb.flac").album_id


def test_albums_of_nobody_are_found_again(session: Session, audio: Path, load: Callable[..., Outcome]) -> None:
    put(audio, "a.flac", album="Field recordings")
    put(audio, "bb.flac", album="Field recordings")
    load()
    assert len(session.scalars(select(Album)).all()) == 1


def test_missing_metadata_leaves_nulls(session: Session, audio: Path, load: Callable[..., Outcome]) -> None:
    write_tone(audio / "a.wav")
    assert load() == Outcome(done=1)
    track = at(session, "a.wav")
    assert (track.title, track.artist, track.album, track.year) == (None, None, None, None)


def test_a_file_whose_tags_were_removed_loses_them(session: Session, audio: Path, load: Callable[..., Outcome]) -> None:
    put(audio, "a.flac", title="T", artist="A", album="L", date="1999", genre="Folk")
    load()
    tag(audio / "a.flac")
    assert load() == Outcome(done=1)
    track = at(session, "a.flac")
    assert (track.title, track.artist, track.album, track.year) == (None, None, None, None)
    assert annotations.labels(session, ANNOTATION_SET, track.id) == []
    assert session.scalars(select(Artist)).all() == []
    assert session.scalars(select(Album)).all() == []


def test_a_corrupt_file_never_gets_values_of_another(session: Session, audio: Path, load: Callable[..., Outcome]) -> None:
    put(audio, "a.flac", title="T", artist="A")
    (audio / "bad.mp3").write_text("not audio")
    put(audio, "ccc.flac", title="U", artist="B")
    assert load() == Outcome(done=2, failed=1)
    track = at(session, "bad.mp3")
    assert (track.title, track.artist_id, track.album_id, track.year) == (None, None, None, None)
    assert [failure.code for failure in failures.every(session) if failure.step == "metadata"] == ["damaged_tags"]
    assert load() == Outcome(skipped=3)


def test_a_file_that_breaks_loses_its_values_and_recovers(session: Session, audio: Path, load: Callable[..., Outcome]) -> None:
    path = put(audio, "a.flac", title="T", artist="A", genre="Folk")
    whole = path.read_bytes()
    load()
    path.write_text("not audio")
    assert load() == Outcome(failed=1)
    assert (at(session, "a.flac").title, at(session, "a.flac").artist) == (None, None)
    path.write_bytes(whole)
    assert load() == Outcome(done=1)
    assert at(session, "a.flac").title == "T"
    assert failures.every(session) == []


def test_a_file_that_vanished_since_is_tried_again(session: Session, audio: Path, load: Callable[..., Outcome]) -> None:
    path = put(audio, "a.flac", title="T")
    index_all(session, audio, Silent(), tell=lambda error: None)
    whole = path.read_bytes()
    path.unlink()
    assert load_all_metadata(session, audio, Silent()) == Outcome(failed=1)
    path.write_bytes(whole)
    assert load_all_metadata(session, audio, Silent()) == Outcome(done=1)
    assert failures.every(session) == []


def test_genres_that_differ_only_in_case_are_one_tag(session: Session, audio: Path, load: Callable[..., Outcome]) -> None:
    put(audio, "a.flac", genre="Rock")
    put(audio, "bb.flac", genre="ROCK")
    load()
    assert [tag.name for tag in session.scalars(select(Tag))] == ["Rock"]
    assert annotations.labels(session, ANNOTATION_SET, at(session, "bb.flac").id) == ["Rock"]


def test_a_missing_audio_dir_stops_at_once(session: Session, audio: Path) -> None:
    audio.rmdir()
    with pytest.raises(MachineError, match="AUDIO_DIR"):
        load_all_metadata(session, audio, Silent())
