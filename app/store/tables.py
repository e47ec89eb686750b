"""The tables. Everything that took work to compute is here, so one file is the backup."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, validates

from ..core.names import key_of

__all__ = [
    "Album",
    "Annotation",
    "AnnotationSet",
    "Artist",
    "Base",
    "Coordinates",
    "Failure",
    "Features",
    "Network",
    "Projection",
    "RowRange",
    "Run",
    "Source",
    "Space",
    "Tag",
    "Track",
]


def now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)


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


class Artist(Named, Base):
    """A performer. `Björk` and `björk` are one."""

    __tablename__ = "artist"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(primary_key=True)


class Album(Base):
    """A release; two artists' albums of the same title are two albums, one artist's are one."""

    __tablename__ = "album"
    __table_args__ = (
        UniqueConstraint("artist_id", "key"),
        # in a constraint no null equals another: albums without an artist need an index of their own
        Index("uq_album_key_without_artist", "key", unique=True, **where("artist_id IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    key: Mapped[str] = mapped_column(doc="the title as core.names.key_of gives it")
    artist_id: Mapped[int | None] = mapped_column(ForeignKey("artist.id"))
    artist: Mapped[Artist | None] = relationship()

    @validates("title")
    def _set_key(self, _: str, title: str) -> str:
        self.key = key_of(title)
        return title


class Track(Base):
    """One recording. What is heard of it is null until, or unless, one of its sources could be read."""

    __tablename__ = "track"

    id: Mapped[int] = mapped_column(primary_key=True)
    content_hash: Mapped[str | None] = mapped_column(String(64), index=True, doc="BLAKE2b-256 of the file's bytes, hex")
    duration_s: Mapped[float | None]
    title: Mapped[str | None]
    year: Mapped[int | None]
    artist_id: Mapped[int | None] = mapped_column(ForeignKey("artist.id"), index=True)
    album_id: Mapped[int | None] = mapped_column(ForeignKey("album.id"), index=True)
    metadata_hash: Mapped[str | None] = mapped_column(String(64), doc="content_hash when the file's tags were read")
    artist: Mapped[Artist | None] = relationship()
    album: Mapped[Album | None] = relationship()
    sources: Mapped[list["Source"]] = relationship(order_by="Source.id", back_populates="track", passive_deletes=True)


class Source(Base):
    """Where a track's sound is: a file under AUDIO_DIR, or something that another service knows by an id."""

    __tablename__ = "source"
    __table_args__ = (
        UniqueConstraint("kind", "external_id"),
        CheckConstraint("(kind = 'file') = (path IS NOT NULL)", name="only_files_have_a_path"),
        CheckConstraint("(kind = 'file') = (external_id IS NULL)", name="only_others_have_an_external_id"),
        CheckConstraint("kind <> 'file' OR (size_bytes IS NOT NULL AND mtime_ns IS NOT NULL)", name="files_have_size_and_time"),
        CheckConstraint("state IN ('present', 'missing')", name="state"),
        Index(None, "track_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16), doc="file, or the name of a provider")
    state: Mapped[str] = mapped_column(String(16), default="present", doc="present or missing")
    path: Mapped[str | None] = mapped_column(unique=True, doc="of a file: relative to AUDIO_DIR, '/' between folders")
    external_id: Mapped[str | None] = mapped_column(doc="of other kinds: what the provider calls it")
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    mtime_ns: Mapped[int | None] = mapped_column(BigInteger)
    codec: Mapped[str | None]
    n_channels: Mapped[int | None]
    sample_rate_hz: Mapped[int | None]
    track: Mapped[Track] = relationship(back_populates="sources")

    @property
    def place(self) -> str:
        """Where its provider finds it: the path of a file, the id of anything else."""
        place = self.path if self.external_id is None else self.external_id
        assert place is not None, "a constraint of the table"
        return place


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

    They are given when features are stored, in the order in which tracks arrive, and stay while these features do. New features
    of a track get new rows.
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


class Projection(Base):
    """A fitted map of a space."""

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
    placed: Mapped[bool] = mapped_column(default=False, doc="placed into a map that was fitted without it")
    first_row: Mapped[int] = mapped_column(doc="of the rows they were computed from: others by now, and they are out of date")
    revision: Mapped[int] = mapped_column(doc="of the projection when they were written")
    xy: Mapped[bytes] = mapped_column(LargeBinary)


class Run(Base):
    """One command that wrote, and how it ended; ended_at is null while it runs or after it was killed."""

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(primary_key=True)
    command: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    n_done: Mapped[int] = mapped_column(default=0)
    n_skipped: Mapped[int] = mapped_column(default=0)
    n_failed: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]


class Failure(Base):
    """Why a step went wrong for a track, kept until the step succeeds or the file changes."""

    __tablename__ = "failure"
    __table_args__ = (UniqueConstraint("track_id", "step", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id", ondelete="CASCADE"))
    step: Mapped[str] = mapped_column(String(32), doc="index, metadata or extract")
    severity: Mapped[str] = mapped_column(String(8), doc="error: the step gave nothing; warning: it gave a result to doubt")
    code: Mapped[str] = mapped_column(String(48))
    message: Mapped[str]
    hint: Mapped[str] = mapped_column(default="")
    content_hash: Mapped[str | None] = mapped_column(String(64), doc="of the file when it happened, if its content is to blame")
    happened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    track: Mapped[Track] = relationship()
