"""What all tables have in common."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates

from ...core.names import key_of

__all__ = ["IDS_PER_STATEMENT", "Base", "Named", "in_utc", "now", "where"]

IDS_PER_STATEMENT = 500
"""Every database takes that many values in one statement."""


def now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)


def in_utc(stored: datetime) -> datetime:
    """A stored time with its zone: SQLite gives times back without it."""
    return stored.replace(tzinfo=stored.tzinfo or UTC).astimezone(UTC)


def where(condition: str) -> dict[str, Any]:
    """Options of an index over some rows only."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can change them on SQLite."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Named:
    """Something that is known by a name, however it is spelt: the name is kept as it came first, the key tells two apart."""

    name: Mapped[str]
    key: Mapped[str] = mapped_column(doc="the name as core.names.key_of gives it")

    @validates("name")
    def _set_key(self, _: str, name: str) -> str:
        self.key = key_of(name)
        return name
