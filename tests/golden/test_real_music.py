"""What is read from real files against their manifest."""

import csv
from collections.abc import Iterator
from pathlib import Path

import mutagen
import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.audio.files import fingerprint
from app.core.entities import Outcome
from app.core.names import key_of
from app.core.progress import Silent
from app.pipeline.index_audio import index_all
from app.pipeline.load_metadata import load_all_metadata
from app.store import failures
from app.store.database import database
from app.store.tables import Artist, Track
from tests.collection import file_of

Row = dict[str, str]


@pytest.fixture(scope="module")
def manifest(shared: Path) -> dict[str, Row]:
    with (shared / "audio" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return {row["path"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def collection(shared: Path, empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """All real files, indexed and described once."""
    instance = tmp_path_factory.mktemp("instance")
    (instance / "tagscape.db").write_bytes(empty_database.read_bytes())
    app = create_app({"TAGSCAPE_INSTANCE_PATH": str(instance), "TAGSCAPE_AUDIO_DIR": str(shared / "audio")})
    with app.app_context():
        session, audio_dir = database.session(), app.config["AUDIO_DIR"]
        app.config["INDEXED"] = index_all(session, audio_dir, Silent(), tell=pytest.fail)
        app.config["DESCRIBED"] = load_all_metadata(session, audio_dir, Silent())
        yield app
        database.session.remove()
        database.engine.dispose()


@pytest.fixture
def tracks(collection: Flask) -> dict[str, Track]:
    return {file_of(track).place: track for track in database.session.scalars(select(Track))}


def test_every_file_is_indexed_and_described_without_failure(collection: Flask, manifest: dict[str, Row]) -> None:
    assert collection.config["INDEXED"] == collection.config["DESCRIBED"] == Outcome(done=len(manifest))
    assert failures.every(database.session()) == []


def test_technical_facts_agree_with_the_manifest(tracks: dict[str, Track], manifest: dict[str, Row]) -> None:
    assert tracks.keys() == manifest.keys()
    for path, row in manifest.items():
        track, file = tracks[path], file_of(tracks[path])
        facts = (file.size_bytes, file.codec, file.sample_rate_hz, file.n_channels)
        assert facts == (int(row["bytes"]), row["codec"], int(row["sample_rate"]), int(row["channels"])), path
        # the manifest counts the silence that an mp3 encoder adds at both ends
        assert track.duration_s == pytest.approx(float(row["duration_s"]), abs=0.08), path


def test_fingerprints_are_those_of_the_files(tracks: dict[str, Track], shared: Path) -> None:
    for path in sorted(tracks)[::10]:
        assert tracks[path].content_hash == fingerprint(shared / "audio" / path)


def test_titles_and_artists_are_those_that_the_files_carry_and_one_artist_has_one_spelling(
    tracks: dict[str, Track], shared: Path
) -> None:
    n_named = 0
    spellings: dict[int | None, set[str | None]] = {}
    for path, track in tracks.items():
        audio = mutagen.File(shared / "audio" / path, easy=True)
        title, artist = (next(iter((audio.tags or {}).get(name) or []), "") or None for name in ("title", "artist"))
        n_named += title is not None
        assert track.title == title, path
        assert (track.artist and track.artist.key) == (artist and key_of(artist)), path
        spellings.setdefault(track.artist_id, set()).add(artist)
    assert 0 < n_named < len(tracks)
    both = next(artist_id for artist_id, names in spellings.items() if len(names) > 1)
    assert spellings[both] == {"AUDIONAUTIX.COM", "audionautix.com"}
    assert database.session.get_one(Artist, both).name in spellings[both]


def test_known_values_are_read(tracks: dict[str, Track]) -> None:
    tagged = tracks["librosa-data/Karissa_Hobbs_-_Lets_Go_Fishin.hq.ogg"]
    assert (tagged.title, tagged.artist.name, tagged.album.title, tagged.year) == (
        "Let's Go Fishin'",
        "Karissa Hobbs",
        "Age of Flowers",
        2016,
    )
    assert tracks["opensurge/menu.ogg"].title is None
    assert tracks["opensurge/menu.ogg"].artist.name == "Johan Brodd"
