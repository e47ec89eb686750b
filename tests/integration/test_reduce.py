import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.audio.melspectrogram import MUSICNN
from app.core.entities import Outcome
from app.core.progress import Silent
from app.pipeline.reduce import reduce_all
from app.projections.basis import Basis
from app.projections.registry import METHODS, by_name
from app.store import features, projections, rows
from app.store.tables import Features, Network, Projection, Space, Track
from tests.collection import add_features, add_track, file_of

N_DIMS = 12
CENTRES = 4 * np.random.default_rng(0).normal(size=(4, N_DIMS))
NAMES = [method.name for method in METHODS]
GEOMETRY = asdict(MUSICNN)


def add_tracks(session: Session, space: Space, numbers: Iterable[int]) -> list[int]:
    """Tracks of 5 to 9 segments, each in one of four clusters."""
    ids = []
    for number in numbers:
        track = add_track(session, f"björk/{number}.mp3")
        noise = np.random.default_rng(number).normal(size=(5 + number % 5, N_DIMS))
        add_features(session, space, {track.id: CENTRES[number % 4] + noise})
        ids.append(track.id)
    session.commit()
    return ids


@pytest.fixture
def space(session: Session) -> Space:
    network = Network(name="msd-musicnn", weights_sha256="0" * 64, precision="f32", runtime="openvino", **GEOMETRY)
    space = Space(network=network, layer="embeddings", n_dims=N_DIMS)
    session.add(space)
    session.flush()
    add_tracks(session, space, range(16))
    return space


def bring_up(session: Session, space: Space, *names: str, force: bool = False, seed: int = 1) -> Outcome:
    return reduce_all(session, [space], [by_name(name) for name in names], seed, Silent(), force=force)


def stored(session: Session, space: Space, name: str) -> tuple[Projection, dict[int, np.ndarray]]:
    projection = projections.by_method(session, space, name)
    return projection, dict(projections.blocks(session, projection))


def test_every_map_holds_every_segment_and_says_how_it_was_made(session: Session, space: Space) -> None:
    assert bring_up(session, space, *NAMES) == Outcome(done=4)
    for name in NAMES:
        projection, xy = stored(session, space, name)
        assert [(track_id, len(rows)) for track_id, rows in xy.items()] == features.sizes(session, space.id)
        assert projection.seed == 1
        assert projection.revision == 1
        assert projection.quality["trustworthiness"] > 0.7
        assert 0.2 < projection.quality["neighbours_kept"] <= 1
        assert projection.parameters["weights_sha256"] == "0" * 64
        assert (projection.explained_variance is None) == (name in {"tsne", "umap"})
        assert not any(track.placed for track in projections.placed(session, projection.id).values())


def test_a_second_run_does_nothing(session: Session, space: Space) -> None:
    bring_up(session, space, *NAMES)
    before = {name: stored(session, space, name)[0].fitted_at for name in NAMES}
    assert bring_up(session, space, *NAMES, seed=2) == Outcome(skipped=4)
    assert {name: stored(session, space, name)[0].fitted_at for name in NAMES} == before


@pytest.mark.parametrize("name", NAMES)
def test_new_tracks_are_placed_and_nothing_else_moves(session: Session, space: Space, name: str) -> None:
    bring_up(session, space, name)
    _, before = stored(session, space, name)
    new = add_tracks(session, space, range(16, 20))
    assert bring_up(session, space, name) == Outcome(done=1)
    projection, after = stored(session, space, name)
    for track_id, xy in before.items():
        np.testing.assert_array_equal(after[track_id], xy)
    assert [i for i, track in projections.placed(session, projection.id).items() if track.placed] == new
    assert projection.revision == 2
    centres = {cluster: np.concatenate([before[i] for i in list(before)[cluster::4]]).mean(axis=0) for cluster in range(4)}
    for cluster, track_id in enumerate(new):
        distances = {c: np.linalg.norm(after[track_id].mean(axis=0) - centre) for c, centre in centres.items()}
        assert min(distances, key=distances.__getitem__) == cluster


@pytest.mark.parametrize("name", ["pca", "std-pca"])
def test_new_tracks_lie_in_the_basis_of_the_old_ones(session: Session, space: Space, name: str) -> None:
    bring_up(session, space, name)
    basis = Basis(**projections.unpack(stored(session, space, name)[0].fitted))
    (new,) = add_tracks(session, space, [16])
    bring_up(session, space, name)
    expected = basis.transform(features.read(session, space, new).astype(np.float16))
    np.testing.assert_array_equal(stored(session, space, name)[1][new], expected)


def test_placing_does_not_depend_on_when_tracks_arrive(session: Session, space: Space) -> None:
    bring_up(session, space, "umap", "tsne")
    (first,) = add_tracks(session, space, [16])
    bring_up(session, space, "umap")
    add_tracks(session, space, [17])
    bring_up(session, space, "umap", "tsne")
    one_by_one = stored(session, space, "umap")[1]
    projection, _ = stored(session, space, "umap")
    projections.forget_coordinates(session, projection, [first, first + 1])
    bring_up(session, space, "umap")
    for track_id in (first, first + 1):
        np.testing.assert_allclose(stored(session, space, "umap")[1][track_id], one_by_one[track_id], rtol=1e-5)


def test_a_track_whose_file_changed_is_placed_again_and_others_stay(session: Session, space: Space) -> None:
    bring_up(session, space, "tsne")
    _, before = stored(session, space, "tsne")
    track = session.get_one(Track, 3)
    track.content_hash = "changed"
    add_features(session, space, {3: CENTRES[0] + np.random.default_rng(99).normal(size=(7, N_DIMS))})
    session.commit()
    assert bring_up(session, space, "tsne") == Outcome(done=1)
    projection, after = stored(session, space, "tsne")
    assert len(after[3]) == 7
    assert projections.placed(session, projection.id)[3].placed
    assert projections.placed(session, projection.id)[3].first_row == rows.of_tracks(session, space.network_id, [3])[3][0]
    for track_id in before.keys() - {3}:
        np.testing.assert_array_equal(after[track_id], before[track_id])
    assert bring_up(session, space, "tsne") == Outcome(skipped=1)


def test_a_track_that_lost_its_features_leaves_the_map(session: Session, space: Space) -> None:
    bring_up(session, space, "pca")
    session.execute(delete(Features).where(Features.track_id == 5))
    session.commit()
    assert bring_up(session, space, "pca") == Outcome(done=1)
    projection, after = stored(session, space, "pca")
    assert 5 not in after
    assert projection.revision == 2


def test_a_missing_track_stays_in_the_map(session: Session, space: Space) -> None:
    file_of(session.get_one(Track, 2)).state = "missing"
    session.commit()
    bring_up(session, space, "pca")
    assert 2 in stored(session, space, "pca")[1]


@pytest.mark.parametrize("name", NAMES)
def test_force_fits_again_close_to_the_present_map(session: Session, space: Space, name: str) -> None:
    bring_up(session, space, name)
    add_tracks(session, space, [16, 17])
    bring_up(session, space, name)
    _, before = stored(session, space, name)
    add_tracks(session, space, [18])
    assert bring_up(session, space, name, force=True, seed=8) == Outcome(done=1)
    projection, after = stored(session, space, name)
    assert projection.seed == 8
    assert projection.revision == 3
    assert len(after) == 19
    assert not any(track.placed for track in projections.placed(session, projection.id).values())
    old, new = (np.concatenate([xy[track_id] for track_id in before])[:, :2] for xy in (before, after))
    assert np.median(np.linalg.norm(new - old, axis=1)) < 0.15 * np.ptp(old, axis=0).max()


def test_a_map_of_another_networks_weights_is_fitted_again(session: Session, space: Space) -> None:
    bring_up(session, space, "pca")
    space.network.weights_sha256 = "1" * 64
    session.commit()
    assert bring_up(session, space, "pca") == Outcome(done=1)
    assert stored(session, space, "pca")[0].parameters["weights_sha256"] == "1" * 64


def test_a_map_of_which_no_fitted_track_is_left_is_fitted_again(session: Session, space: Space) -> None:
    bring_up(session, space, "pca")
    sizes = dict(features.sizes(session, space.id))
    add_features(session, space, {i: features.read(session, space, i) + 1 for i in sizes})
    session.commit()
    assert bring_up(session, space, "pca") == Outcome(done=1)
    projection, _ = stored(session, space, "pca")
    assert not any(track.placed for track in projections.placed(session, projection.id).values())


def test_a_space_without_features_has_no_map(session: Session, space: Space) -> None:
    session.execute(delete(Features))
    session.commit()
    assert bring_up(session, space, *NAMES) == Outcome(skipped=4)


KILLED = """
import os, signal
from app import create_app
from app.store import projections

write = projections.write_coordinates
def write_and_die(session, projection, tracks, *, placed):
    write(session, projection, tracks, placed=placed)
    if projection.method == "std-pca":
        os.kill(os.getpid(), signal.SIGKILL)
projections.write_coordinates = write_and_die
create_app().test_cli_runner().invoke(args=["reduce-all", "--projection", "pca,std-pca"])
"""


def test_a_killed_run_leaves_whole_maps_and_is_continued(
    session: Session, space: Space, environment: dict[str, str], runner: FlaskCliRunner
) -> None:
    died = subprocess.run([sys.executable, "-c", KILLED], env=environment, cwd=Path(__file__).parents[2], check=False)
    assert died.returncode == -signal.SIGKILL
    assert projections.find(session, space.id, "std-pca") is None
    assert len(stored(session, space, "pca")[1]) == 16
    result = runner.invoke(args=["reduce-all", "--projection", "pca,std-pca"])
    assert result.exit_code == 0, result.output
    assert "1 maps brought up to date, 1 skipped, 0 failed" in result.output
    assert len(stored(session, space, "std-pca")[1]) == 16


def test_the_command_reduces_the_space_and_projection_it_is_told(runner: FlaskCliRunner, session: Session, space: Space) -> None:
    result = runner.invoke(args=["reduce-all", "--space", "msd-musicnn/embeddings", "--projection", "pca", "--seed", "7"])
    assert result.exit_code == 0, result.output
    assert [projection.method for projection in projections.of_space(session, space.id)] == ["pca"]
    assert stored(session, space, "pca")[0].seed == 7


def test_a_map_fitted_to_few_of_its_tracks_is_told_of(runner: FlaskCliRunner, session: Session, space: Space) -> None:
    told = "The pca map of msd-musicnn/embeddings was fitted to 16 of 33 tracks."
    assert told not in runner.invoke(args=["reduce-all", "--projection", "pca"]).output
    add_tracks(session, space, range(16, 33))
    assert told in runner.invoke(args=["reduce-all", "--projection", "pca"]).output
    assert "was fitted to" not in runner.invoke(args=["reduce-all", "--projection", "pca", "--force"]).output


@pytest.mark.parametrize(
    ("arguments", "exit_code", "text"),
    [
        (["--projection", "umpa"], 2, "Did you mean umap?"),
        (["--space", "musicnn"], 2, "is not the name of a space"),
        (["--space", "msd-vgg/embeddings"], 4, "flask extract-all --networks msd-vgg"),
    ],
)
def test_names_that_do_not_exist_are_answered_kindly(
    runner: FlaskCliRunner, space: Space, arguments: list[str], exit_code: int, text: str
) -> None:
    result = runner.invoke(args=["reduce-all", *arguments])
    assert (result.exit_code, text in result.output) == (exit_code, True), result.output


def test_nothing_to_reduce_names_the_next_command(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["reduce-all"])
    assert result.exit_code == 4
    assert "flask extract-all" in result.output


def test_features_are_exported_as_float32_by_path(runner: FlaskCliRunner, session: Session, space: Space, tmp_path: Path) -> None:
    result = runner.invoke(args=["export-features", "msd-musicnn/embeddings", str(tmp_path / "out.npz")])
    assert result.exit_code == 0, result.output
    with np.load(tmp_path / "out.npz") as exported:
        assert len(exported.files) == 16
        for track in session.query(Track):
            assert exported[file_of(track).path].dtype == np.float32
            np.testing.assert_array_equal(exported[file_of(track).path], features.read(session, space, track.id))


def test_coordinates_are_exported_by_path_in_place_of_what_was_there(
    runner: FlaskCliRunner, session: Session, space: Space, tmp_path: Path
) -> None:
    bring_up(session, space, "pca")
    out = tmp_path / "out.npz"
    out.write_bytes(b"old")
    result = runner.invoke(args=["export-coordinates", "msd-musicnn/embeddings", "pca", str(out)])
    assert result.exit_code == 0, result.output
    with np.load(out) as exported:
        for track_id, xy in stored(session, space, "pca")[1].items():
            np.testing.assert_array_equal(exported[file_of(session.get_one(Track, track_id)).path], xy)
    assert [path.name for path in tmp_path.glob("*out.npz*")] == ["out.npz"]


def test_an_export_without_its_map_or_folder_says_what_to_do(runner: FlaskCliRunner, space: Space, tmp_path: Path) -> None:
    result = runner.invoke(args=["export-coordinates", "msd-musicnn/embeddings", "umap", str(tmp_path / "out.npz")])
    assert result.exit_code == 4
    assert "flask reduce-all --space msd-musicnn/embeddings --projection umap" in result.output
    result = runner.invoke(args=["export-features", "msd-musicnn/embeddings", str(tmp_path / "nowhere" / "out.npz")])
    assert result.exit_code == 5
    assert "cannot be written" in result.output
