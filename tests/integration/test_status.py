import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app import create_app
from app.core.entities import Outcome
from app.core.errors import MachineError, NotFoundError, TagscapeError
from app.neighbours import index
from app.projections.registry import METHODS
from app.store import failures, features, runs, spaces
from app.store.database import database
from app.store.tables import Coordinates, Features, Network, Projection, Track
from tests.collection import add_coordinates, add_projection, add_track, file_of, synthesise

NETWORK = "msd-musicnn"


@pytest.fixture
def status(runner: FlaskCliRunner) -> Callable[[], dict]:
    def status() -> dict:
        result = runner.invoke(args=["status", "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return status


@pytest.fixture
def collection(session: Session, environment: dict[str, str]) -> Session:
    """Three tracks with file tags, features and every map, and an index of neighbours."""
    synthesise(session, 3, [NETWORK])
    session.execute(update(Track).values(metadata_hash=Track.content_hash))
    session.commit()
    for space in spaces.every(session):
        path = index.path_of(
            Path(environment["TAGSCAPE_INSTANCE_PATH"]) / "cache", spaces.lineage(space.network), space.layer, space.network.n_rows
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        origin = {track_id: np.zeros((n, 2), np.float32) for track_id, n in features.sizes(session, space.id)}
        for method in METHODS[1:]:  # the first is there
            add_coordinates(session, add_projection(session, space, method.name, 2), origin)
    session.commit()
    return session


def first(session: Session) -> Track:
    return session.query(Track).order_by(Track.id).first()


def test_without_a_database_the_next_command_is_named_and_no_file_is_made(tmp_path: Path) -> None:
    result = create_app({"TAGSCAPE_INSTANCE_PATH": str(tmp_path / "new")}).test_cli_runner().invoke(args=["status"])
    assert result.exit_code == 4
    assert "Run: flask sync" in result.stderr
    assert not (tmp_path / "new").exists()


def test_everything_is_counted(collection: Session, status: Callable[[], dict]) -> None:
    file_of(first(collection)).state = "missing"
    collection.commit()
    found = status()
    assert (found["tracks"]["n_present"], found["tracks"]["n_missing"], found["tracks"]["n_described"]) == (2, 1, 2)
    space = {space["name"]: space for space in found["spaces"]}[f"{NETWORK}/embeddings"]
    assert (space["n_dims"], space["n_tracks"], space["n_stale"], space["n_lacking"]) == (200, 3, 0, 0)
    assert space["n_segments"] == sum(row.n_segments for row in collection.query(Features)) // 2
    assert [(made["method"], made["n_tracks"], made["n_lacking"]) for made in space["projections"]] == [
        (method.name, 3, 0) for method in METHODS
    ]
    assert found["next_command"] is None


def test_features_of_a_changed_file_are_stale_and_wait(collection: Session, status: Callable[[], dict]) -> None:
    track = first(collection)
    track.content_hash = track.metadata_hash = "changed"
    collection.commit()
    assert {(space["n_stale"], space["n_lacking"]) for space in status()["spaces"]} == {(1, 1)}


def test_a_track_that_extraction_gave_up_does_not_wait(collection: Session, status: Callable[[], dict]) -> None:
    track = add_track(collection, "bad.mp3", metadata_hash="x")
    track.content_hash = "x"
    failures.record(collection, track.id, "extract", TagscapeError("too_short", "Too short."), content_hash="x")
    collection.commit()
    assert {space["n_lacking"] for space in status()["spaces"]} == {0}
    assert status()["next_command"] is None
    track.content_hash = track.metadata_hash = "y"
    collection.commit()
    assert {space["n_lacking"] for space in status()["spaces"]} == {1}


@pytest.mark.parametrize("kind", [NotFoundError, MachineError])
def test_a_track_whose_file_was_out_of_reach_waits(
    collection: Session, status: Callable[[], dict], kind: type[TagscapeError]
) -> None:
    track = add_track(collection, "away.mp3")
    track.content_hash = "x"
    failures.record(collection, track.id, "metadata", kind("away", "Away."), content_hash="x")
    failures.record(collection, track.id, "extract", kind("away", "Away."), content_hash="x")
    collection.commit()
    assert status()["tracks"]["n_undescribed"] == 1
    assert {space["n_lacking"] for space in status()["spaces"]} == {1}


@pytest.mark.parametrize(
    ("change", "command"),
    [
        (lambda session: session.execute(delete(Track)), "flask index-all-audio"),
        (lambda session: session.execute(update(Track).values(metadata_hash=None)), "flask load-id3-metadata"),
        (lambda session: session.query(Features).filter_by(track_id=first(session).id).delete(), "flask extract-all"),
        (lambda session: session.query(Coordinates).filter_by(track_id=first(session).id).delete(), "flask reduce-all"),
        (lambda session: session.query(Projection).filter_by(method="umap").delete(), "flask reduce-all"),
        (lambda session: session.execute(update(Network).values(n_rows=Network.n_rows + 1)), "flask index-all-embeddings"),
        (lambda session: None, None),
    ],
)
def test_the_next_command_is_the_first_with_something_to_do(
    collection: Session,
    status: Callable[[], dict],
    environment: dict[str, str],
    change: Callable[[Session], object],
    command: str | None,
) -> None:
    (Path(environment["TAGSCAPE_MODELS_DIR"]) / f"{NETWORK}.onnx").touch()
    change(collection)
    collection.commit()
    assert status()["next_command"] == command


def test_a_network_installed_later_is_left_to_extract(
    collection: Session, status: Callable[[], dict], environment: dict[str, str]
) -> None:
    for name in (NETWORK, "msd-vgg"):
        (Path(environment["TAGSCAPE_MODELS_DIR"]) / f"{name}.onnx").touch()
    assert status()["next_command"] == "flask extract-all"


def test_without_weights_they_are_installed_before_extraction(session: Session, status: Callable[[], dict]) -> None:
    add_track(session, "a.mp3", metadata_hash="x").content_hash = "x"
    session.commit()
    assert status()["next_command"] == "flask install-networks"


def test_failures_are_counted_per_code_and_listed(session: Session, runner: FlaskCliRunner, status: Callable[[], dict]) -> None:
    for name in ("a.mp3", "evil\x1b[2J\n.mp3"):
        track = add_track(session, name)
        failures.record(session, track.id, "extract", TagscapeError("too_short", "Too short.", "Remove it."))
    failures.record(session, track.id, "extract", TagscapeError("truncated", "Cut."), "warning")
    session.commit()
    assert [(count["severity"], count["code"], count["n_tracks"]) for count in status()["failures"]] == [
        ("error", "too_short", 2),
        ("warning", "truncated", 1),
    ]
    lines = runner.invoke(args=["status", "--failures"]).output.splitlines()
    assert lines == [
        "a.mp3: error in extract: Too short. Remove it.",
        "evil\\x1b[2J\\n.mp3: error in extract: Too short. Remove it.",
        "evil\\x1b[2J\\n.mp3: warning in extract: Cut.",
    ]
    listed = json.loads(runner.invoke(args=["status", "--failures", "--json"]).output)["failed"]
    assert [failure["path"] for failure in listed] == ["a.mp3", "evil\x1b[2J\n.mp3", "evil\x1b[2J\n.mp3"]


def test_the_same_failure_again_replaces_the_older_note(session: Session) -> None:
    track = add_track(session, "a.mp3")
    for message in ("old", "new"):
        failures.record(session, track.id, "extract", TagscapeError("code", message))
    assert [failure.message for failure in failures.every(session)] == ["new"]
    failures.clear(session, track.id, "index")
    assert len(failures.every(session)) == 1
    failures.clear(session, track.id, "extract")
    assert failures.every(session) == []


def test_runs_tell_how_they_ended(session: Session, status: Callable[[], dict]) -> None:
    runs.begin(session, "killed")
    runs.finish(session, runs.begin(session, "failed"), Outcome(done=1), "disk_full")
    runs.finish(session, runs.begin(session, "stopped"), Outcome(), "interrupted")
    runs.finish(session, runs.begin(session, "good"), Outcome(done=2, skipped=3, failed=4))
    session.commit()
    found = status()["runs"]
    assert {run["command"]: run["ending"] for run in found} == {
        "killed": "interrupted",
        "failed": "stopped by disk_full",
        "stopped": "interrupted",
        "good": "finished",
    }
    assert (found[0]["n_done"], found[0]["n_skipped"], found[0]["n_failed"]) == (2, 3, 4)
    assert found[0]["started_at"].endswith("+00:00")


def test_a_run_that_ends_while_status_reads_has_finished(
    session: Session, status: Callable[[], dict], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = runs.begin(session, "good")
    session.commit()

    def end(instance: Path) -> None:
        with Session(database.engine) as other:
            runs.finish(other, run_id, Outcome(done=1))
            other.commit()

    monkeypatch.setattr(runs, "writer", end)
    assert [run["ending"] for run in status()["runs"]] == ["finished"]


def test_people_read_the_same(collection: Session, runner: FlaskCliRunner) -> None:
    output = runner.invoke(args=["status"]).output
    assert output.startswith("Tracks       3 present, 0 missing, ")
    assert f"Features     {NETWORK}/embeddings: 3 tracks, " in output
    assert output.endswith("Nothing is left to do. Look at the map: flask run\n")
