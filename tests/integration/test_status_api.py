"""What the server says of the collection's progress is what the command says."""

import json
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy.orm import Session

from app.core.entities import Outcome
from app.core.errors import CorruptError
from app.disk import lock
from app.store import failures, runs
from tests import collection


def test_the_status_is_that_of_the_command(session: Session, client: FlaskClient, runner: FlaskCliRunner) -> None:
    collection.synthesise(session, 3, ("msd-musicnn",))
    failures.record(session, 2, "extract", CorruptError("no_sound", "It is silent.", "Listen to it."), content_hash="0")
    failures.record(session, 1, "metadata", CorruptError("bad_tags", "The tags are damaged."), "warning")
    runs.finish(session, runs.begin(session, "extract-all"), Outcome(done=3, failed=1), "interrupted")
    session.commit()
    said = json.loads(runner.invoke(args=["status", "--json", "--failures"]).stdout)
    found = client.get("/api/status").get_json()
    for name in ("tracks", "spaces", "next_command"):
        assert found[name] == said[name]
    assert found["failure_counts"] == said["failures"]
    assert [failure["track_id"] for failure in found["failures"]] == [2, 1]
    for failure, printed in zip(found["failures"], said["failed"], strict=True):
        assert {name: failure[name] for name in printed if name != "happened_at"} == {
            name: text for name, text in printed.items() if name != "happened_at"
        }
        assert failure["happened_at"][:19] == printed["happened_at"][:19]
        assert failure["happened_at"].endswith("Z")
    (run,) = found["runs"]
    assert (run["command"], run["n_done"], run["n_failed"], run["error"]) == ("extract-all", 3, 1, "interrupted")


def test_as_many_failures_are_listed_as_were_asked_for(session: Session, client: FlaskClient) -> None:
    for n in range(3):
        track = collection.add_track(session, f"{n}.mp3")
        failures.record(session, track.id, "index", CorruptError("no_sound", "It is silent."))
    session.commit()
    found = client.get("/api/status?failures=2").get_json()
    assert [failure["path"] for failure in found["failures"]] == ["0.mp3", "1.mp3"]
    assert found["failure_counts"][0]["n_tracks"] == 3
    assert client.get("/api/status?failures=0").get_json()["failures"] == []


def test_a_command_at_work_is_told_from_one_that_was_killed(session: Session, client: FlaskClient, app: Flask) -> None:
    runs.begin(session, "extract-all")
    session.commit()
    assert client.get("/api/status").get_json()["is_writing"] is False
    with lock.held(Path(app.instance_path) / runs.LOCK, "flask extract-all (process 12)"):
        assert client.get("/api/status").get_json()["is_writing"] is True
    assert client.get("/api/status").get_json()["is_writing"] is False
