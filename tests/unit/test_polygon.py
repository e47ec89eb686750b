"""Points in polygons: the grid gives what testing every point against every edge gives."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.cache import cloud as module
from app.cache.cloud import Cloud
from app.cache.growing import GrowingCloud
from app.cache.polygon import Polygon
from app.cache.priority import by_priority

N = 30_000


@pytest.fixture(scope="module")
def clumps() -> Cloud:
    random = np.random.default_rng(1)
    centres = random.uniform(-50, 50, (6, 2))
    xy = centres[random.integers(0, 6, N)] + random.normal(size=(N, 2)) * random.uniform(0.1, 5, (N, 1))
    return cloud_of(xy.astype(np.float32))


def cloud_of(xy: NDArray[np.float32]) -> Cloud:
    rows = np.arange(len(xy), dtype=np.uint32)
    order = by_priority(rows)
    return Cloud(rows[order], *np.ascontiguousarray(xy[order].T))


def naive(vertices: list[tuple[float, float]], x: float, y: float) -> bool:
    """The even-odd rule, one edge after another, as textbooks have it (Franklin, "PNPOLY")."""
    inside = False
    for (x0, y0), (x1, y1) in zip(vertices, [*vertices[1:], vertices[0]], strict=True):
        if (y0 <= y) != (y1 <= y):
            (xa, ya), (xb, yb) = ((x0, y0), (x1, y1)) if y0 < y1 else ((x1, y1), (x0, y0))
            inside ^= x < xa + (y - ya) / (yb - ya) * (xb - xa)
    return inside


def enclosed(cloud: Cloud, vertices: list[tuple[float, float]]) -> list[int]:
    return sorted(cloud.rows_enclosed(Polygon(np.array(vertices, np.float64))).tolist())


def by_naive(cloud: Cloud, vertices: list[tuple[float, float]]) -> list[int]:
    points = zip(cloud.rows.tolist(), cloud.x.tolist(), cloud.y.tolist(), strict=True)
    return sorted(row for row, x, y in points if naive(vertices, x, y))


def ring(n: int, radius: float, wobble: float, seed: int) -> list[tuple[float, float]]:
    random = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    away = radius * (1 + wobble * random.uniform(-1, 1, n))
    return list(zip((away * np.cos(angle)).tolist(), (away * np.sin(angle)).tolist(), strict=True))


def star(n: int, seed: int) -> list[tuple[float, float]]:
    """A line that crosses itself all over the map."""
    return [(x, y) for x, y in np.random.default_rng(seed).uniform(-70, 70, (n, 2)).tolist()]


POLYGONS = {
    "a drawn ring": ring(80, 40, 0.3, 0),
    "a small ring": ring(30, 2, 0.5, 1),
    "around everything": ring(12, 500, 0.1, 2),
    "partly beyond the map": [(-500.0, -500.0), (0.0, -20.0), (700.0, 10.0), (3.0, 900.0)],
    "beside the map": [(200.0, 0.0), (300.0, 0.0), (300.0, 10.0)],
    "crossing itself": [(-40.0, -40.0), (40.0, 40.0), (40.0, -40.0), (-40.0, 40.0)],
    "enclosing a part twice": [*ring(40, 40, 0, 0), *ring(40, 20, 0, 0)],
    "crossing itself everywhere": star(40, 3),
    "with level and upright edges": [(-30.0, -30.0), (30.0, -30.0), (30.0, 0.0), (0.0, 0.0), (0.0, 30.0), (-30.0, 30.0)],
    "without any area": [(-30.0, -30.0), (30.0, 30.0), (-30.0, -30.0)],
    "thinner than a cell": [(-50.0, 0.0), (50.0, 0.1), (50.0, 0.2)],
    "one point again and again": [(1.0, 1.0)] * 5,
    "of enormous extent": [(-1e30, -1e30), (1e30, 0.0), (0.0, 1e30)],
}


@pytest.mark.parametrize("indexed", [True, False], ids=["indexed", "scanned"])
@pytest.mark.parametrize("name", POLYGONS)
def test_the_grid_gives_what_testing_every_edge_gives(
    monkeypatch: pytest.MonkeyPatch, clumps: Cloud, name: str, indexed: bool
) -> None:
    monkeypatch.setattr(module, "INDEX_FROM", 1000 if indexed else N + 1)
    assert enclosed(clumps, POLYGONS[name]) == by_naive(clumps, POLYGONS[name])


def test_the_polygons_of_these_tests_enclose_something() -> None:
    found = {name: len(enclosed(cloud_of(np.random.default_rng(4).uniform(-60, 60, (9000, 2)).astype(np.float32)), vertices))
             for name, vertices in POLYGONS.items()}  # fmt: skip
    assert {name for name, n in found.items() if n == 0} == {"beside the map", "without any area", "one point again and again"}


@pytest.mark.parametrize("indexed", [True, False], ids=["indexed", "scanned"])
def test_random_polygons_over_points_on_a_lattice_whose_edges_run_through_points(
    monkeypatch: pytest.MonkeyPatch, indexed: bool
) -> None:
    monkeypatch.setattr(module, "INDEX_FROM", 100 if indexed else 1 << 20)
    lattice = cloud_of(np.stack(np.meshgrid(np.arange(40), np.arange(40)), -1).reshape(-1, 2).astype(np.float32))
    random = np.random.default_rng(5)
    for _ in range(60):
        # vertices on points, beside them, and beyond the map
        vertices = [(float(x), float(y)) for x, y in random.integers(-4, 44, (random.integers(3, 12), 2)).tolist()]
        assert enclosed(lattice, vertices) == by_naive(lattice, vertices)


def test_two_polygons_that_share_an_edge_share_no_point_and_lose_none() -> None:
    lattice = cloud_of(np.stack(np.meshgrid(np.arange(21), np.arange(21)), -1).reshape(-1, 2).astype(np.float32))
    corners = [(-1.0, -1.0), (21.0, -1.0), (21.0, 21.0), (-1.0, 21.0)]
    middle = (10.0, 10.0)
    found = [row for i in range(4) for row in enclosed(lattice, [corners[i], corners[(i + 1) % 4], middle])]
    assert sorted(found) == list(range(441))


def test_a_single_point_is_inside_a_polygon_around_it() -> None:
    assert enclosed(cloud_of(np.zeros((1, 2), np.float32)), ring(5, 1, 0, 0)) == [0]


def test_no_points_are_inside_anything() -> None:
    assert enclosed(cloud_of(np.empty((0, 2), np.float32)), ring(5, 1, 0, 0)) == []


@pytest.mark.parametrize("n_added", [0, 500])
def test_added_points_are_found_and_gone_ones_are_not(monkeypatch: pytest.MonkeyPatch, clumps: Cloud, n_added: int) -> None:
    monkeypatch.setattr(module, "INDEX_FROM", 1000)
    live = np.random.default_rng(6).random(N + n_added) < 0.9
    added_xy = np.random.default_rng(7).uniform(-60, 60, (n_added, 2)).astype(np.float32)
    added = cloud_of(added_xy)
    added = Cloud(added.rows + np.uint32(N), added.x, added.y)
    vertices = POLYGONS["crossing itself everywhere"]
    expected = [row for cloud in (clumps, added) for row in by_naive(cloud, vertices) if live[row]]
    growing = GrowingCloud(clumps, added, live)
    assert sorted(growing.rows_enclosed(Polygon(np.array(vertices))).tolist()) == sorted(expected)
