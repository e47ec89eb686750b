"""The level-of-detail index gives what a scan of all points gives."""

import numpy as np
import pytest

from app.cache import cloud as module
from app.cache.cloud import Box, Cloud, quantise

N = 40_000


@pytest.fixture(autouse=True)
def index_small_clouds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "INDEX_FROM", 1000)
    monkeypatch.setattr(module, "SCAN", 5000)


@pytest.fixture(scope="module")
def clumps() -> Cloud:
    random = np.random.default_rng(1)
    centres = random.uniform(-50, 50, (6, 2))
    xy = centres[random.integers(0, 6, N)] + random.normal(size=(N, 2)) * random.uniform(0.1, 5, (N, 1))
    return Cloud(*xy.T.astype(np.float32))


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
    cloud = Cloud(np.full(2000, 3, np.float32), np.full(2000, -1, np.float32))
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
