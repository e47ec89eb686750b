"""What people keep: selections that are too long for an address, and views under a name."""

from datetime import datetime

from sqlalchemy import DateTime, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Named, now

__all__ = ["SavedView", "Selection"]


class Selection(Base):
    """The text of a selection under a token, which is made of the text: the same text is stored once."""

    __tablename__ = "selection"

    token: Mapped[str] = mapped_column(String(16), primary_key=True, doc="the first hexadecimal digits of a hash of the text")
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class SavedView(Named, Base):
    """A view of the map under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    query: Mapped[str] = mapped_column(doc="the query of its address, without the question mark")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
