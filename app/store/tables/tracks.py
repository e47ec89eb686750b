"""Recordings, who made them, and where their sound is."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from ...core.names import key_of
from .base import Base, Named, where

__all__ = ["Album", "Artist", "Source", "Track"]


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
