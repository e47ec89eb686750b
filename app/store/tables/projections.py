"""Projections, and where they put every segment."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, now
from .features import Space

__all__ = ["Coordinates", "Projection"]


class Projection(Base):
    """A way, fitted to a space, to give each of its segments coordinates."""

    __tablename__ = "projection"
    __table_args__ = (UniqueConstraint("space_id", "method"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"))
    method: Mapped[str] = mapped_column(String(16), doc="pca, std-pca, tsne or umap")
    seed: Mapped[int]
    n_dims: Mapped[int]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    fitted: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, doc="npz of the arrays that place new vectors")
    explained_variance: Mapped[list[float] | None] = mapped_column(JSON, doc="ratio of the whole variance per component")
    quality: Mapped[dict[str, float]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=0, doc="raised whenever its coordinates change: the key of caches")
    fitted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    space: Mapped[Space] = relationship()


class Coordinates(Base):
    """One track in one projection: float32, little-endian, n_segments rows of n_dims, C order."""

    __tablename__ = "coordinates"
    __table_args__ = (Index(None, "projection_id", "revision"),)

    projection_id: Mapped[int] = mapped_column(ForeignKey("projection.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id", ondelete="CASCADE"), primary_key=True, index=True)
    n_segments: Mapped[int]
    placed: Mapped[bool] = mapped_column(default=False, doc="the projection was fitted without the track")
    first_row: Mapped[int] = mapped_column(doc="of the rows they were computed from; out of date when the track has others by now")
    revision: Mapped[int] = mapped_column(doc="of the projection when they were written")
    xy: Mapped[bytes] = mapped_column(LargeBinary)
