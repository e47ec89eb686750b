"""Regions as a whole: what a map of known clumps is called, and how little changes when it grows."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from app.core.ranks import counted
from app.regions import arrays, fit
from app.regions.fit import Counted, Fitted, PlacedSegments

N_TAGS = 6


class Music:
    """Clumps on a map, each loud in the tag of its number; tracks of twenty segments."""

    def __init__(self, n_tracks: int, seed: int) -> None:
        random = np.random.default_rng(seed)
        self.clump = np.repeat(random.integers(0, N_TAGS, n_tracks), 20)
        angle = self.clump * 2 * np.pi / N_TAGS
        places = np.stack([np.cos(angle), np.sin(angle)]) * 10 + random.normal(size=(2, len(angle)))
        self.points = PlacedSegments(*places.astype(np.float32), np.repeat(np.arange(n_tracks) + 1000 * seed, 20))
        own = np.arange(N_TAGS)[:, None] == self.clump
        self.values = np.where(own, random.uniform(0.3, 0.8, own.shape), random.uniform(0, 0.1, own.shape)).astype(np.float16)

    @property
    def shares(self) -> np.ndarray:
        return np.stack([counted(tag).share for tag in self.values])

    @property
    def tags(self) -> Callable[[np.ndarray], Iterator[tuple[np.ndarray, np.ndarray]]]:
        def read(parts: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
            for first in range(0, len(parts), 1000):
                block = slice(first, first + 1000)
                yield parts[block], self.values[:, block].view(np.uint16)

        return read


@pytest.fixture(scope="module")
def music() -> Music:
    return Music(200, 1)


@pytest.fixture(scope="module")
def fitted(music: Music) -> tuple[Fitted, Counted]:
    return fit.fit(music.points, music.shares, music.tags)


def test_a_clump_is_called_by_its_tag(music: Music, fitted: tuple[Fitted, Counted]) -> None:
    regions, first = fitted[0].regions, fitted[1].names.words[:, 0]
    outermost = np.flatnonzero(regions.level == 0)
    assert set(first[outermost].tolist()) == set(range(N_TAGS))
    basins = fitted[0].grid.basins(music.points.x, music.points.y)
    for region in outermost.tolist():
        inside = (basins >= regions.first[region]) & (basins < regions.end[region])
        assert (music.clump[inside] == first[region]).mean() > 0.95


def test_every_segment_lies_in_one_outermost_region_and_is_counted_there(music: Music, fitted: tuple[Fitted, Counted]) -> None:
    regions, grown = fitted[0].regions, fitted[1]
    assert grown.crowd.n_segments[regions.level == 0].sum() == len(music.clump) == grown.n_points
    assert grown.sums.n[regions.level == 0].sum() == grown.collection.n[0]


def test_adding_in_parts_is_adding_at_once(fitted: tuple[Fitted, Counted]) -> None:
    one, two = Music(30, 2), Music(30, 3)
    frozen, before = fitted
    stepwise = fit.add(frozen, fit.add(frozen, before, one.points, one.tags), two.points, two.tags)
    assert stepwise.n_points == before.n_points + 1200
    both = PlacedSegments(
        *(np.concatenate(pair) for pair in zip(vars(one.points).values(), vars(two.points).values(), strict=True))
    )
    one.values = np.concatenate([one.values, two.values], axis=1)
    at_once = fit.add(frozen, before, both, one.tags)
    for name, array in arrays.counted_arrays(at_once).items():
        assert array == pytest.approx(arrays.counted_arrays(stepwise)[name]), name


def test_names_stay_when_a_tenth_is_added(fitted: tuple[Fitted, Counted]) -> None:
    frozen, before = fitted
    more = Music(20, 4)
    after = fit.add(frozen, before, more.points, more.tags)
    assert (after.names.words[:, 0] == before.names.words[:, 0]).mean() > 0.97


def test_a_region_that_becomes_something_else_is_renamed(fitted: tuple[Fitted, Counted]) -> None:
    frozen, before = fitted
    region = int(np.flatnonzero(before.names.words[:, 0] == 0)[0])
    flood = Music(200, 5)
    flood.points.x[:], flood.points.y[:] = frozen.regions.x[region], frozen.regions.y[region]
    flood.values[:] = 0.01
    flood.values[3] = 0.7
    after = fit.add(frozen, before, flood.points, flood.tags)
    assert after.names.words[region, 0] == 3


def test_counting_anew_forgets_what_is_gone_and_keeps_names(music: Music, fitted: tuple[Fitted, Counted]) -> None:
    frozen, before = fitted
    again = fit.recount(frozen, before, music.points, music.tags)
    assert again.n_points == before.n_points
    assert again.sums.ranks == pytest.approx(before.sums.ranks)
    assert again.names.words.tolist() == before.names.words.tolist()


def test_what_is_stored_gives_the_same_regions(fitted: tuple[Fitted, Counted]) -> None:
    frozen, grown = fitted
    back = arrays.fitted_of(arrays.fitted_arrays(frozen))
    assert back.grid.lattice == frozen.grid.lattice
    assert (back.grid.of_cell == frozen.grid.of_cell).all()
    assert np.isnan(back.shares).tolist() == np.isnan(frozen.shares).tolist()
    assert np.nan_to_num(back.shares) == pytest.approx(np.nan_to_num(frozen.shares), abs=1e-5)
    more = Music(10, 6)
    before = arrays.counted_of(arrays.counted_arrays(grown))
    one, two = fit.add(back, before, more.points, more.tags), fit.add(frozen, grown, more.points, more.tags)
    assert one.names.words.tolist() == two.names.words.tolist()
    assert one.sums.ranks == pytest.approx(two.sums.ranks, abs=0.1)


def test_a_map_of_one_point_and_of_points_that_are_all_equal_has_regions() -> None:
    few = Music(1, 7)
    few.points.x[:] = few.points.y[:] = 1.5
    frozen, grown = fit.fit(few.points, few.shares, few.tags)
    assert len(frozen.regions) == 1
    assert grown.crowd.n_segments.tolist() == [20]
    assert grown.names.track.tolist() == [7000]
    few.values = few.values[:, :1]
    single = PlacedSegments(few.points.x[:1], few.points.y[:1], few.points.track_ids[:1])
    assert len(fit.fit(single, few.shares, few.tags)[0].regions) == 0
