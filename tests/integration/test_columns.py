"""The cache of columns can be stale, deleted, damaged or built by several at once, and still tells the truth."""

import multiprocessing
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from app.cache import columns
from app.core.errors import MachineError, NotFoundError, NotReadyError
from app.core.spaces import SpaceName
from app.store import features, projections, spaces
from app.store.database import database
from app.store.tables import Space
from tests import collection

EMBEDDINGS = SpaceName.parse("msd-musicnn/embeddings")


@pytest.fixture
def space(session: Session) -> Space:
    collection.synthesise(session, 30, ("msd-musicnn",))
    return spaces.by_name(session, EMBEDDINGS)


@pytest.fixture
def cache(app: Flask) -> Path:
    return Path(app.instance_path) / "cache"


def stored(session: Session, space: Space) -> np.ndarray:
    return np.concatenate([block.vectors for block in features.blocks(session, space, n_tracks=7)])


def by_row(found: columns.SpaceColumns) -> np.ndarray:
    vectors = np.empty(found.vectors.T.shape, np.float16)
    vectors[found.order] = found.vectors.T
    return vectors


def test_columns_hold_every_vector_exactly(session: Session, space: Space, cache: Path) -> None:
    found = columns.of_space(session, cache, space)
    np.testing.assert_array_equal(by_row(found), stored(session, space))
    assert isinstance(found.vectors, np.memmap)
    assert found.vectors.flags.c_contiguous


def test_rows_are_numbered_by_track_then_by_time(session: Session, space: Space, cache: Path) -> None:
    found = columns.of_space(session, cache, space)
    row = 0
    for track_id, n in features.sizes(session, space.id):
        assert found.first_row(track_id) == row
        assert found.locate(row) == found.locate(row + n - 1) == (track_id, row, n)
        row += n
    for missing in (-1, row):
        with pytest.raises(NotFoundError):
            found.locate(missing)
    with pytest.raises(NotFoundError):
        found.first_row(9999)


def test_a_new_revision_replaces_the_old_columns(session: Session, space: Space, cache: Path) -> None:
    old = columns.of_space(session, cache, space)
    track = collection.add_track(session, "new.wav")
    collection.add_features(session, space, {track.id: np.ones((3, space.n_dims))})
    session.commit()
    new = columns.of_space(session, cache, space)
    assert new.n_rows == old.n_rows + 3
    np.testing.assert_array_equal(by_row(new), stored(session, space))
    assert [folder.name for folder in (cache / "spaces").iterdir()] == [new.folder.name]
    assert by_row(old).shape == (old.n_rows, space.n_dims), "columns in use stay readable"


def test_a_map_follows_its_projection_and_its_space(session: Session, space: Space, cache: Path) -> None:
    projection = projections.by_method(session, space, "pca")

    def current() -> columns.MapColumns:
        return columns.of_projection(session, cache, projection, columns.of_space(session, cache, space))

    first = current()
    assert first.positions is None
    projection.revision += 1
    session.commit()
    second = current()
    spaces.raise_revision(session, [space.id])
    session.commit()
    third = current()
    assert len({first.folder, second.folder, third.folder}) == 3
    assert [folder.name for folder in (cache / "maps").iterdir()] == [third.folder.name]


def test_maps_of_two_methods_stand_beside_each_other(session: Session, space: Space, cache: Path) -> None:
    other = collection.add_projection(session, space, "std-pca", 2)
    places = {track_id: np.zeros((n, 2)) for track_id, n in features.sizes(session, space.id)}
    collection.add_coordinates(session, other, places)
    session.commit()
    own = columns.of_space(session, cache, space)
    folders = {columns.of_projection(session, cache, p, own).folder for p in projections.of_space(session, space.id)}
    assert set((cache / "maps").iterdir()) == folders
    assert len(folders) == 2


def test_the_cache_may_be_deleted_while_the_server_runs(session: Session, space: Space, cache: Path, client: FlaskClient) -> None:
    address = "/api/points/msd-musicnn/embeddings/pca?colour=msd-musicnn/rock"
    before = client.get(address).data
    shutil.rmtree(cache)
    assert client.get(address).data == before
    assert client.get("/api/segments/msd-musicnn/3?revision=1").status_code == 200


@pytest.mark.parametrize("damage", ["missing", "truncated", "empty"])
def test_damaged_columns_are_built_again(session: Session, space: Space, cache: Path, damage: str) -> None:
    file = columns.of_space(session, cache, space).folder / "vectors.npy"
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:500] if damage == "truncated" else b"")
    np.testing.assert_array_equal(by_row(columns.of_space(session, cache, space)), stored(session, space))


def test_a_map_deleted_halfway_is_built_again(session: Session, space: Space, cache: Path) -> None:
    late = collection.add_track(session, "late.wav")
    collection.add_features(session, space, {late.id: np.ones((2, space.n_dims))})
    session.commit()
    own, projection = columns.of_space(session, cache, space), projections.by_method(session, space, "pca")
    found = columns.of_projection(session, cache, projection, own)
    (found.folder / "positions.npy").unlink()
    again = columns.of_projection(session, cache, projection, own)
    assert len(again.positions) == own.n_rows - 2
    np.testing.assert_array_equal(again.positions, found.positions)


def test_features_written_while_columns_are_built_are_not_missed(
    session: Session, space: Space, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_blocks = features.blocks
    late = collection.add_track(session, "late.wav")
    session.commit()

    def interrupted(*arguments: object) -> object:
        yield from read_blocks(*arguments)
        if not features_written:
            features_written.append(True)
            collection.add_features(session, space, {late.id: np.ones((2, space.n_dims))})
            session.commit()

    features_written: list[bool] = []
    monkeypatch.setattr(features, "blocks", interrupted)
    found = columns.of_space(session, cache, space)
    monkeypatch.undo()
    assert features_written
    np.testing.assert_array_equal(by_row(found), stored(session, space))


def test_a_space_without_features_says_what_to_run(session: Session, cache: Path) -> None:
    space = collection.add_network(session, "msd-vgg")["embeddings"]
    with pytest.raises(NotReadyError, match="flask extract-all --networks msd-vgg"):
        columns.of_space(session, cache, space)
    assert not any((cache / "spaces").iterdir())


def test_a_cache_that_cannot_be_written_is_said(session: Session, space: Space, cache: Path) -> None:
    cache.write_text("a file where a folder should be")
    with pytest.raises(MachineError, match="cannot be written"):
        columns.of_space(session, cache, space)


def build(environment: dict[str, str], barrier: object, results: object) -> None:
    with create_app(environment).app_context():
        session = database.session()
        space = spaces.by_name(session, EMBEDDINGS)
        barrier.wait()
        found = columns.of_space(session, Path(environment["TAGSCAPE_INSTANCE_PATH"]) / "cache", space)
        results.put(int(by_row(found).view(np.uint16).sum()))


def test_processes_that_build_at_once_agree(session: Session, space: Space, environment: dict[str, str], cache: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(2), context.Queue()
    builders = [context.Process(target=build, args=(environment, barrier, results)) for _ in range(2)]
    for builder in builders:
        builder.start()
    sums = {results.get(timeout=60) for _ in builders}
    for builder in builders:
        builder.join()
    assert sums == {int(stored(session, space).view(np.uint16).sum())}
    assert len(list((cache / "spaces").iterdir())) == 1


def test_threads_that_ask_at_once_agree(session: Session, space: Space, app: Flask) -> None:
    answers: list[bytes] = []

    def ask() -> None:
        answers.append(app.test_client().get("/api/points/msd-musicnn/embeddings/pca").data)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert len(set(answers)) == 1
    assert answers[0].startswith(b"TSP1")
