"""While a command works for long, whoever else writes to the database never waits more than a second."""

import importlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskCliRunner
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.audio import decode, files, metadata
from app.core.entities import Outcome
from app.core.progress import Silent
from app.core.spaces import Layer
from app.networks.runtimes.base import LayerOutputs
from app.pipeline import index_audio, index_embeddings, load_metadata, reduce
from app.pipeline.extract import replace
from app.pipeline.extract.plan import plan
from app.pipeline.extract.run import extract_all
from app.projections import placement, registry
from app.projections.quality import Ruler
from app.store import features, rows, tracks
from app.store.tables import Coordinates, Features, Network, RowRange, Space, Track
from tests.collection import add_features, add_network, add_track
from tests.integration.test_extract import FakeEngine, subject
from tests.tones import write_tone

PATIENCE_S = 1.0
N_FILES = 5


class SecondWriter:
    """Another program that writes to the database, and is refused when it has waited for `PATIENCE_S`."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.n_written = 0

    def write(self) -> None:
        """In a connection of its own, since several threads call this."""
        with closing(sqlite3.connect(self.file, timeout=PATIENCE_S, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE run SET n_done = n_done + 1")
            connection.execute("COMMIT")
        self.n_written += 1


@pytest.fixture
def other(environment: dict[str, str]) -> SecondWriter:
    return SecondWriter(Path(environment["TAGSCAPE_INSTANCE_PATH"]) / "tagscape.db")


@pytest.fixture
def beside(other: SecondWriter, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the other program write whenever a function begins and ends, in whatever thread that is."""

    def beside(owner: Any, name: str) -> None:
        function = getattr(owner, name)

        def disturbed(*args: Any, **options: Any) -> Any:
            other.write()
            try:
                found = function(*args, **options)
                return disturbed_stream(found) if isinstance(found, Iterator) else found
            finally:
                other.write()

        monkeypatch.setattr(owner, name, disturbed)

    def disturbed_stream(stream: Iterator[Any]) -> Iterator[Any]:
        for item in stream:
            other.write()
            yield item

    return beside


@pytest.fixture
def audio(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files for several transactions of each step; one is no audio."""
    monkeypatch.setattr(index_audio, "FILES_PER_COMMIT", 2)
    monkeypatch.setattr(load_metadata, "TRACKS_PER_COMMIT", 2)
    folder = Path(environment["TAGSCAPE_AUDIO_DIR"])
    for i in range(N_FILES):
        write_tone(folder / f"{i}.wav", pitch_hz=200 + 10 * i, duration_s=4.0)
    (folder / "bad.mp3").write_text("not audio")
    return folder


def index(session: Session, audio: Path, **options: bool) -> Outcome:
    return index_audio.index_all(session, audio, Silent(), tell=pytest.fail, **options)


def test_index_all_audio(session: Session, audio: Path, beside: Callable[..., None], other: SecondWriter) -> None:
    for owner, name in ((files, "walk"), (files, "fingerprint"), (decode, "probe")):
        beside(owner, name)
    assert index(session, audio) == Outcome(done=N_FILES, failed=1)
    (audio / "0.wav").rename(audio / "moved.wav")
    (audio / "1.wav").unlink()
    (audio / "link.wav").symlink_to("nowhere.wav")
    write_tone(audio / "bad.mp3")
    assert index(session, audio, force=True) == Outcome(done=N_FILES, failed=1)
    assert other.n_written >= 2 * 2 * (N_FILES + 1)


def test_load_id3_metadata(session: Session, audio: Path, beside: Callable[..., None], other: SecondWriter) -> None:
    index(session, audio)
    beside(metadata, "read")
    for _ in range(2):
        assert load_metadata.load_all_metadata(session, audio, Silent(), force=True) == Outcome(done=N_FILES, failed=1)
    assert other.n_written == 2 * 2 * (N_FILES + 1)


def test_extract_all(session: Session, audio: Path, other: SecondWriter) -> None:
    class Disturbed(FakeEngine):
        def predict(self, front_end: str, patches: NDArray[np.float32], networks: Sequence[str]) -> LayerOutputs:
            other.write()
            found: Mapping[str, Mapping[Layer, NDArray[np.float32]]] = super().predict(front_end, patches, networks)
            other.write()
            return found

    index(session, audio)
    for weights in ("a", "b"):  # the second replaces what the first gave
        among = [subject(weights=weights)]
        work = plan(session, among, force=True)
        outcome = extract_all(session, audio, Disturbed(), among, work, commit_tracks=1, progress=Silent())
        assert outcome == Outcome(done=N_FILES, failed=1)
    assert other.n_written >= 4


def test_extract_all_with_other_weights(session: Session, other: SecondWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    space = filled(session)[0]
    reduce.reduce_all(session, [space], [registry.by_name("pca")], 0, Silent())
    monkeypatch.setattr(replace, "TRACKS_PER_COMMIT", 2)
    forget = rows.forget

    def disturbed(session: Session, network_id: int, track_ids: Sequence[int]) -> None:
        other.write()
        forget(session, network_id, track_ids)

    monkeypatch.setattr(rows, "forget", disturbed)
    replace.remove(session, space.network)
    assert other.n_written == 12 / 2
    assert [session.query(table).count() for table in (Network, Space, Features, Coordinates, RowRange, Track)] == [
        0,
        0,
        0,
        0,
        0,
        12,
    ]


def test_reduce_all(session: Session, beside: Callable[..., None], other: SecondWriter) -> None:
    among = filled(session)
    methods = [registry.by_name(name) for name in ("pca", "tsne")]
    for method in methods:
        beside(method.projector, "fit")
    for owner, name in ((Ruler, "measure"), (features, "blocks"), (placement, "place")):
        beside(owner, name)
    bring_up = {"methods": methods, "seed": 0, "progress": Silent()}
    assert reduce.reduce_all(session, among, **bring_up) == Outcome(done=2)
    add_track_with_features(session, among[0])
    session.commit()
    assert reduce.reduce_all(session, among, **bring_up) == Outcome(done=2)
    assert reduce.reduce_all(session, among, force=True, **bring_up) == Outcome(done=2)
    assert other.n_written > 0


def test_index_all_embeddings(
    session: Session, environment: dict[str, str], beside: Callable[..., None], other: SecondWriter
) -> None:
    filled(session)
    beside(index_embeddings.index, "build")
    beside(index_embeddings.index, "write")
    cache = Path(environment["TAGSCAPE_INSTANCE_PATH"]) / "cache"
    assert index_embeddings.index_all_embeddings(session, cache, Silent()).done == 1
    assert other.n_written > 0


def test_forget(
    session: Session, audio: Path, runner: FlaskCliRunner, other: SecondWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(session, audio)
    monkeypatch.setattr(importlib.import_module("app.cli.index"), "FORGOTTEN_PER_COMMIT", 2)
    forget = tracks.forget

    def disturbed(session: Session, track_ids: Sequence[int]) -> None:
        other.write()
        forget(session, track_ids)

    monkeypatch.setattr(tracks, "forget", disturbed)
    assert runner.invoke(args=["forget", "*", "--yes"]).exit_code == 0
    assert other.n_written == (N_FILES + 1) / 2


def filled(session: Session) -> list[Space]:
    """One small space with tracks for maps."""
    (space,) = [space for layer, space in add_network(session, "msd-musicnn").items() if layer == Layer.EMBEDDINGS]
    for _ in range(12):
        add_track_with_features(session, space)
    session.commit()
    return [space]


def add_track_with_features(session: Session, space: Space) -> None:
    track = add_track(session, f"{len(features.sizes(session, space.id))}.mp3")
    vectors = np.random.default_rng(track.id).normal(size=(6, space.n_dims)) + track.id % 3
    add_features(session, space, {track.id: vectors})
