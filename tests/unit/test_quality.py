import numpy as np
import pytest

from app.projections.quality import Ruler
from app.projections.vectors import Vectors

LINE = np.array([[0.0], [1.0], [3.0], [7.0], [15.0]])


def on_a_plane(x: object) -> np.ndarray:
    return np.column_stack([np.ravel(x), np.zeros(np.size(x))]).astype(np.float32)


def test_a_map_that_is_the_space_is_perfect() -> None:
    quality = Ruler(Vectors.of(LINE)).measure(on_a_plane(LINE))
    assert quality == {"trustworthiness": 1.0, "neighbours_kept": 1.0, "k": 2, "n_sampled": 5}


def test_figures_of_a_map_with_two_points_exchanged_are_those_of_paper_and_pencil() -> None:
    # map neighbours that are none in the space, by rank there: 3, 4, 4, 3, so 1 + 2 + 2 + 1 = 6 too far; T = 1 - 2 / (5·2·3) · 6
    quality = Ruler(Vectors.of(LINE)).measure(on_a_plane([15.0, 1.0, 3.0, 7.0, 0.0]))
    assert quality["trustworthiness"] == pytest.approx(0.6)
    assert quality["neighbours_kept"] == pytest.approx(0.6)


def test_a_random_map_keeps_neighbours_by_chance_only() -> None:
    random = np.random.default_rng(0)
    quality = Ruler(Vectors.of(random.normal(size=(600, 5)))).measure(random.normal(size=(600, 2)).astype(np.float32))
    assert quality["neighbours_kept"] < 0.05
    assert 0.4 < quality["trustworthiness"] < 0.6


def test_neighbours_are_looked_for_among_all_segments_though_only_a_sample_asks() -> None:
    x = np.random.default_rng(0).permutation(2500).astype(np.float64)[:, None] ** 1.1
    blocks = np.array_split(x, 3)
    quality = Ruler(Vectors(lambda: blocks, *x.shape), random_state=1).measure(on_a_plane(x))
    assert quality["n_sampled"] == 2000
    assert quality["neighbours_kept"] == 1.0


def test_the_same_seed_takes_the_same_sample() -> None:
    vectors = Vectors.of(np.random.default_rng(0).normal(size=(2500, 3)))
    np.testing.assert_array_equal(Ruler(vectors, 1).rows, Ruler(vectors, 1).rows)
    assert (Ruler(vectors, 1).rows != Ruler(vectors, 2).rows).any()


@pytest.mark.parametrize("n", [1, 2])
def test_two_segments_have_no_quality(n: int) -> None:
    assert Ruler(Vectors.of(LINE[:n])).measure(on_a_plane(LINE[:n])) == {}
