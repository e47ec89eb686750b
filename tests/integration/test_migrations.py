import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskCliRunner

from app.store import schema
from app.store.database import database
from app.store.tables import Base

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"
REVISIONS = sorted(path.name[:4] for path in VERSIONS.glob("*.py"))


@pytest.fixture
def app(bare_app: Flask) -> Flask:
    return bare_app


@pytest.fixture
def migrations(app: Flask):
    return app.extensions["migrate"].migrate.get_config()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tagscape.db"


def rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the version."""
    with closing(sqlite3.connect(file)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names if name != "alembic_version"}


def populate(file: Path) -> None:
    """One row in every table, made from the columns that the tables have."""
    with closing(sqlite3.connect(file)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for name in names:
            if name != "alembic_version":
                columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
                values = [value_of(column, kind) for _, column, kind, *_ in columns]
                connection.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(values))})", values)
        connection.commit()


def value_of(column: str, kind: str) -> object:
    if kind in {"INTEGER", "BIGINT", "BOOLEAN"}:
        return 1
    of_a_file = {"kind": "file", "state": "present", "external_id": None}
    if column in of_a_file:
        return of_a_file[column]
    return {"DOUBLE": 0.5, "JSON": "{}", "BLOB": b"\0", "DATETIME": "2020-01-01 00:00:00"}.get(kind, "text")


def test_there_is_one_head() -> None:
    assert len(REVISIONS) == len(set(REVISIONS))
    assert REVISIONS[0] == "0001"


def test_revisions_have_four_digits_and_follow_each_other(migrations) -> None:
    script = ScriptDirectory.from_config(migrations)
    assert script.get_heads() == REVISIONS[-1:]
    found = [revision.revision for revision in script.walk_revisions()][::-1]
    assert found == REVISIONS == [f"{i + 1:04}" for i in range(len(REVISIONS))]
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", path.name) for path in VERSIONS.glob("*.py"))


def test_migrations_from_empty_make_the_tables_of_the_models(app: Flask, migrations) -> None:
    schema.upgrade(migrations)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_populated_database_of_every_version_keeps_its_rows(app: Flask, migrations, file: Path, revision: str) -> None:
    command.upgrade(migrations, revision)
    database.engine.dispose()
    populate(file)
    before = rows(file)
    assert all(len(found) == 1 for found in before.values())
    schema.upgrade(migrations)
    after = rows(file)
    assert {name: len(after[name]) for name in before} == dict.fromkeys(before, 1)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_failed_upgrade_leaves_the_database_as_it_was(
    app: Flask, migrations, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: object, *args: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("alembic.operations.ops.CreateIndexOp.create_index", fail)
    monkeypatch.setattr("alembic.operations.ops.CreateIndexOp.batch_create_index", fail)
    with pytest.raises(KeyboardInterrupt):
        schema.upgrade(migrations)
    database.engine.dispose()
    assert rows(file) == {}


def test_foreign_keys_are_on_again_after_an_upgrade(app: Flask, migrations) -> None:
    schema.upgrade(migrations)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_init_db_creates_the_database_and_is_safe_to_run_again(app: Flask, runner: FlaskCliRunner, file: Path) -> None:
    created = runner.invoke(args=["init-db"])
    assert (created.exit_code, created.output) == (0, f"Created the database (version {REVISIONS[-1]}).\n")
    again = runner.invoke(args=["init-db"])
    assert (again.exit_code, again.output) == (0, f"The database is up to date (version {REVISIONS[-1]}).\n")
    assert not (file.parent / "backups").exists()


def test_init_db_backs_up_before_it_upgrades(
    app: Flask, migrations, runner: FlaskCliRunner, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema.upgrade(migrations)
    database.engine.dispose()
    populate(file)
    before = rows(file)
    found = schema.Schema(REVISIONS[-1], "9999")
    monkeypatch.setattr(schema, "read", lambda engine, migrations: found)
    result = runner.invoke(args=["init-db"])
    assert result.exit_code == 0, result.output
    (copy,) = (file.parent / "backups").iterdir()
    assert f"Backup: {copy}\n" in result.output
    copied = rows(copy)
    assert {name: copied[name] for name in before if name != "run"} == {name: before[name] for name in before if name != "run"}


def test_a_database_of_a_newer_version_is_left_alone(app: Flask, migrations, runner: FlaskCliRunner, file: Path) -> None:
    schema.upgrade(migrations)
    database.engine.dispose()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9998'")
        connection.commit()
    for name in ("init-db", "status"):
        result = runner.invoke(args=[name])
        assert result.exit_code == 2
        assert "version 9998, made by a newer Tagscape" in result.output


def test_a_database_of_another_program_is_left_alone(app: Flask, runner: FlaskCliRunner, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE invoices (id INTEGER)")
    result = runner.invoke(args=["init-db"])
    assert result.exit_code == 2
    assert "another program" in result.output
    assert list(rows(file)) == ["invoices"]
