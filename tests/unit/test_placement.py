import numpy as np

from app.projections import placement

RANDOM = np.random.default_rng(0)
FITTED = RANDOM.normal(size=(200, 8)).astype(np.float32)
PLACES = RANDOM.uniform(-50, 50, size=(200, 2)).astype(np.float32)


def test_a_segment_equal_to_a_fitted_one_lies_exactly_there() -> None:
    np.testing.assert_array_equal(placement.place(FITTED, PLACES, FITTED[[3, 77]]), PLACES[[3, 77]])


def test_a_segment_lies_among_the_neighbours_that_lie_together() -> None:
    fitted = np.arange(20, dtype=np.float32)[:, None]
    places = np.column_stack([fitted, 0 * fitted])
    places[7] = 1000
    x, y = placement.place(fitted, places, np.array([[5.4]], np.float32))[0]
    assert 4 < x < 6
    assert y == 0


def test_a_segment_between_two_clusters_is_put_into_one_of_them() -> None:
    fitted = np.concatenate([np.linspace(0, 1, 50), np.linspace(3, 4, 50)])[:, None].astype(np.float32)
    places = np.concatenate([np.linspace(0, 1, 50), np.linspace(100, 101, 50)])[:, None].repeat(2, axis=1).astype(np.float32)
    x = placement.place(fitted, places, np.array([[1.99], [2.01]], np.float32))[:, 0]
    assert 0 <= x[0] <= 1
    assert 100 <= x[1] <= 101


def test_how_a_segment_is_placed_does_not_depend_on_the_others() -> None:
    new = RANDOM.normal(size=(30, 8)).astype(np.float32)
    together = placement.place(FITTED, PLACES, new)
    alone = np.concatenate([placement.place(FITTED, PLACES, one[None]) for one in new])
    np.testing.assert_allclose(together, alone, rtol=1e-5)


def test_a_projection_of_one_segment_takes_others_in() -> None:
    np.testing.assert_array_equal(placement.place(FITTED[:1], PLACES[:1], FITTED[1:3]), PLACES[[0, 0]])


def test_no_new_segments_are_no_places() -> None:
    assert placement.place(FITTED, PLACES, FITTED[:0]).shape == (0, 2)
