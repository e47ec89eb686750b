"""The level-of-detail index gives what a scan of all points gives."""

from pathlib import Path

import numpy as np
import pytest

from app.cache import cloud as module
from app.cache import grid_index
from app.cache.box import Box, quantise
from app.cache.cloud import Cloud, MaskedCloud
from app.cache.growing import GrowingCloud
from app.cache.polygon import Polygon
from app.cache.priority import by_priority, priority

N = 40_000


@pytest.fixture(autouse=True)
def index_small_clouds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "INDEX_FROM", 1000)
    monkeypatch.setattr(grid_index, "SCAN", 5000)


@pytest.fixture(scope="module")
def clumps() -> Cloud:
    random = np.random.default_rng(1)
    centres = random.uniform(-50, 50, (6, 2))
    xy = centres[random.integers(0, 6, N)] + random.normal(size=(N, 2)) * random.uniform(0.1, 5, (N, 1))
    rows = np.arange(N, dtype=np.uint32)
    order = by_priority(rows)
    return Cloud(rows[order], *xy[order].T.astype(np.float32))


def by_scan(cloud: Cloud, box: Box) -> list[int]:
    x0, x1, y0, y1 = box
    return [i for i, (x, y) in enumerate(zip(cloud.x.tolist(), cloud.y.tolist(), strict=True)) if x0 <= x <= x1 and y0 <= y <= y1]


def boxes(cloud: Cloud) -> list[Box]:
    """Whole, tiny, thin, empty, half outside, and at random round points, so that some are dense."""
    random = np.random.default_rng(2)
    x0, x1, y0, y1 = cloud.extent
    found = [
        cloud.extent,
        (x0, x1, y0, y0),
        (x1 + 1, x1 + 2, y0, y1),
        (x0 - 9, x0 + 9, y0 - 9, y1 + 9),
        (x0, x0, y0, y1),
        (0.1, 0.1 + 1e-12, y0, y1),
    ]
    for at in random.integers(0, N, 12):
        width, height = 10.0 ** random.uniform(-2, 2, 2)
        x, y = float(cloud.x[at]), float(cloud.y[at])
        found.append((x - width, x + width, y - height, y + height))
    return found


@pytest.mark.parametrize("limit", [1, 50, 3000, N])
def test_a_box_gives_the_first_points_in_it_and_their_exact_number(clumps: Cloud, limit: int) -> None:
    for box in boxes(clumps):
        expected = by_scan(clumps, box)
        found, n_inside = clumps.inside(box, limit)
        assert found.tolist() == expected[:limit]
        assert n_inside == len(expected)


def test_zooming_in_only_adds_points(clumps: Cloud) -> None:
    x, y = float(clumps.x[7]), float(clumps.y[7])
    seen: set[int] = set()
    for width in (40, 20, 5, 1):
        box = (x - width, x + width, y - width, y + width)
        x0, x1, y0, y1 = box
        still = {i for i in seen if x0 <= clumps.x[i] <= x1 and y0 <= clumps.y[i] <= y1}
        found = set(clumps.inside(box, 500)[0].tolist())
        assert still <= found
        seen = found


def test_equal_points_make_a_map_of_one_unit() -> None:
    cloud = Cloud(np.arange(2000, dtype=np.uint32), np.full(2000, 3, np.float32), np.full(2000, -1, np.float32))
    assert cloud.extent == (2.5, 3.5, -1.5, -0.5)
    assert cloud.inside(cloud.extent, 10)[1] == 2000


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-3.5, 12.25), (0.5, 0.5001), (1e6, 1e6 + 4)])
def test_quantisation_errs_by_half_a_step_at_most(low: float, high: float) -> None:
    values = np.random.default_rng(3).uniform(low, high, 100_000).astype(np.float32)
    values = values[(values.astype(np.float64) >= low) & (values.astype(np.float64) <= high)]
    back = low + quantise(values, low, high) / 65535 * (high - low)
    assert np.abs(back - values.astype(np.float64)).max() <= (high - low) / 65535 * 0.5001


def test_values_outside_go_to_the_edge() -> None:
    assert quantise(np.array([-5, 0, 1, 7], np.float32), 0, 1).tolist() == [0, 0, 65535, 65535]


def test_every_row_has_a_priority_of_its_own() -> None:
    keys = priority(np.arange(1 << 20, dtype=np.uint32))
    assert len(np.unique(keys)) == 1 << 20
    assert (np.diff(keys[by_priority(np.arange(1 << 20, dtype=np.uint32))].astype(np.int64)) > 0).all()


def test_the_first_points_by_priority_are_a_uniform_sample_of_rows() -> None:
    n = 100_000
    for first in (0, 1 << 24):
        rows = np.arange(first, first + n, dtype=np.uint32)
        for k in (100, 1000, 10_000):
            counts = np.histogram(rows[by_priority(rows)[:k]], bins=10, range=(first, first + n))[0]
            # chi squared with nine degrees of freedom stays below 30 in 99.96 % of true samples
            assert ((counts - k / 10) ** 2 / (k / 10)).sum() < 30


@pytest.mark.parametrize("limit", [1, 700, 100_000])
@pytest.mark.parametrize("n_added", [0, 1, 3000])
@pytest.mark.parametrize("has_gone", [False, True])
def test_a_cloud_that_grows_is_the_cloud_of_all_its_points(clumps: Cloud, limit: int, n_added: int, has_gone: bool) -> None:
    random = np.random.default_rng(4)
    live = random.random(N) < 0.9 if has_gone else None
    by_row = np.argsort(clumps.rows)
    settled, added = (
        Cloud(*(values[by_row][rows][by_priority(rows)] for values in (clumps.rows, clumps.x, clumps.y)))
        for rows in np.split(np.arange(N, dtype=np.uint32), [N - n_added])
    )
    growing = GrowingCloud(settled, added, live)
    kept = np.ones(N, np.bool_) if live is None else live[clumps.rows]
    whole = Cloud(clumps.rows[kept], clumps.x[kept], clumps.y[kept])
    assert len(growing) == len(whole)
    assert growing.extent == whole.extent
    for box in [None, *boxes(clumps)]:
        positions, n_inside = (range(len(whole)), len(whole)) if box is None else whole.inside(box, N)
        found = growing.inside(box, limit)
        assert found.n_inside == n_inside
        expected = list(positions)[:limit]
        assert found.rows.tolist() == whole.rows[expected].tolist()
        assert found.x.tolist() == whole.x[expected].tolist()


def test_an_index_read_from_the_disk_answers_as_the_one_that_was_written(clumps: Cloud, tmp_path: Path) -> None:
    clumps.write_index(tmp_path)
    opened = Cloud(clumps.rows, clumps.x, clumps.y)
    opened.open_index(tmp_path)
    assert isinstance(opened._index.order, np.memmap)
    for box in boxes(clumps):
        one, two = clumps.inside(box, 500), opened.inside(box, 500)
        assert (one[0].tolist(), one[1]) == (two[0].tolist(), two[1])


@pytest.mark.parametrize("gathering", [1e-9, 4, 1e9])
def test_all_rows_in_a_box_are_those_that_a_scan_finds(clumps: Cloud, monkeypatch: pytest.MonkeyPatch, gathering: float) -> None:
    monkeypatch.setattr(grid_index, "GATHERING", gathering)
    live = np.random.default_rng(3).random(N) < 0.9
    half = N // 2
    parts = [Cloud(clumps.rows[part], clumps.x[part], clumps.y[part]) for part in (slice(half), slice(half, None))]
    growing = GrowingCloud(*parts, live)
    for box in (None, *boxes(clumps)):
        expected = {int(clumps.rows[i]) for i in (range(N) if box is None else by_scan(clumps, box))}
        found = clumps.rows_inside(box)
        assert len(found) == len(expected)
        assert set(found.tolist()) == expected
        assert sorted(growing.rows_inside(box).tolist()) == sorted(row for row in expected if live[row])


@pytest.mark.parametrize("share", [0.001, 0.01, 0.1, 0.6, 1.0])
@pytest.mark.parametrize("limit", [0, 1, 300, N])
def test_under_a_mask_a_box_gives_the_first_matches_and_their_exact_number(clumps: Cloud, share: float, limit: int) -> None:
    # above INDEX_FROM matches the index looks for them, below they are a cloud of their own
    keep = np.random.default_rng(3).random(N) < share
    masked = clumps.under(keep)
    assert len(masked) == np.count_nonzero(keep)
    assert isinstance(masked, MaskedCloud) == (len(masked) >= 1000)
    matching = keep[clumps.rows]
    for box in [None, *boxes(clumps)]:
        inside = np.arange(N) if box is None else np.array(by_scan(clumps, box), np.int64)
        expected = clumps.rows[inside[matching[inside]]].tolist()
        found = masked.found(box, limit)
        assert found.rows.tolist() == expected[:limit]
        assert found.n_inside == len(expected)


def test_points_that_are_newer_than_the_table_are_not_live(clumps: Cloud) -> None:
    live = np.random.default_rng(3).random(N - 700) < 0.9
    expected = set(np.flatnonzero(live).tolist())
    for is_added in (clumps.rows >= N - 900, clumps.rows >= N - 500, clumps.rows % 2 == 0):
        growing = GrowingCloud(*(Cloud(clumps.rows[part], clumps.x[part], clumps.y[part]) for part in (~is_added, is_added)), live)
        x0, x1, y0, y1 = clumps.extent
        around = Polygon(np.array([(x0 - 1, y0 - 1), (x1 + 1, y0 - 1), (x1 + 1, y1 + 1), (x0 - 1, y1 + 1)]))
        assert len(growing) == len(expected)
        assert set(growing.inside(None, N).rows.tolist()) == expected
        assert set(growing.rows_inside(None).tolist()) == expected
        assert set(growing.rows_enclosed(around).tolist()) == expected


def test_rows_behind_a_mask_do_not_match(clumps: Cloud) -> None:
    assert len(clumps.under(np.ones(N - 700, np.bool_))) == N - 700


@pytest.mark.parametrize("share", [0.01, 0.7])
def test_a_growing_cloud_under_a_mask_leaves_out_what_is_gone_and_what_does_not_match(clumps: Cloud, share: float) -> None:
    random = np.random.default_rng(4)
    live, keep = random.random(N) < 0.9, random.random(N) < share
    is_added = clumps.rows >= N - 500
    parts = (Cloud(clumps.rows[part], clumps.x[part], clumps.y[part]) for part in (~is_added, is_added))
    filtered = GrowingCloud(*parts, live).under(keep)
    matching = (keep & live)[clumps.rows]
    assert len(filtered) == np.count_nonzero(matching)
    for box in [None, *boxes(clumps)]:
        inside = np.arange(N) if box is None else np.array(by_scan(clumps, box), np.int64)
        expected = clumps.rows[inside[matching[inside]]].tolist()
        found = filtered.inside(box, 200)
        assert (found.rows.tolist(), found.n_inside) == (expected[:200], len(expected))
