"""What the third version of the tables makes of a database in which rows are double."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.store import annotations, artists
from app.store.database import database
from app.store.tables import Album, Annotation, AnnotationSet, Artist, Source, Tag, Track

DOUBLE = """
INSERT INTO artist (id, name) VALUES (1, 'Björk'), (2, 'björk'), (3, 'Bo'), (4, 'BJO\u0308RK');
INSERT INTO album (id, title, artist_id) VALUES
    (1, 'Début', 1), (2, 'début', 2), (3, 'Field recordings', NULL), (4, 'Field recordings', NULL), (5, 'Début', 3),
    (6, 'DÉBUT', 4);
INSERT INTO track (id, path, state, size_bytes, mtime_ns, content_hash, duration_s, codec, n_channels, sample_rate_hz, title, year,
                   artist_id, album_id, metadata_hash) VALUES
    (1, 'a.mp3', 'present', 5000000000, 1700000000000000000, 'a', 1.5, 'mp3', 2, 44100, 'A', 1999, 1, 1, 'a'),
    (2, 'b/ü.mp3', 'missing', 2, 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2, 2, NULL),
    (4, 'c.mp3', 'present', 1, 1, 'c', 1, 'mp3', 1, 8000, NULL, NULL, 3, 4, NULL),
    (5, 'd.mp3', 'present', 1, 1, 'd', 1, 'mp3', 1, 8000, NULL, NULL, 4, 6, NULL);
INSERT INTO tag (id, name, category) VALUES (1, 'Élan', 'genre'), (2, 'élan', 'genre'), (3, 'élan', 'other'),
    (4, 'E\u0301LAN', 'genre');
INSERT INTO annotation_set (id, name) VALUES (1, 's'), (2, 't');
INSERT INTO annotation (id, track_id, tag_id, annotation_set_id, value, start_s, end_s) VALUES
    (1, 1, 1, 1, 0.5, NULL, NULL), (2, 1, 1, 1, 0.7, NULL, NULL), (3, 1, 2, 1, 1, NULL, NULL), (4, 1, 4, 2, 1, NULL, NULL),
    (5, 1, 2, 1, 1, 3.0, 6.0), (6, 1, 4, 1, 1, 3.0, 6.0), (7, 1, 3, 1, 1, NULL, NULL), (8, 2, 4, 1, 1, NULL, NULL);
"""


@pytest.fixture
def app(bare_app: Flask) -> Flask:
    return bare_app


@pytest.fixture
def upgraded(app: Flask, tmp_path: Path) -> Session:
    """An upgraded database of the second version with rows that are double."""
    migrations = app.extensions["migrate"].migrate.get_config()
    command.upgrade(migrations, "0002")
    database.engine.dispose()
    with closing(sqlite3.connect(tmp_path / "tagscape.db")) as connection:
        connection.executescript(DOUBLE)
    command.upgrade(migrations, "0003")
    with closing(sqlite3.connect(tmp_path / "tagscape.db")) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    return database.session()


def test_every_track_keeps_its_id_and_gets_its_file_as_a_source(upgraded: Session) -> None:
    query = select(Source.track_id, Source.kind, Source.path, Source.state, Source.size_bytes, Source.mtime_ns, Source.codec)
    assert upgraded.execute(query.order_by(Source.track_id)).all() == [
        (1, "file", "a.mp3", "present", 5_000_000_000, 1_700_000_000_000_000_000, "mp3"),
        (2, "file", "b/ü.mp3", "missing", 2, 3, None),
        (4, "file", "c.mp3", "present", 1, 1, "mp3"),
        (5, "file", "d.mp3", "present", 1, 1, "mp3"),
    ]
    track = upgraded.get_one(Track, 1)
    assert (track.title, track.year, track.duration_s, track.content_hash, track.metadata_hash) == ("A", 1999, 1.5, "a", "a")
    assert (track.sources[0].n_channels, track.sources[0].sample_rate_hz) == (2, 44100)


def test_artists_and_albums_of_one_key_become_one(upgraded: Session) -> None:
    assert upgraded.execute(select(Artist.id, Artist.name).order_by(Artist.id)).all() == [(1, "Björk"), (3, "Bo")]
    found = upgraded.execute(select(Album.id, Album.title, Album.artist_id).order_by(Album.id)).all()
    assert found == [(1, "Début", 1), (3, "Field recordings", None), (5, "Début", 3)]
    tracks = upgraded.execute(select(Track.id, Track.artist_id, Track.album_id).order_by(Track.id)).all()
    assert tracks == [(1, 1, 1), (2, 1, 1), (4, 3, 3), (5, 1, 1)]


def test_tags_of_one_key_become_one_and_labels_that_are_double_after_that_go(upgraded: Session) -> None:
    assert upgraded.execute(select(Tag.id, Tag.name, Tag.key, Tag.category).order_by(Tag.id)).all() == [
        (1, "Élan", "élan", "genre"),
        (3, "élan", "élan", "other"),
    ]
    columns = (Annotation.id, Annotation.track_id, Annotation.tag_id, Annotation.annotation_set_id, Annotation.value)
    assert upgraded.execute(select(*columns, Annotation.start_s).order_by(Annotation.id)).all() == [
        (1, 1, 1, 1, 0.5, None),
        (4, 1, 1, 2, 1.0, None),
        (5, 1, 1, 1, 1.0, 3.0),
        (7, 1, 3, 1, 1.0, None),
        (8, 2, 1, 1, 1.0, None),
    ]


@pytest.mark.parametrize(
    "row",
    [
        Tag(name="E\u0301lan", category="genre"),
        Artist(name="BJÖRK"),
        Album(title="FIELD recordings"),
        Album(title="début", artist_id=1),
        Annotation(track_id=1, tag_id=1, annotation_set_id=1),
        Annotation(track_id=1, tag_id=1, annotation_set_id=1, start_s=3.0, end_s=9.0),
        AnnotationSet(name="s"),
        Source(track_id=4, kind="file", path="a.mp3", size_bytes=1, mtime_ns=1),
        Source(track_id=4, kind="file", size_bytes=1, mtime_ns=1),
        Source(track_id=4, kind="file", path="new.mp3", size_bytes=1),
        Source(track_id=4, kind="file", path="new.mp3", size_bytes=1, mtime_ns=1, external_id="7"),
        Source(track_id=4, kind="jamendo"),
        Source(track_id=4, kind="jamendo", external_id="7", path="new.mp3"),
        Source(track_id=4, kind="jamendo", external_id="7", state="asleep"),
        Source(track_id=77, kind="jamendo", external_id="7"),
    ],
    ids=lambda row: type(row).__name__,
)
def test_no_row_can_be_double_or_half(upgraded: Session, row: object) -> None:
    upgraded.add(row)
    with pytest.raises(IntegrityError):
        upgraded.flush()
    upgraded.rollback()


def test_sources_elsewhere_are_unique_by_their_id_and_kind(upgraded: Session) -> None:
    for kind, external_id in (("jamendo", "7"), ("jamendo", "8"), ("elsewhere", "7")):
        upgraded.add(Source(track_id=1, kind=kind, external_id=external_id))
    upgraded.flush()
    upgraded.add(Source(track_id=4, kind="jamendo", external_id="7"))
    with pytest.raises(IntegrityError):
        upgraded.flush()


def test_what_is_asked_for_in_another_spelling_is_found(upgraded: Session) -> None:
    assert annotations.tag(upgraded, "genre", "ÉLAN").id == 1
    assert artists.named(upgraded, "BJÖRK").id == 1
    assert artists.album(upgraded, "field RECORDINGS", None).id == 3
    assert annotations.tag(upgraded, "genre", "Straße").id == annotations.tag(upgraded, "genre", "STRASSE").id


def test_it_can_be_taken_back(app: Flask, upgraded: Session, tmp_path: Path) -> None:
    upgraded.add(Source(track_id=1, kind="jamendo", external_id="7"))
    upgraded.add(Track(sources=[Source(kind="jamendo", external_id="8")]))
    upgraded.commit()
    database.session.remove()
    database.engine.dispose()
    command.downgrade(app.extensions["migrate"].migrate.get_config(), "0002")
    with closing(sqlite3.connect(tmp_path / "tagscape.db")) as connection:
        rows = connection.execute("SELECT id, path, state, size_bytes, codec FROM track ORDER BY id").fetchall()
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT name FROM tag ORDER BY id").fetchall() == [("Élan",), ("élan",)]
    assert rows == [
        (1, "a.mp3", "present", 5_000_000_000, "mp3"),
        (2, "b/ü.mp3", "missing", 2, None),
        (4, "c.mp3", "present", 1, "mp3"),
        (5, "d.mp3", "present", 1, "mp3"),
        (6, "track 6", "missing", 0, None),
    ]
