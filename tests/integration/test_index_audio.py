import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audio import files
from app.audio.melspectrogram import MUSICNN
from app.core.entities import Outcome
from app.core.errors import MachineError, NotReadyError, TagscapeError
from app.core.progress import Silent
from app.pipeline import index_audio
from app.store import failures
from app.store.tables import Features, Network, Source, Space, Track
from tests.collection import at, file_of
from tests.tones import write_tone

GEOMETRY = asdict(MUSICNN)


@pytest.fixture
def audio(environment: dict[str, str]) -> Path:
    return Path(environment["TAGSCAPE_AUDIO_DIR"])


@pytest.fixture
def told() -> list[TagscapeError]:
    return []


@pytest.fixture
def index(session: Session, audio: Path, told: list[TagscapeError]) -> Callable[..., Outcome]:
    def index(**options: bool) -> Outcome:
        outcome = index_audio.index_all(session, audio, Silent(), tell=told.append, **options)
        session.expire_all()
        return outcome

    return index


def revision(session: Session, space: Space) -> int:
    return session.get_one(Space, space.id).network.revision


def codes(session: Session) -> dict[str, str]:
    return {file_of(failure.track).path: failure.code for failure in failures.every(session)}


def extract(session: Session, *tracks: Track) -> Space:
    """Give tracks features in a new space."""
    network = Network(name="msd-musicnn", weights_sha256="0", precision="f32", runtime="openvino", **GEOMETRY)
    space = Space(network=network, layer="embeddings", n_dims=1)
    session.add(space)
    session.flush()
    for track in tracks:
        facts = {"n_segments": 1, "weights_sha256": "0", "content_hash": track.content_hash, "vectors": b"\0\0"}
        session.add(Features(track_id=track.id, space_id=space.id, **facts))
    session.commit()
    return space


def test_a_file_becomes_a_track_with_its_facts(session: Session, audio: Path, index: Callable[..., Outcome]) -> None:
    file = write_tone(audio / "a" / "tone.flac", duration_s=0.5)
    assert index() == Outcome(done=1)
    track, source = at(session, "a/tone.flac"), file_of(at(session, "a/tone.flac"))
    assert (source.kind, source.state, source.codec) == ("file", "present", "flac")
    assert (source.n_channels, source.sample_rate_hz) == (1, 48000)
    assert track.duration_s == pytest.approx(0.5)
    assert track.content_hash == files.fingerprint(file)
    assert (source.size_bytes, source.mtime_ns) == (file.stat().st_size, file.stat().st_mtime_ns)


def test_unchanged_files_are_not_read_again(
    session: Session, audio: Path, index: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tone(audio / "one.wav")
    (audio / "bad.mp3").write_text("not audio")
    assert index() == Outcome(done=1, failed=1)

    def read(path: Path) -> str:
        raise AssertionError(path)

    monkeypatch.setattr(files, "fingerprint", read)
    assert index() == Outcome(skipped=2)
    assert codes(session) == {"bad.mp3": "not_audio"}


def test_a_touched_file_is_read_and_stays_as_it_was(session: Session, audio: Path, index: Callable[..., Outcome]) -> None:
    file = write_tone(audio / "one.wav")
    index()
    space = extract(session, at(session, "one.wav"))
    os.utime(file, ns=(1, 1))
    assert index() == Outcome(done=1)
    assert file_of(at(session, "one.wav")).mtime_ns == 1
    assert revision(session, space) == 0


def test_a_changed_file_keeps_its_id_and_its_features_become_stale(
    session: Session, audio: Path, index: Callable[..., Outcome]
) -> None:
    file = write_tone(audio / "one.wav")
    index()
    track = at(session, "one.wav")
    space, before = extract(session, track), track.content_hash
    write_tone(file, pitch_hz=880, duration_s=0.4)
    assert index() == Outcome(done=1)
    changed = at(session, "one.wav")
    assert changed.id == track.id
    assert changed.content_hash == files.fingerprint(file) != before
    assert changed.duration_s == pytest.approx(0.4)
    assert session.get_one(Features, (track.id, space.id)).content_hash == before
    assert revision(session, space) == 0


def test_a_vanished_file_is_marked_missing_and_comes_back(
    session: Session, audio: Path, tmp_path: Path, index: Callable[..., Outcome]
) -> None:
    write_tone(audio / "stays.wav", pitch_hz=100)
    file = write_tone(audio / "goes.wav")
    index()
    track_id = at(session, "goes.wav").id
    space = extract(session, at(session, "goes.wav"))
    file.rename(tmp_path / "away.wav")
    assert index() == Outcome(skipped=1)
    assert file_of(at(session, "goes.wav")).state == "missing"
    assert revision(session, space) == 0
    assert index() == Outcome(skipped=1)
    assert revision(session, space) == 0
    (tmp_path / "away.wav").rename(file)
    assert index() == Outcome(skipped=2)
    assert (file_of(at(session, "goes.wav")).state, at(session, "goes.wav").id) == ("present", track_id)
    assert revision(session, space) == 0


def test_a_moved_file_keeps_its_id_and_everything_computed(session: Session, audio: Path, index: Callable[..., Outcome]) -> None:
    file = write_tone(audio / "old" / "one.wav")
    index()
    track = at(session, "old/one.wav")
    track.metadata_hash = track.content_hash
    space = extract(session, track)
    (audio / "new").mkdir()
    file.rename(audio / "new" / "other.wav")
    assert index() == Outcome(done=1)
    moved = session.scalars(select(Track)).one()
    assert (moved.id, file_of(moved).path, file_of(moved).state) == (track.id, "new/other.wav", "present")
    assert moved.metadata_hash == moved.content_hash == session.get_one(Features, (moved.id, space.id)).content_hash


def test_a_file_that_moved_while_it_was_missing_is_known_again(
    session: Session, audio: Path, tmp_path: Path, index: Callable[..., Outcome]
) -> None:
    write_tone(audio / "stays.wav", pitch_hz=100)
    file = write_tone(audio / "one.wav")
    index()
    track_id = at(session, "one.wav").id
    file.rename(tmp_path / "away.wav")
    index()
    (tmp_path / "away.wav").rename(audio / "two.wav")
    index()
    assert (at(session, "two.wav").id, file_of(at(session, "two.wav")).state) == (track_id, "present")


def test_of_several_vanished_twins_each_new_path_takes_the_one_of_its_name(
    session: Session, audio: Path, index: Callable[..., Outcome]
) -> None:
    for name in ("a/x.wav", "a/y.wav"):
        write_tone(audio / name)
    index()
    ids = {name: at(session, f"a/{name}").id for name in ("x.wav", "y.wav")}
    (audio / "a").rename(audio / "b")
    index()
    assert {name: at(session, f"b/{name}").id for name in ids} == ids
    assert len(session.scalars(select(Track)).all()) == 2


def test_the_same_content_at_two_paths_is_two_tracks(session: Session, audio: Path, index: Callable[..., Outcome]) -> None:
    write_tone(audio / "one.wav")
    index()
    write_tone(audio / "copy.wav")
    assert index() == Outcome(done=1, skipped=1)
    one, copy = at(session, "one.wav"), at(session, "copy.wav")
    assert one.content_hash == copy.content_hash
    assert one.id != copy.id


def test_names_that_differ_only_in_their_suffix_are_two_tracks(
    session: Session, audio: Path, index: Callable[..., Outcome]
) -> None:
    for name in ("song.mp3", "song.flac", "song.MP3"):
        write_tone(audio / name)
    index()
    assert len({at(session, name).id for name in ("song.mp3", "song.flac", "song.MP3")}) == 3


@pytest.mark.parametrize("name", ["new\nline.wav", "'quo\"te;--.wav", "<script>.wav", "-rf.wav", "caf\u00e9.wav", "cafe\u0301.wav"])
def test_hostile_names_are_names(session: Session, audio: Path, index: Callable[..., Outcome], name: str) -> None:
    write_tone(audio / name)
    assert index() == Outcome(done=1)
    assert file_of(at(session, name)).state == "present"
    assert index() == Outcome(skipped=1)


def test_bad_files_are_recorded_and_kept_while_the_run_goes_on(
    session: Session, audio: Path, index: Callable[..., Outcome]
) -> None:
    write_tone(audio / "good.wav")
    (audio / "empty.mp3").touch()
    (audio / "text.mp3").write_text("not audio")
    (audio / "broken.mp3").symlink_to("nowhere.mp3")
    assert index() == Outcome(done=1, failed=3)
    assert codes(session) == {"empty.mp3": "empty_file", "text.mp3": "not_audio", "broken.mp3": "broken_symlink"}
    assert {source.path: source.state for source in session.scalars(select(Source))} == {
        "good.wav": "present",
        "empty.mp3": "present",
        "text.mp3": "present",
        "broken.mp3": "missing",
    }


def test_a_mended_file_has_no_failure_any_more(session: Session, audio: Path, index: Callable[..., Outcome]) -> None:
    (audio / "link.wav").symlink_to("nowhere.wav")
    (audio / "text.wav").write_text("not audio")
    index()
    (audio / "link.wav").unlink()
    for name in ("link.wav", "text.wav"):
        write_tone(audio / name)
    assert index() == Outcome(done=2)
    assert codes(session) == {}
    assert {source.state for source in session.scalars(select(Source))} == {"present"}


def test_a_file_that_cannot_be_read_for_now_keeps_what_is_known(
    session: Session, audio: Path, index: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_tone(audio / "one.wav")
    index()
    before = at(session, "one.wav").content_hash

    def refuse(path: Path) -> str:
        raise MachineError("unreadable_file", f"{path.name} cannot be read: Input/output error.")

    os.utime(file, ns=(1, 1))
    with monkeypatch.context() as patch:
        patch.setattr(files, "fingerprint", refuse)
        assert index() == Outcome(failed=1)
    assert codes(session) == {"one.wav": "unreadable_file"}
    assert (at(session, "one.wav").content_hash, file_of(at(session, "one.wav")).codec) == (before, "pcm_s16le")
    assert index() == Outcome(done=1)
    assert codes(session) == {}


def test_tracks_of_a_folder_that_cannot_be_read_stay_present(
    session: Session, audio: Path, index: Callable[..., Outcome], told: list[TagscapeError], shut: Callable[[], None]
) -> None:
    write_tone(audio / "shut" / "one.wav")
    write_tone(audio / "open" / "two.wav")
    index()
    shut()
    assert index() == Outcome(skipped=1, failed=1)
    assert file_of(at(session, "shut/one.wav")).state == "present"
    assert [error.code for error in told] == ["unreadable_folder"]


def test_an_empty_audio_dir_that_was_full_is_refused_unless_allowed(
    session: Session, audio: Path, index: Callable[..., Outcome]
) -> None:
    file = write_tone(audio / "one.wav")
    index()
    file.unlink()
    with pytest.raises(NotReadyError, match="--allow-empty"):
        index()
    assert file_of(at(session, "one.wav")).state == "present"
    index(allow_empty=True)
    assert file_of(at(session, "one.wav")).state == "missing"


def test_forced_every_file_is_read(audio: Path, index: Callable[..., Outcome]) -> None:
    write_tone(audio / "one.wav")
    index()
    assert index(force=True) == Outcome(done=1)


def test_a_killed_run_loses_nothing_and_the_next_one_finishes(
    session: Session, audio: Path, environment: dict[str, str], index: Callable[..., Outcome]
) -> None:
    template = write_tone(audio / "0.wav").read_bytes()
    names = {"0.wav"}
    for i in range(1, 3 * index_audio.FILES_PER_COMMIT):
        # no two files are alike, and each is still a wav of the same length
        (audio / f"{i}.wav").write_bytes(template[:-4] + i.to_bytes(4, "little"))
        names.add(f"{i}.wav")
    command = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "index-all-audio"],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    killer = threading.Timer(60, command.kill)
    killer.start()
    while command.poll() is None and session.scalar(select(Track.id).limit(1)) is None:
        session.rollback()
        with suppress(subprocess.TimeoutExpired):
            command.wait(0.002)
    command.send_signal(signal.SIGKILL)
    command.wait()
    killer.cancel()
    session.rollback()
    stored = {source.path: source.track_id for source in session.scalars(select(Source))}
    assert len(stored) % index_audio.FILES_PER_COMMIT == 0 or len(stored) == len(names)
    assert stored
    outcome = index()
    assert outcome == Outcome(done=len(names) - len(stored), skipped=len(stored))
    after = {source.path: source.track_id for source in session.scalars(select(Source))}
    assert after.keys() == names
    assert stored.items() <= after.items()


def test_a_link_that_breaks_when_its_file_moves_leaves_the_moved_track_whole(
    session: Session, audio: Path, index: Callable[..., Outcome]
) -> None:
    stored = write_tone(audio / ".store" / "one.wav")
    (audio / "link.wav").symlink_to(stored)
    index()
    track_id = at(session, "link.wav").id
    stored.rename(audio / "new.wav")
    assert index() == Outcome(done=1, failed=1)
    assert (at(session, "new.wav").id, file_of(at(session, "new.wav")).state) == (track_id, "present")
    assert codes(session) == {"link.wav": "broken_symlink"}
