"""What regions are called, and when a name changes."""

from dataclasses import replace

import numpy as np
import pytest

from app.regions import crowd, names
from app.regions.crowd import Crowd
from app.regions.names import Names
from app.regions.sums import Sums
from app.regions.tree import Regions

ROCK, JAZZ, LIVE = range(3)
OVERALL = [0.10, 0.10, 0.10]


def regions(*parents: int) -> Regions:
    n = len(parents)
    numbers = np.arange(n, dtype=np.int32)
    level = np.array([0 if parent < 0 else 1 for parent in parents], np.int32)
    return Regions(numbers, numbers + 1, np.array(parents, np.int32), level, np.zeros(n), np.zeros(n))


def sums(*parts: list[tuple[float, float]]) -> Sums:
    """Of regions with a hundred segments each, by (mean rank, mean activation) of each tag."""
    both = np.array(parts, np.float64)
    return Sums(np.full(len(parts), 100.0), both[:, :, 0] * 100, both[:, :, 1] * 100, np.zeros(both.shape[:2]))


def collection() -> Sums:
    return Sums(np.array([1000.0]), np.full((1, 3), 500.0), np.array([OVERALL]) * 1000, np.zeros((1, 3)))


def mixed(n: int) -> Crowd:
    """Ten tracks in each region."""
    return replace(Crowd.nothing(n), n_segments=np.full(n, 100), n_tracks=np.full(n, 10), squares=np.full(n, 1000.0))


def given(of: Regions, values: Sums, old: Names | None = None) -> Names:
    return names.give(of, values, mixed(len(of)), collection(), old)


def test_the_tag_that_stands_out_most_names_a_region() -> None:
    found = given(regions(-1), sums([(0.9, 0.5), (0.95, 0.12), (0.5, 0.6)]))
    assert found.words[0].tolist() == [ROCK, -1], "live is louder but no rarer elsewhere; jazz is rarer but weak"
    assert found.named.tolist() == [True]


@pytest.mark.parametrize("weak", [(0.69, 0.5), (0.9, 0.049)])
def test_a_tag_with_too_low_a_rank_or_too_weak_names_nothing(weak: tuple[float, float]) -> None:
    found = given(regions(-1), sums([weak, (0.5, 0.1), (0.5, 0.1)]))
    assert found.words[0].tolist() == [-1, -1]
    assert found.named.tolist() == [False]


@pytest.mark.parametrize(("second", "words"), [(0.32, [ROCK, JAZZ]), (0.2, [ROCK, -1])])
def test_a_second_word_joins_where_it_is_not_far_behind(second: float, words: list[int]) -> None:
    # .5 ln 5 = .80; .32 ln 3.2 = .37; .2 ln 2 = .14
    assert given(regions(-1), sums([(0.9, 0.5), (0.8, second), (0.5, 0.1)])).words[0].tolist() == words


def test_a_child_that_would_repeat_its_parent_is_named_by_what_sets_it_apart() -> None:
    parent, child = [(0.9, 0.5), (0.6, 0.1), (0.5, 0.1)], [(0.92, 0.52), (0.75, 0.2), (0.5, 0.1)]
    found = given(regions(-1, 0), sums(parent, child))
    assert found.words.tolist() == [[ROCK, -1], [JAZZ, -1]]
    assert found.against_parent.tolist() == [False, True]


def test_a_child_that_nothing_sets_apart_is_called_as_its_parent() -> None:
    same = [(0.9, 0.5), (0.6, 0.1), (0.5, 0.1)]
    found = given(regions(-1, 0), sums(same, same))
    assert found.words.tolist() == [[ROCK, -1], [ROCK, -1]]
    assert found.against_parent.tolist() == [False, False]


@pytest.mark.parametrize(
    ("rank", "rival", "first"),
    [
        (0.66, 0.30, ROCK),  # .30 ln 3 = .33 is no 1.25 times .3 ln 3
        (0.64, 0.30, JAZZ),  # the old name no longer holds
        (0.90, 0.40, JAZZ),  # .4 ln 4 = .55
    ],
)
def test_a_name_is_kept_while_it_holds_and_nothing_else_is_much_better(rank: float, rival: float, first: int) -> None:
    old = Names(np.array([[ROCK, -1]], np.int16), np.array([False]), np.array([0]))
    assert given(regions(-1), sums([(rank, 0.3), (0.9, rival), (0.5, 0.1)]), old).words[0, 0] == first


@pytest.mark.parametrize(("third", "second"), [(0.1, -1), (0.2, LIVE)])
def test_a_second_word_that_no_longer_holds_leaves_the_first_where_it_is(third: float, second: int) -> None:
    old = Names(np.array([[ROCK, JAZZ]], np.int16), np.array([False]), np.array([0]))
    found = given(regions(-1), sums([(0.66, 0.2), (0.6, 0.3), (0.8, third)]), old)
    assert found.words[0].tolist() == [ROCK, second]


def test_a_name_by_contrast_is_kept_too() -> None:
    parent = [(0.9, 0.5), (0.6, 0.1), (0.6, 0.1)]
    old = Names(np.array([[ROCK, -1], [JAZZ, -1]], np.int16), np.array([False, True]), np.array([0, 0]))
    found = given(regions(-1, 0), sums(parent, [(0.92, 0.52), (0.68, 0.20), (0.75, 0.21)]), old)
    assert found.words[1].tolist() == [JAZZ, -1]
    assert found.against_parent[1]


def counted(*segments: tuple[int, int]) -> Crowd:
    """One region of (track, segments)."""
    track_ids = np.repeat([track for track, _ in segments], [n for _, n in segments])
    return crowd.count(regions(-1), 1, np.zeros(len(track_ids), np.int32), track_ids)


def test_effective_tracks_are_as_many_as_equal_ones_would_be() -> None:
    assert counted((5, 10)).effective_tracks.tolist() == [1]
    assert counted((5, 10), (7, 10), (9, 10)).effective_tracks.tolist() == [3]
    assert counted((5, 90), (7, 10)).effective_tracks[0] == pytest.approx(100**2 / (90**2 + 10**2))


def test_a_region_of_one_track_is_called_by_it_and_keeps_that_name_for_a_while() -> None:
    of, values = regions(-1), sums([(0.9, 0.5), (0.5, 0.1), (0.5, 0.1)])
    first = names.give(of, values, counted((5, 90), (7, 10)), collection())
    assert first.track.tolist() == [5]
    mingled = counted((5, 90), (7, 10), (8, 15))  # 1.57 effective tracks
    assert names.give(of, values, mingled, collection()).track.tolist() == [0]
    assert names.give(of, values, mingled, collection(), first).track.tolist() == [5]
    assert names.give(of, values, counted((5, 50), (7, 50)), collection(), first).track.tolist() == [0]


def test_counts_of_other_tracks_add_up() -> None:
    both = counted((5, 30), (7, 40)) + counted((9, 60))
    whole = counted((5, 30), (7, 40), (9, 60))
    for field in ("n_segments", "n_tracks", "squares", "top_track", "top_segments"):
        assert getattr(both, field).tolist() == getattr(whole, field).tolist()


def test_tracks_are_counted_in_every_region_that_has_their_basins() -> None:
    of = Regions(*(np.array(part, np.int32) for part in ([0, 0, 1], [3, 1, 3], [-1, 0, 0], [0, 1, 1])), np.zeros(3), np.zeros(3))
    found = crowd.count(of, 4, np.array([0, 0, 2, 3, 1], np.int32), np.array([1, 1, 1, 2, 2]))
    assert found.n_segments.tolist() == [4, 2, 2]
    assert found.n_tracks.tolist() == [2, 1, 2]
    assert found.top_track.tolist() == [1, 1, 1]
