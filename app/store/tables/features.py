"""What networks hear: vectors of every segment, and the rows that number them."""

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base

__all__ = ["Features", "Network", "RowRange", "Space"]


class Network(Base):
    """An auto-tagger whose features are stored: its weights, its geometry and the precision it was run in."""

    __tablename__ = "network"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    weights_sha256: Mapped[str] = mapped_column(String(64))
    precision: Mapped[str] = mapped_column(String(8), doc="f32 or bf16")
    runtime: Mapped[str] = mapped_column(String(16), doc="openvino, onnxruntime or essentia")
    sample_rate_hz: Mapped[int]
    window_samples: Mapped[int]
    hop_samples: Mapped[int]
    n_bands: Mapped[int]
    frames_per_patch: Mapped[int]
    patch_hop_frames: Mapped[int]
    revision: Mapped[int] = mapped_column(default=0, doc="raised whenever features of the network change")
    rows_since: Mapped[int] = mapped_column(default=0, doc="the revision since which rows have kept their numbers")
    n_rows: Mapped[int] = mapped_column(default=0, doc="the number of the next row: rows are never given twice")


class Space(Base):
    """All vectors of one layer of one network."""

    __tablename__ = "space"
    __table_args__ = (UniqueConstraint("network_id", "layer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id", ondelete="CASCADE"))
    layer: Mapped[str] = mapped_column(String(16))
    n_dims: Mapped[int]
    labels: Mapped[list[str] | None] = mapped_column(JSON, doc="tags in the order of the dimensions; null for embeddings")
    network: Mapped[Network] = relationship()


class RowRange(Base):
    """The rows of one track in one network: the numbers by which all layers and maps know its segments.

    Rows are given when features are stored, in the order in which tracks arrive. A track keeps its rows while its features stay the
    same; other features get new rows.
    """

    __tablename__ = "row_range"
    __table_args__ = (UniqueConstraint("network_id", "first_row"),)

    network_id: Mapped[int] = mapped_column(ForeignKey("network.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id", ondelete="CASCADE"), primary_key=True, index=True)
    first_row: Mapped[int]
    n_segments: Mapped[int]


class Features(Base):
    """One track in one space: float16, little-endian, n_segments rows of n_dims, C order."""

    __tablename__ = "features"

    track_id: Mapped[int] = mapped_column(ForeignKey("track.id", ondelete="CASCADE"), primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"), primary_key=True, index=True)
    n_segments: Mapped[int]
    weights_sha256: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str | None] = mapped_column(String(64), doc="of the file the vectors were computed from")
    vectors: Mapped[bytes] = mapped_column(LargeBinary)
