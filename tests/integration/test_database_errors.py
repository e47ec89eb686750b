"""What a person reads when the database cannot be used."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click import ClickException
from flask.testing import FlaskCliRunner
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app import create_app
from app.cli.command import EXIT_CODES
from app.core.errors import MachineError, NotReadyError
from app.store.database import database, translated
from app.store.tables import Track
from tests.tones import write_tone


@pytest.fixture
def file(environment: dict[str, str]) -> Path:
    return Path(environment["TAGSCAPE_INSTANCE_PATH"]) / "tagscape.db"


@pytest.fixture
def music(environment: dict[str, str]) -> Path:
    """The command that is tried has something to write."""
    return write_tone(Path(environment["TAGSCAPE_AUDIO_DIR"]) / "one.wav")


@pytest.fixture
def fails(runner: FlaskCliRunner) -> Callable[[str], tuple[int, str]]:
    def fails(name: str) -> tuple[int, str]:
        result = runner.invoke(args=[name])
        assert result.exit_code not in {0, 1}, result.output
        assert "Traceback" not in result.output
        return result.exit_code, result.stderr.splitlines()[-1]

    return fails


WRITING = ["index-all-audio", "load-id3-metadata", "init-db"]


@pytest.mark.parametrize("name", [*WRITING, "status"])
@pytest.mark.parametrize("content", [b"these are my notes\n" * 100, b"SQLite format 3\0" + b"\xff" * 4080])
def test_a_file_that_is_no_database_is_corrupt(
    file: Path, fails: Callable[..., tuple[int, str]], name: str, content: bytes
) -> None:
    file.write_bytes(content)
    code, text = fails(name)
    assert code == EXIT_CODES["corrupt"]
    assert "backups folder" in text
    assert file.read_bytes() == content


def test_a_database_with_a_damaged_page_is_corrupt(
    file: Path, music: Path, runner: FlaskCliRunner, fails: Callable[..., tuple[int, str]]
) -> None:
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    code, text = fails("index-all-audio")
    assert code == EXIT_CODES["corrupt"]
    assert "backups folder" in text


@pytest.mark.parametrize("name", ["index-all-audio", "load-id3-metadata", "forget"])
def test_an_empty_database_asks_for_sync_as_the_readme_does(file: Path, music: Path, runner: FlaskCliRunner, name: str) -> None:
    file.unlink()
    result = runner.invoke(args=[name, *(["x"] if name == "forget" else [])])
    assert result.exit_code == EXIT_CODES["not_ready"]
    assert result.stderr.endswith("Run: flask sync\n")


@pytest.mark.parametrize("name", ["index-all-audio", "load-id3-metadata"])
def test_a_database_that_another_program_locks_is_said_to_be_locked(
    environment: dict[str, str], file: Path, music: Path, request: pytest.FixtureRequest, name: str
) -> None:
    environment["TAGSCAPE_BUSY_TIMEOUT_S"] = "1"
    fails = request.getfixturevalue("fails")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        code, text = fails(name)
    assert code == EXIT_CODES["environment"]
    assert text == "Error: The database is locked by another program. Stop it, then run the command again."


def test_a_disk_that_fills_while_a_command_works_stops_it_and_loses_nothing(
    session: Session, environment: dict[str, str], runner: FlaskCliRunner
) -> None:
    audio = Path(environment["TAGSCAPE_AUDIO_DIR"])
    write_tone(audio / "one.wav")
    assert runner.invoke(args=["index-all-audio"]).exit_code == 0
    template = (audio / "one.wav").read_bytes()
    for i in range(150):
        (audio / f"{str(i).rjust(200, '_')}.wav").write_bytes(template[:-4] + i.to_bytes(4, "little"))

    def fill(connection: sqlite3.Connection, record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 4}")

    database.engine.dispose()
    event.listen(database.engine, "connect", fill)
    result = runner.invoke(args=["index-all-audio"])
    event.remove(database.engine, "connect", fill)
    assert result.exit_code == EXIT_CODES["environment"]
    assert result.stderr.endswith("The disk with the database is full. Free some space, then run the command again.\n")
    database.session.remove()
    database.engine.dispose()
    assert runner.invoke(args=["index-all-audio"]).exit_code == 0
    assert database.session.query(Track).count() == 151


def test_a_database_that_cannot_be_written_is_said_to_be_read_only(session: Session) -> None:
    session.connection().exec_driver_sql("PRAGMA query_only = ON")
    session.add(Track(title="a"))
    with pytest.raises(MachineError, match="cannot be written"), translated():
        session.commit()
    session.rollback()


def test_a_database_in_a_folder_that_is_not_there_asks_for_sync(tmp_path: Path) -> None:
    with create_app({"TAGSCAPE_INSTANCE_PATH": str(tmp_path / "nowhere")}).app_context():
        with pytest.raises(MachineError, match="Run flask sync, or check") as refused, translated():
            database.session.execute(text("SELECT 1"))
        assert refused.value.code == "database_unavailable"


@pytest.mark.parametrize("said", ["no such column: track.title", "table track has no column named title"])
def test_the_database_of_an_older_version_asks_for_its_upgrade(said: str) -> None:
    with pytest.raises(NotReadyError, match="Run: flask init-db") as refused, translated():
        raise sqlite3.OperationalError(said)
    assert refused.value.code == "old_tables"


def test_an_instance_folder_that_is_a_file_is_said_to_be_unwritable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = create_app({"TAGSCAPE_INSTANCE_PATH": str(tmp_path / "file" / "instance")}).test_cli_runner().invoke(args=["init-db"])
    assert result.exit_code == EXIT_CODES["environment"]
    assert "TAGSCAPE_INSTANCE_PATH" in result.stderr


@pytest.mark.parametrize(
    ("uri", "text"),
    [
        ("my notes", "DATABASE_URI is not the address of a database. For example: sqlite:"),
        ("nosuch://host/name", "DATABASE_URI is not the address of a database. For example: sqlite:"),
        ("firebird+nosuch://host/name", "DATABASE_URI is not the address of a database. For example: sqlite:"),
        ("mysql+cymysql://host/name", "The driver of DATABASE_URI is not installed: cymysql. Run: pip install cymysql"),
    ],
)
def test_an_address_of_no_database_is_said_to_be_none(tmp_path: Path, uri: str, text: str) -> None:
    with pytest.raises(ClickException, match=text):
        create_app({"TAGSCAPE_INSTANCE_PATH": str(tmp_path), "TAGSCAPE_DATABASE_URI": uri})
