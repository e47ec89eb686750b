import numpy as np
from numpy.typing import NDArray

from app.projections import knn


def brute(reference: NDArray[np.float32], queries: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.linalg.norm(queries[:, None].astype(np.float64) - reference[None], axis=2)


def told(n: float = 1) -> None:
    pass


def test_neighbours_are_those_of_all_distances() -> None:
    random = np.random.default_rng(0)
    reference, queries = (random.normal(size=(n, 6)).astype(np.float32) for n in (700, 90))
    rows, distances = knn.nearest(reference, queries, 8)
    every = brute(reference, queries)
    np.testing.assert_array_equal(rows, every.argsort(axis=1)[:, :8])
    np.testing.assert_allclose(distances, np.sort(every, axis=1)[:, :8], rtol=1e-5)


def test_neighbours_far_from_the_origin_keep_their_order() -> None:
    random = np.random.default_rng(1)
    points = (random.normal(size=(300, 3)) + 500).astype(np.float32)
    rows, _ = knn.among(points, 3, told)
    every = brute(points, points)
    np.fill_diagonal(every, np.inf)
    np.testing.assert_array_equal(rows, every.argsort(axis=1)[:, :3])


def test_a_point_is_not_its_own_neighbour_even_among_equals() -> None:
    points = np.repeat(np.eye(3, dtype=np.float32), 40, axis=0)
    rows, distances = knn.among(points, 5, told)
    assert not (rows == np.arange(120)[:, None]).any()
    assert not distances.any()
    np.testing.assert_array_equal(rows // 40, np.repeat(np.arange(3), 40)[:, None].repeat(5, axis=1))


def test_there_are_no_more_neighbours_than_points() -> None:
    points = np.eye(3, dtype=np.float32)
    assert knn.among(points, 10, told)[0].shape == (3, 2)
    assert knn.nearest(points, points[:1], 10)[0].shape == (1, 3)
    assert knn.among(points[:1], 10, told)[0].shape == (1, 0)
