"""Editions can lag behind, be deleted, damaged or built by several at once, and still tell the truth."""

import multiprocessing
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from app import create_app
from app.cache import cloud, columns, coordinates, editions
from app.cache.columns import SpaceColumns
from app.cache.editions import Editions
from app.core.errors import MachineError, NotReadyError
from app.core.progress import Silent
from app.core.spaces import SpaceName
from app.neighbours.index import path_of
from app.store import features, projections, rows, spaces, tracks
from app.store.database import database
from app.store.tables import Network, Projection, Space
from tests import collection

EMBEDDINGS = SpaceName.parse("msd-musicnn/embeddings")
PCA = "/api/points/msd-musicnn/embeddings/pca?colour=msd-musicnn/rock"
ORIGINAL = "/api/points/msd-musicnn/embeddings/original"


@pytest.fixture
def space(session: Session) -> Space:
    collection.synthesise(session, 30, ("msd-musicnn",))
    return spaces.by_name(session, EMBEDDINGS)


@pytest.fixture
def cache(app: Flask) -> Path:
    return Path(app.instance_path) / "cache"


@pytest.fixture(params=[64, 200, 1 << 16], ids=["many chunks", "some chunks", "one chunk"])
def chunk_rows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(columns, "CHUNK_ROWS", request.param)
    return request.param


def stored(session: Session, space: Space) -> np.ndarray:
    """Vectors by row, straight from the database; NaN for rows that are gone."""
    session.refresh(space.network)
    vectors = np.full((space.network.n_rows, space.n_dims), np.nan, np.float32)
    sizes = dict(features.sizes(session, space.id))
    for track_id, (first, n) in rows.of_tracks(session, space.network_id, sizes).items():
        vectors[first : first + n] = features.read(session, space, track_id)
    return vectors


def opened(session: Session, among: Editions) -> SpaceColumns:
    return among.columns(session, spaces.stored(session, EMBEDDINGS.network), EMBEDDINGS.layer)


def by_row(found: SpaceColumns) -> np.ndarray:
    return np.stack([found.column(dimension) for dimension in range(found.tail.shape[1])], axis=1).astype(np.float32)


def add_track(session: Session, space: Space, name: str, n_segments: int = 3) -> int:
    track = collection.add_track(session, name)
    for layer in spaces.of_network(session, space.network).values():
        values = np.random.default_rng(track.id).random((n_segments, layer.n_dims))
        collection.add_features(session, layer, {track.id: values})
    session.commit()
    return track.id


def n_total(client: FlaskClient, address: str) -> int:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return int(response.data.partition(b'"n_total":')[2].partition(b",")[0])


def test_columns_hold_every_vector_exactly(session: Session, space: Space, cache: Path, chunk_rows: int) -> None:
    found = opened(session, Editions(cache))
    expected = stored(session, space)
    np.testing.assert_array_equal(by_row(found), expected)
    for row in (0, 1, len(expected) // 2, len(expected) - 1):
        np.testing.assert_array_equal(found.row(row), expected[row])
    assert len(found.chunks) == len(expected) // chunk_rows
    assert all(isinstance(part, np.memmap) for part in (*found.chunks, found.tail))


def test_what_is_added_is_appended_and_nothing_else_is_written(
    session: Session, space: Space, cache: Path, chunk_rows: int
) -> None:
    among = Editions(cache)
    old = opened(session, among)
    before = {path: path.stat().st_mtime_ns for path in old.folder.glob("columns-*")}
    for number in range(40):
        add_track(session, space, f"new-{number}.wav", 1 + number % 7)
        np.testing.assert_array_equal(by_row(opened(session, among)), stored(session, space))
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert len(list(old.folder.glob("rows-*"))) <= 1
    np.testing.assert_array_equal(by_row(old), stored(session, space)[: old.n_rows], "an edition in use stays as it is")
    np.testing.assert_array_equal(by_row(opened(session, Editions(cache))), stored(session, space), "the disk has the same")


def test_rows_that_are_gone_have_no_values_and_no_points(session: Session, space: Space, cache: Path, chunk_rows: int) -> None:
    among = Editions(cache)
    opened(session, among)
    tracks.forget(session, [2])
    collection.add_features(session, space, {3: np.ones((2, space.n_dims))})
    add_track(session, space, "late.wav")
    network = spaces.stored(session, EMBEDDINGS.network)
    expected = stored(session, space)
    live = np.flatnonzero(np.isfinite(expected[:, 0]))
    for one in (among, Editions(cache)):
        table, own = one.rows(session, network), opened(session, one)
        assert table.n_segments == len(live)
        found = one.original_cloud(own, table, 4, 9).inside(None, 10_000)
        assert sorted(found.rows.tolist()) == live.tolist()
        np.testing.assert_array_equal(np.stack([found.x, found.y], 1), expected[found.rows][:, [4, 9]])
    shutil.rmtree(cache)
    np.testing.assert_array_equal(by_row(opened(session, Editions(cache))), expected)


def test_a_projection_grows_by_what_is_placed(session: Session, space: Space, client: FlaskClient) -> None:
    projection = projections.by_method(session, space, "pca")
    before, etag = n_total(client, PCA), client.get(PCA).headers["ETag"]
    track_id = add_track(session, space, "late.wav")
    assert n_total(client, PCA) == before
    collection.add_coordinates(session, projection, {track_id: np.zeros((3, projection.n_dims))})
    session.commit()
    assert n_total(client, PCA) == before + 3
    assert client.get(PCA, headers={"If-None-Match": etag}).status_code == 200


@pytest.fixture
def settled(session: Session, space: Space, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A projection whose settled part is on the disk, with an index."""
    monkeypatch.setattr(editions, "SETTLE_ABOVE", 0)
    monkeypatch.setattr(cloud, "INDEX_FROM", 1)
    Editions(cache).prepare(session, Silent())
    (folder,) = (cache / "projections" / spaces.lineage(space.network)).glob("embeddings-pca-*")
    return folder


def points(session: Session, among: Editions) -> cloud.Found:
    network = spaces.stored(session, EMBEDDINGS.network)
    projection = projections.stored(session, network.space(EMBEDDINGS.layer), "pca")
    projected, table = among.projected(session, network, projection), among.rows(session, network)
    return among.projected_cloud(projected, table, 0, 1).inside((-1e9, 1e9, -1e9, 1e9), 10_000)


def test_a_settled_projection_is_read_from_the_disk_and_takes_what_is_placed(
    session: Session, space: Space, cache: Path, settled: Path
) -> None:
    among = Editions(cache)
    network = spaces.stored(session, EMBEDDINGS.network)
    assert sorted(points(session, among).rows.tolist()) == list(range(network.n_rows))
    opened = among.projected(session, network, projections.stored(session, network.space(EMBEDDINGS.layer), "pca"))
    assert isinstance(opened.settled.rows, np.memmap)
    assert not len(opened.added.rows)
    track_id = add_track(session, space, "late.wav")
    projection = projections.by_method(session, space, "pca")
    collection.add_coordinates(session, projection, {track_id: np.full((3, projection.n_dims), 7.0)})
    tracks.forget(session, [1])
    session.commit()
    found, table = points(session, among), among.rows(session, spaces.stored(session, EMBEDDINGS.network))
    assert sorted(found.rows.tolist()) == np.flatnonzero(table.live).tolist()
    assert (np.diff(cloud.priority(found.rows).astype(np.int64)) > 0).all()
    assert (found.x[found.rows >= network.n_rows] == 7).all()


def test_a_projection_that_grew_much_is_settled_once_by_the_thread_and_then_read_from_there(
    session: Session, space: Space, cache: Path, settled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "SETTLE_ABOVE", 5)
    among, projection = Editions(cache), projections.by_method(session, space, "pca")
    points(session, among)
    may_settle, settle = threading.Event(), coordinates.settle
    began = []
    monkeypatch.setattr(coordinates, "settle", lambda *arguments: (began.append(1), may_settle.wait(60), settle(*arguments)))

    def place(name: str) -> None:
        track_id = add_track(session, space, name)
        collection.add_coordinates(session, projection, {track_id: np.full((3, projection.n_dims), 7.0)})
        session.commit()
        assert len(points(session, among).rows) == space.network.n_rows, "everything is served"

    for number in range(4):
        place(f"late-{number}.wav")
    may_settle.set()
    among._builder.submit(lambda: None).result(60)
    assert len(began) == 1
    place("last.wav")
    ((_, opened),) = among._projected.values()
    assert opened.folder != settled
    assert len(opened.added.rows) <= 9


@pytest.mark.parametrize("damage", ["missing", "truncated", "empty"])
@pytest.mark.parametrize("file", ["rows.npy", "coordinates.npy", "index-order.npy"])
def test_a_damaged_settled_part_is_as_good_as_none(
    session: Session, space: Space, cache: Path, settled: Path, file: str, damage: str
) -> None:
    before = points(session, Editions(cache))
    harm(settled / file, damage)
    after = points(session, Editions(cache))
    assert after.rows.tolist() == before.rows.tolist()
    np.testing.assert_array_equal(after.x, before.x)


@pytest.mark.parametrize("damage", ["missing", "truncated", "empty"])
@pytest.mark.parametrize("pattern", ["rows-*", "columns-*", "manifest.json", "tracks.i8"])
def test_damaged_columns_are_built_again(
    session: Session, space: Space, cache: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, damage: str
) -> None:
    monkeypatch.setattr(columns, "CHUNK_ROWS", 200)
    harm(next(opened(session, Editions(cache)).folder.glob(pattern)), damage)
    np.testing.assert_array_equal(by_row(opened(session, Editions(cache))), stored(session, space))


def harm(file: Path, damage: str) -> None:
    content = file.read_bytes()
    file.unlink()
    if damage != "missing":
        file.write_bytes(content[: len(content) // 2] if damage == "truncated" else b"")


def test_what_a_killed_process_wrote_behind_the_manifest_is_written_again(
    session: Session, space: Space, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "CHUNK_ROWS", 64)
    folder = opened(session, Editions(cache)).folder
    n_before = space.network.n_rows
    manifest, tail = (folder / "manifest.json").read_bytes(), next(folder.glob("rows-*"))
    content = tail.read_bytes()
    add_track(session, space, "late.wav", 150)
    opened(session, Editions(cache))
    # as if it had been killed before the manifest, with half of what follows in the file of rows
    (folder / "manifest.json").write_bytes(manifest)
    tail.write_bytes(content + b"\1" * 999)
    assert columns.open_columns(folder, space.n_dims).n_rows == n_before
    np.testing.assert_array_equal(by_row(opened(session, Editions(cache))), stored(session, space))


def test_a_space_that_grows_much_is_served_as_it_was_until_the_thread_has_built_it(
    session: Session, space: Space, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_before = n_total(client, ORIGINAL)
    monkeypatch.setattr(editions, "QUICK_VALUES", 10)
    add_track(session, space, "late.wav", 50)
    may_build, extend = threading.Event(), columns.extend
    monkeypatch.setattr(columns, "extend", lambda *arguments, **options: may_build.wait(60) and extend(*arguments, **options))
    for _ in range(3):
        assert n_total(client, ORIGINAL) == n_before
    segment = client.get(f"/api/segments/msd-musicnn/{n_before + 9}?revision={space.network.revision}")
    may_build.set()
    assert segment.get_json()["error"]["code"] == "preparing" or segment.get_json()["track"]["title"] == "late"
    wait_for_builder(client)
    assert n_total(client, ORIGINAL) == n_before + 50


def test_the_first_edition_of_a_large_space_is_being_prepared(
    session: Session, space: Space, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "QUICK_VALUES", 10)
    monkeypatch.setattr(editions, "QUICK_POINTS", 10)
    for _ in range(3):  # the projection and its colour are two editions
        response = client.get(PCA)
        wait_for_builder(client)
        if response.status_code == 200:
            break
        assert (response.status_code, response.get_json()["error"]["code"]) == (409, "preparing")
    assert n_total(client, PCA) == space.network.n_rows


def test_what_the_thread_cannot_build_is_said(
    session: Session, space: Space, client: FlaskClient, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "QUICK_VALUES", 10)
    cache.write_text("a file where a folder should be")
    assert client.get(ORIGINAL).get_json()["error"]["code"] == "preparing"
    wait_for_builder(client)
    assert client.get(ORIGINAL).get_json()["error"]["code"] == "cache_unwritable"


def wait_for_builder(client: FlaskClient) -> None:
    client.application.extensions["tagscape.editions"]._builder.submit(lambda: None).result(60)


def test_a_refit_is_another_edition_and_the_former_goes(session: Session, space: Space, cache: Path, settled: Path) -> None:
    projection = projections.by_method(session, space, "pca")
    sizes = dict(features.sizes(session, space.id))
    projection.fitted_at = projection.fitted_at.replace(year=2001)
    projections.forget_every_coordinate(session, projection)
    collection.add_coordinates(session, projection, {i: np.full((n, projection.n_dims), float(i)) for i, n in sizes.items()})
    session.commit()
    among = Editions(cache)
    assert set(points(session, among).x.tolist()) == set(map(float, sizes))
    among.prepare(session, Silent())
    assert not settled.exists()
    assert len(list(settled.parent.glob("embeddings-pca-*"))) == 1
    assert set(points(session, Editions(cache)).x.tolist()) == set(map(float, sizes))


@pytest.mark.parametrize("n_segments", [3, 2], ids=["as many rows", "fewer rows"])
def test_what_was_cached_of_another_past_is_not_taken_for_this_one(
    session: Session, space: Space, cache: Path, n_segments: int
) -> None:
    network_id = space.network_id
    n_before, revision = space.network.n_rows, space.network.revision
    add_track(session, space, "one past.wav")
    opened(session, Editions(cache))
    # a copy of the database is put back, and other music is added
    tracks.forget(session, [collection.at(session, "one past.wav").id])
    session.execute(update(Network).where(Network.id == network_id).values(n_rows=n_before, revision=revision))
    session.commit()
    for number in range(2):
        collection.add_track(session, f"unheard {number}.wav")
    add_track(session, space, "another past.wav", n_segments)
    np.testing.assert_array_equal(by_row(opened(session, Editions(cache))), stored(session, space))


def test_what_was_settled_or_indexed_in_another_past_goes_with_its_columns(
    session: Session, space: Space, cache: Path, settled: Path
) -> None:
    projection = projections.by_method(session, space, "pca")
    n_before, revision, projection_revision = space.network.n_rows, space.network.revision, projection.revision

    def add(name: str, place: float) -> list[int]:
        track_id = add_track(session, space, name)
        collection.add_coordinates(session, projection, {track_id: np.full((3, projection.n_dims), place)})
        session.commit()
        Editions(cache).prepare(session, Silent())
        return [track_id]

    forgotten = add("one past.wav", 7.0)
    index = path_of(cache, spaces.lineage(space.network), space.layer, space.network.n_rows)
    index.parent.mkdir()
    index.touch()
    # a copy of the database is put back, and other music is added
    tracks.forget(session, forgotten)
    session.execute(update(Network).where(Network.id == space.network_id).values(n_rows=n_before, revision=revision))
    session.execute(update(Projection).where(Projection.id == projection.id).values(revision=projection_revision))
    session.commit()
    session.refresh(projection)
    collection.add_track(session, "unheard.wav")
    add("another past.wav", 9.0)
    found = points(session, Editions(cache))
    assert set(found.x[found.rows >= n_before].tolist()) == {9.0}
    assert not index.exists()


def test_an_older_view_of_the_rows_takes_nothing_away_from_a_newer_one(session: Session, space: Space, cache: Path) -> None:
    among = Editions(cache)
    network = spaces.stored(session, EMBEDDINGS.network)
    table = among.rows(session, network)
    add_track(session, space, "late.wav")
    newer = opened(session, among)
    # a request that read the database before the commit, and comes here after one that read it later
    older = Editions(cache)
    older._tables[network.name] = table
    found = older.columns(session, network, EMBEDDINGS.layer)
    assert found.made == newer.made
    assert older.original_cloud(found, table, 0, 1).inside(None, 10_000).n_inside == table.n_segments
    np.testing.assert_array_equal(by_row(opened(session, among)), stored(session, space))


def test_what_belongs_to_other_weights_is_removed_by_the_next_command(session: Session, space: Space, cache: Path) -> None:
    old = opened(session, Editions(cache)).folder
    space.network.weights_sha256 = "1" * 64
    session.commit()
    Editions(cache).prepare(session, Silent())
    assert not old.exists()
    assert [folder.name for folder in (cache / "spaces").iterdir()] == [spaces.lineage(space.network)]


def test_the_cache_may_be_deleted_while_the_server_runs(session: Session, space: Space, cache: Path, client: FlaskClient) -> None:
    before = client.get(PCA).data
    shutil.rmtree(cache)
    assert client.get(PCA).data == before
    assert client.get("/api/segments/msd-musicnn/3?revision=1").status_code == 200
    add_track(session, space, "late.wav")
    assert n_total(client, ORIGINAL) == space.network.n_rows


def test_a_space_without_features_says_what_to_run(session: Session, cache: Path) -> None:
    collection.add_network(session, "msd-vgg")
    with pytest.raises(NotReadyError, match="flask extract-all --networks msd-vgg"):
        Editions(cache).columns(session, spaces.stored(session, "msd-vgg"), EMBEDDINGS.layer)
    assert not (cache / "spaces").exists()


def test_a_cache_that_cannot_be_written_is_said(session: Session, space: Space, cache: Path) -> None:
    cache.write_text("a file where a folder should be")
    with pytest.raises(MachineError, match="cannot be written"):
        opened(session, Editions(cache))


def build(environment: dict[str, str], barrier: object, results: object) -> None:
    with create_app(environment).app_context():
        session = database.session()
        among = Editions(Path(environment["TAGSCAPE_INSTANCE_PATH"]) / "cache")
        barrier.wait()
        results.put(int(by_row(opened(session, among)).view(np.uint32).sum()))


def test_processes_that_build_at_once_agree(session: Session, space: Space, environment: dict[str, str], cache: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(2), context.Queue()
    builders = [context.Process(target=build, args=(environment, barrier, results)) for _ in range(2)]
    for builder in builders:
        builder.start()
    sums = {results.get(timeout=60) for _ in builders}
    for builder in builders:
        builder.join()
    assert sums == {int(stored(session, space).view(np.uint32).sum())}


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
