"""Which tracks are extracted, and what is stored of them; the engine is a fake of the right shape."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audio.melspectrogram import FRONT_ENDS
from app.core.errors import InvalidError
from app.core.progress import Silent
from app.core.spaces import Layer
from app.networks.runtimes.base import LayerOutputs
from app.pipeline.extract import files
from app.pipeline.extract.plan import Subject, plan
from app.pipeline.extract.run import extract_all
from app.store import features, rows, spaces
from app.store.tables import Failure, Features, Network, Space
from tests.collection import add_track, at, file_of

LAYERS = {Layer.ACTIVATIONS: (3, ["rock", "pop", "jazz"]), Layer.EMBEDDINGS: (2, None)}


class FakeEngine:
    """Every layer is the same linear function of the patch's mean, so that results can be checked."""

    front_ends: Mapping[str, str] = {"msd-musicnn": "musicnn", "msd-vgg": "musicnn"}

    def predict(self, front_end: str, patches: NDArray[np.float32], networks: Sequence[str]) -> LayerOutputs:
        mean = patches.mean(axis=(1, 2))[:, None]
        return {network: {layer: np.repeat(mean, n_dims, 1) for layer, (n_dims, _) in LAYERS.items()} for network in networks}


class SickEngine(FakeEngine):
    """A network that overflows."""

    def predict(self, front_end: str, patches: NDArray[np.float32], networks: Sequence[str]) -> LayerOutputs:
        vectors = super().predict(front_end, patches, networks)
        vectors["msd-musicnn"][Layer.EMBEDDINGS][:, 0] = np.nan
        return vectors


def subject(name: str = "msd-musicnn", weights: str = "a", precision: str = "f32") -> Subject:
    return Subject(name, weights * 64, precision, "openvino", FRONT_ENDS["musicnn"].geometry, LAYERS)


def run(
    session: Session, folder: Path, *subjects: Subject, engine: FakeEngine | None = None, **options: object
) -> tuple[int, int, int]:
    among = subjects or [subject()]
    work = plan(session, among, **options)
    outcome = extract_all(session, folder, engine or FakeEngine(), among, work, commit_tracks=2, progress=Silent())
    return outcome.done, outcome.skipped, outcome.failed


@pytest.fixture
def folder(tmp_path: Path, session: Session) -> Path:
    """Three readable tracks of 7 s and one that is no audio, all indexed."""
    for name in ("a.wav", "b.wav", "c.wav", "broken.wav"):
        path = tmp_path / "audio" / name
        if name == "broken.wav":
            path.write_bytes(b"this is not sound")
        else:
            write_noise(path, seconds=7, seed=ord(name[0]))
        add_track(session, name, content_hash=name)
    session.commit()
    return tmp_path / "audio"


def write_noise(path: Path, seconds: float, seed: int) -> None:
    samples = (np.random.default_rng(seed).normal(size=(1, int(16000 * seconds))) * 3000).astype(np.int16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=16000, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = 16000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def test_every_readable_track_is_stored_whole_and_the_others_are_recorded(session: Session, folder: Path) -> None:
    assert run(session, folder) == (3, 0, 1)
    for space in session.scalars(select(Space)):
        assert [n for _, n in features.sizes(session, space.id)] == [2, 2, 2]
        assert space.network.revision > space.network.rows_since
    failure = session.scalars(select(Failure)).one()
    assert (file_of(failure.track).path, failure.step, failure.severity, failure.code) == (
        "broken.wav",
        "extract",
        "error",
        "not_audio",
    )


def test_a_second_run_does_only_what_failed(session: Session, folder: Path) -> None:
    run(session, folder)
    before = session.execute(select(Features.track_id, Features.vectors)).all()
    assert run(session, folder) == (0, 3, 1)
    assert session.execute(select(Features.track_id, Features.vectors)).all() == before
    assert session.query(Failure).count() == 1


def test_a_changed_file_is_extracted_again_and_only_that(session: Session, folder: Path) -> None:
    run(session, folder)
    at(session, "b.wav").content_hash = "new"
    session.commit()
    assert plan(session, [subject()]).tracks[0][1] == "b.wav"
    assert run(session, folder) == (1, 2, 1)


def test_a_track_that_sounds_as_before_keeps_its_rows_and_one_that_does_not_gets_new_ones(session: Session, folder: Path) -> None:
    run(session, folder)
    network = session.scalars(select(Network)).one()
    same, other = at(session, "a.wav"), at(session, "b.wav")
    ids = [same.id, other.id]
    before, revision, n_rows = rows.of_tracks(session, network.id, ids), network.revision, network.n_rows
    same.content_hash = "its texts were changed"
    session.commit()
    assert run(session, folder) == (1, 2, 1)
    session.refresh(network)
    assert (rows.of_tracks(session, network.id, ids), network.revision) == (before, revision)
    assert set(session.scalars(select(Features.content_hash).where(Features.track_id == same.id))) == {same.content_hash}
    write_noise(folder / "b.wav", seconds=9, seed=99)
    other.content_hash = "its sound was changed"
    session.commit()
    assert run(session, folder) == (1, 2, 1)
    after = rows.of_tracks(session, network.id, ids)
    assert after[same.id] == before[same.id]
    assert after[other.id][0] == n_rows
    assert session.scalar(select(Network.revision)) == revision + 1


def test_features_of_a_content_that_is_gone_for_good_go(session: Session, folder: Path) -> None:
    run(session, folder)
    track = at(session, "b.wav")
    before = {network.id: network.revision for network in session.scalars(select(Network))}
    track.content_hash = "new"
    (folder / "b.wav").rename(folder / "away.wav")
    run(session, folder)
    assert session.query(Features).filter_by(track_id=track.id).count() == 2, "nobody knows what it holds now"
    write_noise(folder / "b.wav", seconds=1, seed=0)
    run(session, folder)
    assert session.query(Features).filter_by(track_id=track.id).count() == 0
    assert all(network.revision > before[network.id] for network in session.scalars(select(Network)))
    assert session.query(Features).count() == 4


def test_a_network_added_later_leaves_the_others_alone(session: Session, folder: Path) -> None:
    run(session, folder)
    revisions = {network.id: network.revision for network in session.scalars(select(Network))}
    work = plan(session, [subject(), subject("msd-vgg")])
    assert [networks for _, path, networks in work.tracks if path == "a.wav"] == [("msd-vgg",)]
    (folder / "broken.wav").unlink()
    run(session, folder, subject(), subject("msd-vgg"))
    assert all(session.get(Network, network_id).revision == revision for network_id, revision in revisions.items())


def test_tracks_that_are_missing_or_not_fingerprinted_are_left_out(session: Session, folder: Path) -> None:
    file_of(at(session, "a.wav")).state = "missing"
    at(session, "b.wav").content_hash = None
    session.commit()
    assert run(session, folder) == (1, 0, 1)


def test_limit_takes_the_first_tracks(session: Session, folder: Path) -> None:
    assert run(session, folder, limit=2) == (2, 0, 0)
    assert run(session, folder, limit=0) == (0, 2, 0)


def test_other_weights_or_precision_never_stand_beside_each_other(session: Session, folder: Path) -> None:
    run(session, folder)
    for other in (subject(weights="b"), subject(precision="bf16")):
        with pytest.raises(InvalidError, match="--force"):
            run(session, folder, other)
    assert run(session, folder, subject(weights="b"), force=True) == (3, 0, 1)
    assert {sha for (sha,) in session.execute(select(Features.weights_sha256))} == {"b" * 64}
    assert session.scalars(select(Network)).one().weights_sha256 == "b" * 64


def test_no_lineage_of_rows_comes_back(session: Session, folder: Path) -> None:
    seen: set[str] = set()
    for precision in ("f32", "bf16", "f32"):
        run(session, folder, subject(precision=precision), force=True)
        lineages = {spaces.lineage(network) for network in session.scalars(select(Network))}
        assert not lineages & seen, "what is cached of the first f32 would be taken for the second"
        seen |= lineages


def test_features_that_are_not_finite_are_a_failure_of_the_track(session: Session, folder: Path) -> None:
    assert run(session, folder, engine=SickEngine()) == (0, 0, 4)
    assert session.query(Features).count() == 0


def test_stopping_early_keeps_what_was_committed(session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PATCHES_PER_BATCH", 2)

    class Stop(FakeEngine):
        calls = 0

        def predict(self, front_end: str, patches: NDArray[np.float32], networks: Sequence[str]) -> LayerOutputs:
            self.calls += 1
            if self.calls == 3:
                raise KeyboardInterrupt
            return super().predict(front_end, patches, networks)

    with pytest.raises(KeyboardInterrupt):
        run(session, folder, engine=Stop())
    session.rollback()
    assert {n for (n,) in session.execute(select(Features.track_id))} == {1, 2}
    assert run(session, folder) == (1, 2, 1)
