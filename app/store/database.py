"""The database: how it is opened, and its errors in our words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DatabaseError

from ..core.errors import CorruptError, InvalidError, MachineError, NotReadyError, TagscapeError
from .tables import Base

__all__ = ["database", "init_app", "translated"]

MMAP_BYTES = 1 << 30

database = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate(render_as_batch=True, compare_type=True)


def init_app(app: Flask) -> None:
    """Bind the database to the app, with SQLite opened for many readers and one patient writer.

    Raises
    ------
    InvalidError
        DATABASE_URI names no kind of database.
    MachineError
        Its driver is not installed.
    """
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"timeout": app.config["BUSY_TIMEOUT_S"]}}
    try:
        database.init_app(app)
    except ArgumentError as error:  # also for a kind of database that nobody knows
        raise InvalidError(
            "invalid_database_uri", "DATABASE_URI is not the address of a database.", "For example: sqlite:////music/tagscape.db"
        ) from error
    except ModuleNotFoundError as error:
        raise MachineError(
            "no_database_driver", f"The driver of DATABASE_URI is not installed: {error.name}.", f"Run: pip install {error.name}"
        ) from error
    migrate.init_app(app, database, directory=str(Path(app.root_path).parent / "migrations"))
    with app.app_context():
        event.listen(database.engine, "connect", _prepare)


def _prepare(connection: Any, record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
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
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise _in_our_words(getattr(error, "orig", error)) from error


def _in_our_words(error: Exception) -> TagscapeError:
    text = str(error).lower()
    for part, kind, code, message, hint in _ERRORS:
        if part in text:
            return kind(code, message, hint)
    if isinstance(error, sqlite3.OperationalError):
        return MachineError("database_unavailable", f"The database cannot be used: {error}.", "Run: flask doctor")
    return CorruptError("database_error", f"The database refused a statement: {error}.", "Run: flask doctor")


_RESTORE = "Put back a copy from the backups folder of the instance, or move the file away and run: flask sync"
_AGAIN = "then run the command again."
_ERRORS: tuple[tuple[str, type[TagscapeError], str, str, str], ...] = (
    ("no such table", NotReadyError, "no_tables", "The database has no tables yet.", "Run: flask sync"),
    ("no such column", NotReadyError, "old_tables", "The database is of an older version.", "Run: flask init-db"),
    ("has no column", NotReadyError, "old_tables", "The database is of an older version.", "Run: flask init-db"),
    ("locked", MachineError, "database_locked", "The database is locked by another program.", f"Stop it, {_AGAIN}"),
    ("disk is full", MachineError, "disk_full", "The disk with the database is full.", f"Free some space, {_AGAIN}"),
    (
        "disk i/o",
        MachineError,
        "disk_error",
        "The disk with the database cannot be read or written.",
        "Check the disk and its free space.",
    ),
    (
        "unable to open",
        MachineError,
        "database_unavailable",
        "The database file cannot be opened.",
        "Run flask sync, or check that the instance folder may be written.",
    ),
    (
        "readonly",
        MachineError,
        "database_readonly",
        "The database cannot be written.",
        "Check the owner of the instance folder.",
    ),
    ("malformed", CorruptError, "database_corrupt", "The database is damaged.", _RESTORE),
    ("not a database", CorruptError, "database_corrupt", "The database file is not a database.", _RESTORE),
)
"""What SQLite says, and what we say."""
