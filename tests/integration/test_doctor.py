import importlib
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app import create_app
from app.store.database import database
from app.store.tables import Coordinates, Features
from tests.collection import synthesise

checks = importlib.import_module("app.cli.doctor")  # the package's own name `doctor` is the command


@pytest.fixture(autouse=True)
def few_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading all of them takes long."""
    monkeypatch.setattr(checks, "LIBRARIES", ("mutagen",))
    monkeypatch.setattr(checks, "RUNTIMES", {"openvino": "numpy"})


@pytest.fixture
def doctor(runner: FlaskCliRunner) -> Callable[[], tuple[int, dict[str, str]]]:
    """The exit code and the problems by the name of the check."""

    def doctor() -> tuple[int, dict[str, str]]:
        result = runner.invoke(args=["doctor"])
        lines = [line.split(": ", 1) for line in result.stdout.splitlines()]
        assert len(lines) == len(checks.CHECKS) + 1
        return result.exit_code, {
            head.removeprefix("problem").strip(): rest[0] for head, *rest in lines if head.startswith("problem")
        }

    return doctor


@pytest.fixture
def healthy(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setitem(checks.CHECKS, "Networks", lambda: "none are needed here")
    synthesise(session, 2, ["msd-musicnn"], mean_segments=3)
    return session


def test_a_healthy_instance_has_no_problem(healthy: Session, doctor: Callable[[], tuple[int, dict[str, str]]]) -> None:
    assert doctor() == (0, {})


@pytest.mark.parametrize(("table", "column"), [(Features, "vectors"), (Coordinates, "xy")])
def test_arrays_of_a_wrong_size_are_found(
    healthy: Session, doctor: Callable[[], tuple[int, dict[str, str]]], table: type, column: str
) -> None:
    healthy.execute(update(table).values({column: np.zeros(3, np.int8).tobytes()}))
    healthy.commit()
    code, problems = doctor()
    assert code == 1
    assert list(problems) == ["Stored arrays"]
    assert "--force" in problems["Stored arrays"]


def test_rows_that_refer_to_nothing_are_found(
    healthy: Session, environment: dict[str, str], doctor: Callable[[], tuple[int, dict[str, str]]]
) -> None:
    other = sqlite3.connect(Path(environment["TAGSCAPE_INSTANCE_PATH"]) / "tagscape.db")
    other.execute("DELETE FROM track WHERE id = 1")
    other.commit()
    other.close()
    code, problems = doctor()
    assert code == 1
    assert list(problems) == ["Integrity"]
    assert "that is not there" in problems["Integrity"]


def test_a_damaged_database_is_found(
    healthy: Session, environment: dict[str, str], doctor: Callable[[], tuple[int, dict[str, str]]]
) -> None:
    page_bytes = healthy.connection().exec_driver_sql("PRAGMA page_size").scalar()
    root = healthy.scalar(text("SELECT rootpage FROM sqlite_schema WHERE name = 'ix_track_content_hash'"))
    healthy.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.session.remove()
    database.engine.dispose()
    with (Path(environment["TAGSCAPE_INSTANCE_PATH"]) / "tagscape.db").open("r+b") as file:
        file.seek((root - 1) * page_bytes)
        file.write(b"\xff" * page_bytes)
    code, problems = doctor()
    assert code == 1
    assert list(problems) == ["Integrity"]
    assert "backups folder" in problems["Integrity"]


def test_each_missing_thing_is_a_problem_with_a_next_step(tmp_path: Path) -> None:
    environment = {
        "TAGSCAPE_INSTANCE_PATH": str(tmp_path / "instance"),
        "TAGSCAPE_AUDIO_DIR": str(tmp_path / "music"),
        "TAGSCAPE_MODELS_DIR": str(tmp_path / "models"),
    }
    result = create_app(environment).test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    problems = [line for line in result.stdout.splitlines() if line.startswith("problem")]
    assert [line.split()[1].rstrip(":") for line in problems] == [
        "AUDIO_DIR", "Instance", "Disk", "Database", "Integrity", "Stored", "Networks",
    ]  # fmt: skip
    assert all("Run" in line or "Set" in line for line in problems)
    # what the README begins with makes the folder, the database and the tables
    folder, disk, *database_of = problems[1:6]
    assert "Run flask sync, or set TAGSCAPE_INSTANCE_PATH" in folder
    assert all(line.endswith("Run: flask sync") for line in (disk, *database_of))
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_almost_full_is_a_problem(
    healthy: Session, doctor: Callable[[], tuple[int, dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda folder: namedtuple("Usage", ["free"])(1_000_000))
    assert list(doctor()[1]) == ["Disk"]


def test_a_library_that_cannot_be_loaded_is_named(
    healthy: Session, doctor: Callable[[], tuple[int, dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "LIBRARIES", ("no_such_library",))
    problems = doctor()[1]
    assert list(problems) == ["Libraries"]
    assert "no_such_library" in problems["Libraries"]


def test_damaged_weights_are_a_problem(
    session: Session, environment: dict[str, str], doctor: Callable[[], tuple[int, dict[str, str]]]
) -> None:
    (Path(environment["TAGSCAPE_MODELS_DIR"]) / "msd-musicnn.onnx").write_bytes(b"damaged")
    assert list(doctor()[1]) == ["Networks"]
