"""Tracks with one source, with several, and with none."""

from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.core.spaces import Layer
from app.pipeline.extract.plan import plan
from app.store import sources, tracks
from app.store.sources import Known
from app.store.tables import Source, Track
from tests.collection import add_features, add_network, add_track
from tests.integration.test_extract import subject
from tests.tones import write_tone


def add_file(session: Session, track: Track, path: str, state: str = "present") -> Source:
    source = Source(track_id=track.id, kind="file", path=path, state=state, size_bytes=1, mtime_ns=1)
    session.add(source)
    session.flush()
    session.expire(track)
    return source


def add_elsewhere(session: Session, track: Track, external_id: str, state: str = "present") -> Source:
    source = Source(track_id=track.id, kind="elsewhere", external_id=external_id, state=state)
    session.add(source)
    session.flush()
    session.expire(track)
    return source


def test_only_files_are_known_by_path(session: Session) -> None:
    track = add_track(session, "a.mp3")
    add_elsewhere(session, track, "7")
    second = add_file(session, track, "b.mp3", "missing")
    found = sources.known(session)
    assert list(found) == ["a.mp3", "b.mp3"]
    assert found["b.mp3"] == Known(second.id, track.id, "missing", 1, 1, track.content_hash)


def test_a_track_is_present_while_one_of_its_sources_is(session: Session) -> None:
    track = add_track(session, "a.mp3", state="missing", duration_s=3.0)
    add_track(session, "b.mp3", state="missing", duration_s=4.0)
    assert not tracks.shown(session, [track.id])[track.id].is_present
    for external_id in ("7", "8"):
        add_elsewhere(session, track, external_id)
    session.flush()
    assert tracks.shown(session, [track.id])[track.id].is_present
    counts = tracks.counts(session)
    assert (counts.n_present, counts.n_missing, counts.duration_s) == (1, 1, 3.0)


def test_each_track_is_read_once_from_its_first_present_file(session: Session) -> None:
    track = add_track(session, "a.mp3", state="missing")
    for path in ("b.mp3", "c.mp3"):
        add_file(session, track, path)
    add_elsewhere(session, add_track(session, "d.mp3", state="missing"), "7")
    assert [path for _, path, _ in tracks.to_describe(session, every=True)] == ["b.mp3"]
    assert [path for _, path, _ in plan(session, [subject()]).tracks] == ["b.mp3"]


def test_the_first_present_source_is_played_else_the_first(session: Session) -> None:
    track = add_track(session, "a.mp3", state="missing")
    assert sources.to_play(session, track.id).place == "a.mp3"
    add_elsewhere(session, track, "7", "missing")
    add_elsewhere(session, track, "8")
    assert (sources.to_play(session, track.id).kind, sources.to_play(session, track.id).place) == ("elsewhere", "8")


def test_a_track_without_sound_has_nothing_to_play(session: Session) -> None:
    track = Track(title="T")
    session.add(track)
    session.flush()
    for track_id in (track.id, 77):
        with pytest.raises(NotFoundError, match=f"no track {track_id} with sound"):
            sources.to_play(session, track_id)


def test_sound_comes_from_the_source_that_is_present(session: Session, client: FlaskClient, environment: dict[str, str]) -> None:
    sound = write_tone(Path(environment["TAGSCAPE_AUDIO_DIR"]) / "b.wav").read_bytes()
    track = add_track(session, "a.wav", state="missing")
    add_file(session, track, "b.wav")
    session.commit()
    assert client.get(f"/audio/{track.id}").data == sound


def test_a_source_of_a_later_version_is_said_to_be_one(session: Session, client: FlaskClient) -> None:
    track = Track()
    session.add(track)
    session.flush()
    add_elsewhere(session, track, "7")
    session.commit()
    response = client.get(f"/audio/{track.id}")
    assert (response.status_code, response.get_json()["error"]["code"]) == (400, "no_provider")


def test_a_track_is_called_after_its_first_source(session: Session) -> None:
    file, elsewhere, nothing = add_track(session, "live/02 - Intro.v2.mp3"), Track(), Track()
    session.add_all([elsewhere, nothing])
    session.flush()
    add_elsewhere(session, file, "8")
    add_elsewhere(session, elsewhere, "a/7.5")
    among = (file, elsewhere, nothing)
    assert [sources.name_of(track) for track in among] == ["live/02 - Intro.v2.mp3", "elsewhere:a/7.5", f"track {nothing.id}"]
    session.flush()
    titles = [found.title for found in tracks.shown(session, [track.id for track in among]).values()]
    assert titles == ["02 - Intro.v2", "elsewhere:a/7.5", f"track {nothing.id}"]
    assert sources.names(session) == {track.id: sources.name_of(track) for track in among}


def test_sources_go_with_their_track(session: Session, runner: FlaskCliRunner) -> None:
    add_elsewhere(session, add_track(session, "a.mp3"), "7")
    session.commit()
    assert runner.invoke(args=["forget", "a.mp3", "--yes"]).exit_code == 0
    assert session.scalars(select(Source)).all() == []


def test_features_of_a_track_from_elsewhere_are_exported_under_its_id(
    session: Session, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    space = add_network(session, "msd-musicnn")[Layer.EMBEDDINGS]
    track = Track()
    session.add(track)
    session.flush()
    add_elsewhere(session, track, "7")
    add_features(session, space, {track.id: np.ones((2, space.n_dims))})
    session.commit()
    result = runner.invoke(args=["export-features", "msd-musicnn/embeddings", str(tmp_path / "out.npz")])
    assert result.exit_code == 0, result.output
    with np.load(tmp_path / "out.npz") as exported:
        assert exported.files == ["elsewhere:7"]
