"""The database: how it is opened, and its errors in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, OperationalError

from ..core.errors import CorruptError, MachineError, NotReadyError, TagscapeError
from .tables import Base

__all__ = ["database", "init_app", "translated"]

MMAP_BYTES = 1 << 30

database = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate(render_as_batch=True, compare_type=True)


def init_app(app: Flask) -> None:
    """Bind the database to the app, with SQLite opened for many readers and one patient writer."""
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"timeout": app.config["BUSY_TIMEOUT_S"]}}
    database.init_app(app)
    migrate.init_app(app, database, directory=str(Path(app.root_path).parent / "migrations"))
    with app.app_context():
        event.listen(database.engine, "connect", _prepare)


def _prepare(connection: Any, record: Any) -> None:
    if isinstance(connection, SQLiteConnection):
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", f"mmap_size={MMAP_BYTES}"):
            connection.execute(f"PRAGMA {pragma}")


@contextmanager
def translated() -> Iterator[None]:
    """Turn the database's errors inside the block into Tagscape's.

    Raises
    ------
    NotReadyError
        There are no tables yet, or they are of an older version.
    MachineError
        The database is locked, the disk is full, or the file cannot be opened or written.
    CorruptError
        The file is not, or no longer, a database.
    """
    try:
        yield
    except DatabaseError as error:
        raise _in_our_words(error) from error


def _in_our_words(error: DatabaseError) -> TagscapeError:
    text = str(error.orig).lower()
    for part, ours in _ERRORS.items():
        if part in text:
            return ours
    if isinstance(error, OperationalError):
        return MachineError("database_unavailable", f"The database cannot be used: {error.orig}.", "Run: flask doctor")
    return CorruptError("database_error", f"The database refused a statement: {error.orig}.", "Run: flask doctor")


_RESTORE = "Put back a copy from the backups folder of the instance, or move the file away and run: flask sync"
_ERRORS: dict[str, TagscapeError] = {
    "no such table": NotReadyError("no_tables", "The database has no tables yet.", "Run: flask init-db"),
    "no such column": NotReadyError("old_tables", "The database is of an older version.", "Run: flask init-db"),
    "locked": MachineError("database_locked", "The database is locked by another program.", "Stop it, then run the command again."),
    "disk is full": MachineError(
        "disk_full", "The disk with the database is full.", "Free some space, then run the command again."
    ),
    "disk i/o": MachineError(
        "disk_error", "The disk with the database cannot be read or written.", "Check the disk and its free space."
    ),
    "unable to open": MachineError(
        "database_unavailable", "The database file cannot be opened.", "Check that the instance folder exists and may be written."
    ),
    "readonly": MachineError("database_readonly", "The database cannot be written.", "Check the owner of the instance folder."),
    "malformed": CorruptError("database_corrupt", "The database is damaged.", _RESTORE),
    "not a database": CorruptError("database_corrupt", "The database file is not a database.", _RESTORE),
}
