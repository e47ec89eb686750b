import numpy as np
import pytest

from app.explore.listening import choosing, path


def test_the_aim_is_the_present_segment_with_a_share_of_the_last_five() -> None:
    recent = np.eye(7, dtype=np.float32)
    expected = [0, 0, 0.06, 0.06, 0.06, 0.06, 0.76]
    np.testing.assert_allclose(choosing.aim(recent), expected, atol=1e-6)


def test_one_percent_of_cosine_distance_parts_the_same_music_from_another() -> None:
    def at(distance: float) -> list[float]:
        return [1 - distance, np.sqrt(1 - (1 - distance) ** 2)]

    played = np.array([[0, -1], [1, 0]], np.float32)
    candidates = np.array([at(0), at(0.0098), at(0.0102), [0, -1]], np.float32)
    assert choosing.distinct(candidates, played).tolist() == [False, False, True, False], "any of those that played counts"


def test_the_rules_are_given_up_artists_first_and_the_present_track_never_follows_itself() -> None:
    found = list(choosing.windows())
    assert found[:4] == [(20, 3), (20, 2), (20, 1), (20, 0)]
    assert found[4:] == [(10, 0), (5, 0), (2, 0), (1, 0)]


@pytest.mark.parametrize(("nearness", "low", "high"), [(1.0, 0.0, 0.2), (0.5, 0.4, 0.6), (0.0, 0.8, 1.0)])
def test_near_and_far_choose_from_that_end_of_the_neighbours(nearness: float, low: float, high: float) -> None:
    similarities = np.linspace(0.9, 0.8, 50, dtype=np.float32)
    chosen = [choosing.by_chance(similarities, nearness, seed, [1, 2]) for seed in range(400)]
    assert low <= np.mean(chosen) / 49 <= high


def test_the_same_seed_after_the_same_rows_chooses_the_same_and_no_other_need() -> None:
    similarities = np.linspace(0.9, 0.8, 50, dtype=np.float32)
    first = [choosing.by_chance(similarities, 0.5, 3, [row]) for row in range(30)]
    assert first == [choosing.by_chance(similarities, 0.5, 3, [row]) for row in range(30)]
    assert len(set(first)) > 10, "other rows choose otherwise"
    assert first != [choosing.by_chance(similarities, 0.5, 4, [row]) for row in range(30)]


def test_neighbours_that_are_all_as_near_can_be_chosen_from() -> None:
    assert choosing.by_chance(np.full(3, 0.5, np.float32), 1.0, 0, [0]) in range(3)


def test_the_steps_between_two_vectors_are_equal_angles() -> None:
    start, end = np.array([1, 0, 0], np.float32), np.array([0, 1, 0], np.float32)
    steps = path.between(start, end, 2)
    angles = np.degrees(np.arctan2(steps[:, 1], steps[:, 0]))
    np.testing.assert_allclose(angles, [30, 60], atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(steps, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("end", [[1, 0], [-1, 0]])
def test_between_two_that_are_alike_or_opposite_every_step_is_a_number(end: list[float]) -> None:
    assert np.isfinite(path.between(np.array([1, 0], np.float32), np.array(end, np.float32), 3)).all()
