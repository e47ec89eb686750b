"""From points to basins: the lattice, the hills of the density, what is summed over them."""

import numpy as np
import pytest

from app.core.ranks import counted
from app.regions import adjacency, basins
from app.regions.lattice import SIDE, Lattice
from app.regions.sums import Sums, add_up


def cell(column: int, row: int) -> int:
    return row * SIDE + column


def points(*places: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    x, y = np.array(places, np.float32).T
    return x, y


def test_a_point_lies_in_the_cell_around_it_and_one_outside_in_the_cell_on_the_edge() -> None:
    lattice = Lattice(10.0, -4.0, 0.5, 0.25)
    x, y = points((10.1, -3.9), (11.0, -3.5), (-1e6, 1e6))
    assert lattice.cells(x, y).tolist() == [cell(0, 0), cell(2, 2), cell(0, SIDE - 1)]
    across, up = lattice.middles(np.array([cell(2, 1)]))
    assert (across[0], up[0]) == (11.25, -3.625)


def test_a_lattice_holds_its_points_with_room_and_is_the_same_when_they_reach_a_little_further() -> None:
    random = np.random.default_rng(1)
    x, y = random.uniform(-7, 9, (2, 1000)).astype(np.float32)
    lattice = Lattice.around(x, y)
    columns, rows = np.divmod(lattice.cells(x, y), SIDE)[::-1]
    assert min(columns.min(), rows.min()) >= 32
    assert max(columns.max(), rows.max()) < SIDE - 32
    assert np.ptp(columns) > SIDE / 2
    x[0], y[1] = x.max() + 0.02, y.min() - 0.02
    assert Lattice.around(x, y) == lattice


def test_one_point_has_a_lattice_and_a_basin() -> None:
    x, y = points((3.0, 3.0))
    lattice = Lattice.around(x, y)
    found = basins.find(lattice.cells(x, y))
    assert len(found) == 1
    assert set(found.of_cell.tolist()) == {0}


def test_two_hills_are_two_basins_and_every_cell_belongs_to_the_nearer_one() -> None:
    left, right = [cell(300, 500)] * 5, [cell(340, 500)] * 3
    found = basins.find(np.array(left + right, np.int32))
    assert found.tops.tolist() == [cell(300, 500), cell(340, 500)]
    of = found.of_cell
    assert [of[cell(column, 500)] for column in (0, 300, 310, 330, 340, SIDE - 1)] == [0, 0, 0, 1, 1, 1]


def test_close_points_share_one_hill_even_where_two_cells_are_equally_high() -> None:
    found = basins.find(np.array([cell(500, 500), cell(501, 500)], np.int32))
    assert len(found) == 1


def test_the_top_of_a_basin_is_its_densest_cell() -> None:
    random = np.random.default_rng(2)
    places = np.clip(random.normal((400, 600), 25, (3000, 2)).astype(int), 0, SIDE - 1)
    found = basins.find((places[:, 1] * SIDE + places[:, 0]).astype(np.int32))
    assert len(found) > 1
    assert (found.of_cell[found.tops] == np.arange(len(found))).all()


def test_neighbours_join_every_place_also_on_a_line_and_when_there_are_two() -> None:
    square = adjacency.neighbours(np.array([0.0, 1, 0, 1]), np.array([0.0, 0, 1, 1]))
    assert {tuple(pair) for pair in square.tolist()} >= {(0, 1), (0, 2), (1, 3), (2, 3)}
    assert adjacency.neighbours(np.array([2.0, 0, 1, 3]), np.zeros(4)).tolist() == [[1, 2], [0, 2], [0, 3]]
    assert adjacency.neighbours(np.array([5.0, 1]), np.zeros(2)).tolist() == [[0, 1]]
    assert adjacency.neighbours(np.array([5.0]), np.zeros(1)).shape == (0, 2)


@pytest.fixture
def heard() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Parts, activations [n_tags, n] with some segments that nobody heard, and ranks of each code."""
    random = np.random.default_rng(3)
    values = random.beta(0.4, 3, (3, 1000)).astype(np.float16)
    values[:, ::50] = np.nan
    shares = np.stack([counted(tag).share for tag in values])
    return random.integers(0, 7, 1000).astype(np.int32), values, shares


def test_sums_are_those_of_the_segments_that_were_heard(heard: tuple[np.ndarray, ...]) -> None:
    parts, values, shares = heard
    found = add_up(8, shares, [(parts[:300], values[:, :300].view(np.uint16)), (parts[300:], values[:, 300:].view(np.uint16))])
    ranks = np.stack([share[tag.view(np.uint16)] for share, tag in zip(shares, values, strict=True)])
    for part in range(7):
        mine = (parts == part) & ~np.isnan(values[0])
        assert found.n[part] == mine.sum()
        assert found.mean_values[part] == pytest.approx(values[:, mine].astype(np.float64).mean(axis=1))
        assert found.mean_ranks[part] == pytest.approx(ranks[:, mine].astype(np.float64).mean(axis=1))
        assert found.strong_shares[part] == pytest.approx((ranks[:, mine] >= 0.75).mean(axis=1))
    assert found.n[7] == 0
    assert found.mean_ranks[7].tolist() == [0, 0, 0]
    assert found.total.mean_ranks[0] == pytest.approx([0.5] * 3, abs=1e-6)


def test_sums_of_parts_that_follow_each_other_add_up(heard: tuple[np.ndarray, ...]) -> None:
    parts, values, shares = heard
    found = add_up(8, shares, [(parts, values.view(np.uint16))])
    spans = found.spans(np.array([0, 2], np.int32), np.array([8, 5], np.int32))
    assert spans.n.tolist() == [found.n.sum(), found.n[2:5].sum()]
    assert spans.ranks[1] == pytest.approx(found.ranks[2:5].sum(axis=0))
    doubled = found + found
    assert doubled.mean_ranks[0] == pytest.approx(found.mean_ranks[0])
    assert Sums.nothing(2, 3).mean_values.tolist() == [[0, 0, 0], [0, 0, 0]]
