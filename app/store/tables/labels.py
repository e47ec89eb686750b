"""Tags, and who gave them to what."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Named, where

__all__ = ["Annotation", "AnnotationSet", "Tag"]


class Tag(Named, Base):
    """A label of a network's vocabulary or of an annotation. `Rock` and `rock` are one."""

    __tablename__ = "tag"
    __table_args__ = (UniqueConstraint("category", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(String(32), doc="genre, instrument, mood/theme, vocal or other")


class AnnotationSet(Base):
    """Where labels come from."""

    __tablename__ = "annotation_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class Annotation(Base):
    """A label that people or metadata gave, for a whole track or for a time in it."""

    __tablename__ = "annotation"
    __table_args__ = (
        UniqueConstraint("track_id", "tag_id", "annotation_set_id", "start_s"),
        # in a constraint no null equals another: labels of whole tracks need an index of their own
        Index("uq_annotation_of_whole_track", "track_id", "tag_id", "annotation_set_id", unique=True, **where("start_s IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id", ondelete="CASCADE"))
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), index=True)
    annotation_set_id: Mapped[int] = mapped_column(ForeignKey("annotation_set.id"), index=True)
    value: Mapped[float] = mapped_column(default=1.0)
    start_s: Mapped[float | None]
    end_s: Mapped[float | None]
