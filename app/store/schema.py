"""The version of the tables, and how they are brought to the newest one."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from ..core.errors import InvalidError
from ..disk.atomic import replaced
from .tables import now

__all__ = ["Schema", "backup", "file_of", "read", "upgrade"]


@dataclass(frozen=True)
class Schema:
    """Which revision the tables have, and which is the newest; `stored` is None where there are no tables yet."""

    stored: str | None
    newest: str

    @property
    def is_current(self) -> bool:
        """The tables are of the newest version."""
        return self.stored == self.newest


def file_of(engine: Engine) -> Path | None:
    """The file of an SQLite database, None for other databases."""
    return Path(engine.url.database) if engine.dialect.name == "sqlite" and engine.url.database else None


def read(engine: Engine, migrations: Config) -> Schema:
    """The version of the tables.

    Raises
    ------
    InvalidError
        They are of a version that this Tagscape does not know, or of another program.
    """
    script = ScriptDirectory.from_config(migrations)
    newest = script.get_current_head() or ""
    with engine.connect() as connection:
        stored = MigrationContext.configure(connection).get_current_revision()
        is_foreign = stored is None and bool(set(inspect(connection).get_table_names()) - {"alembic_version"})
    if is_foreign:
        raise InvalidError("foreign_database", "The database belongs to another program.", "Set DATABASE_URI to one of its own.")
    if stored is not None and stored not in {revision.revision for revision in script.walk_revisions()}:
        raise InvalidError(
            "newer_database",
            f"The database has version {stored}, made by a newer Tagscape; this one knows versions up to {newest}.",
            "Update Tagscape, or put back a copy from the backups folder of the instance.",
        )
    return Schema(stored, newest)


def backup(file: Path, folder: Path, revision: str) -> Path:
    """Copy an SQLite database, in use or not, into `folder`; a copy appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"{file.stem}-{revision}-{now():%Y%m%dT%H%M%S.%fZ}.db"
    with replaced(copy) as part, closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
    return copy


def upgrade(migrations: Config) -> None:
    """Bring the tables to the newest version, in one transaction where the database can."""
    command.upgrade(migrations, "head")
