"""Regions of projections, and what they are called."""

from datetime import datetime

from sqlalchemy import JSON, DateTime, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base

__all__ = ["RegionMap"]


class RegionMap(Base):
    """The regions of one projection on its first two axes."""

    __tablename__ = "region_map"

    projection_id: Mapped[int] = mapped_column(ForeignKey("projection.id", ondelete="CASCADE"), primary_key=True)
    fitted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), doc="of the projection whose regions these are")
    revision: Mapped[int] = mapped_column(doc="of the projection whose segments are counted")
    named_by: Mapped[str] = mapped_column(String(64), doc="the network whose tags are the words")
    labels: Mapped[list[str]] = mapped_column(JSON, doc="the tags in the order of their numbers")
    fitted: Mapped[bytes] = mapped_column(LargeBinary, doc="npz of what stays while the projection is not fitted again")
    counted: Mapped[bytes] = mapped_column(LargeBinary, doc="npz of sums, tracks and names, which grow")
