"""From basins to nested regions."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, ward

from app.regions import tree
from app.regions.basins import Basins
from app.regions.lattice import SIDE, Lattice
from app.regions.merging import Merges, merge
from app.regions.tree import Grid

EVERY_PAIR = np.array([[a, b] for a in range(12) for b in range(a + 1, 12)])


def parts_of(merges: Merges, n_parts: int) -> set[frozenset[int]]:
    place, first, end = merges.order()
    at = np.argsort(place)
    return {frozenset(at[first[node] : end[node]].tolist()) for node in merges.nodes_at(n_parts)}


def test_merges_are_those_of_ward_where_all_are_neighbours() -> None:
    means = np.random.default_rng(4).normal(size=(12, 5))
    merges = merge(np.ones(12), means, EVERY_PAIR)
    for n_parts in range(1, 13):
        labels = fcluster(ward(means), n_parts, "maxclust")
        assert parts_of(merges, n_parts) == {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels)}


def test_a_leaf_of_weight_two_counts_as_two_leaves() -> None:
    means = np.array([[0.0], [3.0], [3.0], [5.2]])
    single = merge(np.ones(4), means, EVERY_PAIR[(EVERY_PAIR < 4).all(axis=1)])
    double = merge(np.array([1.0, 2, 1]), means[[0, 1, 3]], np.array([[0, 1], [0, 2], [1, 2]]))
    assert parts_of(single, 2) == {frozenset({0}), frozenset({1, 2, 3})}
    assert parts_of(double, 2) == {frozenset({0}), frozenset({1, 2})}


def test_only_neighbours_are_merged() -> None:
    # 0 and 2 are alike, but 1 lies between them
    merges = merge(np.ones(3), np.array([[0.0], [9.0], [0.1]]), np.array([[0, 1], [1, 2]]))
    assert frozenset({0, 2}) not in parts_of(merges, 2)


def test_what_weighs_nothing_is_merged_first() -> None:
    merges = merge(np.array([5.0, 0, 5]), np.array([[0.1], [0.9], [0.2]]), np.array([[0, 1], [1, 2]]))
    assert len(merges.pairs) == 2
    assert 1 in merges.pairs[0]


def test_parts_are_nested_and_their_leaves_follow_each_other() -> None:
    random = np.random.default_rng(5)
    line = np.stack([np.arange(199), np.arange(1, 200)], axis=1)
    merges = merge(random.integers(1, 50, 200).astype(float), random.normal(size=(200, 8)), line)
    assert len(parts_of(merges, 1)) == 1
    for n_parts in (2, 8, 32, 128):
        coarse, fine = parts_of(merges, n_parts), parts_of(merges, n_parts * 4)
        assert len(coarse) == n_parts
        assert sum(map(len, fine)) == 200
        assert all(any(part <= whole for whole in coarse) for part in fine)


def test_one_basin_is_a_tree() -> None:
    merges = merge(np.ones(1), np.zeros((1, 3)), np.empty((0, 2), np.intp))
    assert parts_of(merges, 8) == {frozenset({0})}


@pytest.fixture
def cut() -> tuple[Grid, tree.Regions, np.ndarray, np.ndarray]:
    """A line of 60 basins of ten segments each, every cell of a column in one."""
    of_cell = np.minimum(np.arange(SIDE * SIDE) % SIDE // 17, 59).astype(np.int32)
    grid = Grid(Lattice(0.0, 0.0, 1.0, 1.0), of_cell)
    tops = np.arange(60) * 17 + 8 + 500 * SIDE
    line = np.stack([np.arange(59), np.arange(1, 60)], axis=1)
    merges = merge(np.full(60, 10.0), np.random.default_rng(6).normal(size=(60, 4)), line)
    return *tree.cut(grid, Basins(of_cell, tops), merges, np.full(60, 10)), of_cell


def test_regions_are_cut_at_eight_and_four_times_as_many_each_time(cut: tuple) -> None:
    _, regions, _, _ = cut
    assert (regions.level == 0).sum() == 8
    # a part that is not cut further belongs to the first level that has it
    assert 24 <= (regions.level <= 1).sum() - 8 <= 32
    assert (regions.end - regions.first)[regions.level == 0].sum() == 60
    assert (np.diff(regions.level) >= 0).all()


def test_a_region_lies_in_its_parent_and_parents_come_first(cut: tuple) -> None:
    _, regions, _, _ = cut
    for region, parent in enumerate(regions.parent.tolist()):
        if regions.level[region] == 0:
            assert parent == -1
        else:
            assert parent < region
            assert regions.first[parent] <= regions.first[region] < regions.end[region] <= regions.end[parent]


def test_cells_keep_their_basin_under_its_new_number(cut: tuple) -> None:
    grid, _, place, of_cell = cut
    assert (grid.of_cell == place[of_cell]).all()


def test_a_region_stands_at_the_top_of_a_basin_where_most_of_it_is(cut: tuple) -> None:
    _, regions, place, _ = cut
    before = np.argsort(place)
    for region in range(len(regions)):
        own = np.sort(before[regions.first[region] : regions.end[region]])
        assert (regions.x[region], regions.y[region]) in {(top * 17 + 8.5, 500.5) for top in own.tolist()}
        # all weigh the same, so the middle one has most around it
        assert abs(regions.x[region] - (own.mean() * 17 + 8.5)) <= 17


def test_one_basin_of_many_segments_far_from_the_others_is_where_the_region_stands() -> None:
    of_cell = np.arange(SIDE * SIDE, dtype=np.int32) // (SIDE * SIDE // 3)
    n_segments = np.array([4, 4, 50])
    line = np.array([[0, 1], [1, 2]])
    merges = merge(n_segments.astype(np.float64), np.zeros((3, 2)), line)
    tops = np.array([10, 30, 900])
    found = Basins(of_cell.clip(max=2), tops)
    regions = tree.cut(Grid(Lattice(0.0, 0.0, 1.0, 1.0), of_cell.clip(max=2)), found, merges, n_segments)[1]
    assert regions.x[0] == 900.5


def test_a_map_of_few_segments_is_cut_into_fewer_parts() -> None:
    of_cell = np.arange(SIDE * SIDE, dtype=np.int32) // (SIDE * SIDE // 16)
    line = np.stack([np.arange(15), np.arange(1, 16)], axis=1)
    merges = merge(np.full(16, 6.0), np.random.default_rng(8).normal(size=(16, 4)), line)
    found = Basins(of_cell, np.arange(16) * 1000)
    regions = tree.cut(Grid(Lattice(0.0, 0.0, 1.0, 1.0), of_cell), found, merges, np.full(16, 6))[1]
    assert (regions.end - regions.first)[regions.level == 0].sum() * 6 > 80
    assert (regions.level == 0).sum() <= 3


def test_small_parts_are_no_regions() -> None:
    n_segments = np.array([7, 80])
    of_cell = np.repeat([0, 1], SIDE * SIDE // 2).astype(np.int32)
    merges = merge(n_segments.astype(np.float64), np.eye(2), np.array([[0, 1]]))
    found = Basins(of_cell, np.array([0, 600]))
    _, regions, place = tree.cut(Grid(Lattice(0.0, 0.0, 1.0, 1.0), of_cell), found, merges, n_segments)
    assert len(regions) == 1
    assert (regions.first[0], regions.end[0]) == (place[1], place[1] + 1)
