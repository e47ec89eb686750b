from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskCliRunner
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.cache.editions import Editions
from app.core.errors import CorruptError, MachineError, NotFoundError, NotReadyError
from app.core.spaces import Layer
from app.explore import neighbours
from app.neighbours import index as similarity
from app.neighbours.index import SimilarityIndex
from app.projections.vectors import Vectors
from app.store import features, spaces, tracks
from app.store.tables import Space
from tests.collection import add_features, add_network, add_track

N_TRACKS, N_SEGMENTS = 12, 8


@pytest.fixture
def space(session: Session) -> Space:
    """Embeddings, and activations beside them, of 12 tracks of 8 segments."""
    random = np.random.default_rng(0)
    of_layer = add_network(session, "msd-musicnn")
    for number in range(N_TRACKS):
        track = add_track(session, f"{number}.mp3")
        for layer in of_layer.values():
            add_features(session, layer, {track.id: 3 + random.normal(size=(N_SEGMENTS, layer.n_dims))})
    session.commit()
    return of_layer[Layer.EMBEDDINGS]


@pytest.fixture
def cache(environment: dict[str, str]) -> Path:
    return Path(environment["TAGSCAPE_INSTANCE_PATH"]) / "cache"


@pytest.fixture
def indexed(space: Space, runner: FlaskCliRunner) -> Space:
    result = runner.invoke(args=["index-all-embeddings"])
    assert result.exit_code == 0, result.output
    assert "1 spaces indexed, 0 skipped, 0 failed" in result.output
    return space


def nearest(
    session: Session, cache: Path, space: Space, row: int, k: int, *, same_track: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    network = spaces.stored(session, space.network.name)
    options = {"revision": network.revision, "same_track": same_track}
    return neighbours.nearest(session, Editions(cache), network, Layer(space.layer), row, k, **options)


def cosines(session: Session, space: Space) -> NDArray[np.float64]:
    """Similarities of all segments with all, in float64."""
    stored = np.concatenate([block.vectors for block in features.blocks(session, space)]).astype(np.float64)
    stored /= np.linalg.norm(stored, axis=1, keepdims=True)
    return stored @ stored.T


def test_neighbours_are_the_most_similar_segments_of_other_tracks(session: Session, indexed: Space, cache: Path) -> None:
    expected = cosines(session, indexed)
    for row in (0, 17, N_TRACKS * N_SEGMENTS - 1):
        own = slice(row // N_SEGMENTS * N_SEGMENTS, (row // N_SEGMENTS + 1) * N_SEGMENTS)
        of_others = expected[row].copy()
        of_others[own] = -np.inf
        rows, similarities = nearest(session, cache, indexed, row, 20)
        np.testing.assert_array_equal(rows, np.argsort(-of_others)[:20])
        np.testing.assert_allclose(similarities, np.sort(of_others)[::-1][:20], atol=1e-6)


def test_neighbours_in_the_same_track_are_given_when_asked_for_but_never_the_segment_itself(
    session: Session, indexed: Space, cache: Path
) -> None:
    expected = cosines(session, indexed)[9]
    expected[9] = -np.inf
    rows, _ = nearest(session, cache, indexed, 9, 200, same_track=True)
    np.testing.assert_array_equal(rows, np.argsort(-expected)[:-1])


def test_a_space_that_is_not_indexed_names_the_next_command(session: Session, space: Space, cache: Path) -> None:
    with pytest.raises(NotReadyError, match="flask index-all-embeddings"):
        nearest(session, cache, space, 0, 5)


def test_new_segments_find_their_neighbours_among_what_is_indexed_until_they_are_indexed_too(
    session: Session, indexed: Space, cache: Path, runner: FlaskCliRunner
) -> None:
    before = set((cache / "neighbours").iterdir())
    (known,) = features.read(session, indexed, 3)[:1]
    late = add_track(session, "late.mp3")
    add_features(session, indexed, {late.id: np.stack([known, known + 0.01])})
    session.commit()
    row = N_TRACKS * N_SEGMENTS
    assert nearest(session, cache, indexed, row, 1)[0].tolist() == [2 * N_SEGMENTS]
    assert row not in nearest(session, cache, indexed, 2 * N_SEGMENTS, 200)[0]
    assert "1 spaces indexed" in runner.invoke(args=["index-all-embeddings"]).output
    assert nearest(session, cache, indexed, 2 * N_SEGMENTS, 1)[0].tolist() == [row]
    after = set((cache / "neighbours").iterdir())
    assert len(after) == 1
    assert not after & before


@pytest.mark.parametrize("is_indexed_again", [False, True])
def test_rows_that_are_gone_are_nobodys_neighbours(
    session: Session, indexed: Space, cache: Path, runner: FlaskCliRunner, is_indexed_again: bool
) -> None:
    add_features(session, indexed, {1: np.random.default_rng(5).normal(size=(3, indexed.n_dims))})
    tracks.forget(session, [5])
    session.commit()
    if is_indexed_again:
        runner.invoke(args=["index-all-embeddings"])
    found = set(nearest(session, cache, indexed, 20, 200, same_track=True)[0].tolist())
    gone = {*range(N_SEGMENTS), *range(4 * N_SEGMENTS, 5 * N_SEGMENTS)}
    new = set(range(N_TRACKS * N_SEGMENTS, N_TRACKS * N_SEGMENTS + 3))
    assert found == set(range(N_TRACKS * N_SEGMENTS)) - gone - {20} | (new if is_indexed_again else set())


def test_a_second_run_does_nothing(indexed: Space, runner: FlaskCliRunner) -> None:
    assert "0 spaces indexed, 1 skipped, 0 failed" in runner.invoke(args=["index-all-embeddings"]).output


def test_a_row_that_does_not_exist_is_not_found(session: Session, indexed: Space, cache: Path) -> None:
    with pytest.raises(NotFoundError):
        nearest(session, cache, indexed, N_TRACKS * N_SEGMENTS, 5)


def test_nothing_to_index_names_the_next_command(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["index-all-embeddings"])
    assert result.exit_code == 4
    assert "flask extract-all" in result.output


def test_a_damaged_index_says_how_to_mend_it(session: Session, indexed: Space, cache: Path) -> None:
    path = similarity.path_of(cache, spaces.lineage(indexed.network), indexed.layer, indexed.network.n_rows)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(CorruptError, match="Delete the cache folder"):
        SimilarityIndex(path)


def test_a_cache_that_cannot_be_written_is_an_error_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "neighbours").write_text("a file where the folder should be")
    index = similarity.build(Vectors.of(np.eye(4)))
    with pytest.raises(MachineError, match="cannot be written"):
        similarity.write(index, similarity.path_of(tmp_path, "a@1", "embeddings", 4))


def test_a_silent_vector_is_like_no_other(tmp_path: Path) -> None:
    vectors = np.vstack([np.zeros((1, 4)), np.eye(4)])
    similarity.write(similarity.build(Vectors.of(vectors)), tmp_path / "index.faiss")
    index = SimilarityIndex(tmp_path / "index.faiss")
    np.testing.assert_array_equal(index.search(vectors[0], 4, range(1))[1], np.zeros(4))
    rows, similarities = index.search(vectors[1], 4, range(1, 2))
    assert len(rows) == 4
    np.testing.assert_array_equal(similarities, np.zeros(4))


def test_the_index_of_a_large_space_finds_what_comparing_all_finds(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    centres = random.normal(size=(80, 32))
    vectors = (np.repeat(centres, 100, axis=0) + 0.5 * random.normal(size=(8000, 32))).astype(np.float16)
    found = {}
    for name, limit in (("exact", 8000), ("lists", 7999)):
        similarity.write(similarity.build(Vectors.of(vectors), exact_segments=limit), tmp_path / name)
        index = SimilarityIndex(tmp_path / name)
        found[name] = [index.search(vectors[row], 20, range(row // 10 * 10, row // 10 * 10 + 10)) for row in range(0, 8000, 80)]
    kept = [len(set(exact) & set(lists)) / 20 for (exact, _), (lists, _) in zip(found["exact"], found["lists"], strict=True)]
    assert np.mean(kept) > 0.95
    for (_, exact), (_, lists) in zip(found["exact"], found["lists"], strict=True):
        np.testing.assert_allclose(lists[0], exact[0], atol=2e-3)
    for row, (rows, _) in zip(range(0, 8000, 80), found["lists"], strict=True):
        assert not set(rows) & set(range(row // 10 * 10, row // 10 * 10 + 10)), "excluded rows are filtered in lists too"
    assert (tmp_path / "lists").stat().st_size < (tmp_path / "exact").stat().st_size
