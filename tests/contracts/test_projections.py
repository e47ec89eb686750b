"""Every registered projection obeys these rules."""

import inspect
import json
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from app.projections.base import Projector
from app.projections.basis import Basis
from app.projections.registry import METHODS, Method
from app.projections.vectors import Vectors
from app.store import projections
from app.store.tables import Projection

N_DIMS = 12
RANDOM = np.random.default_rng(0)
CLUSTERS = (RANDOM.normal(size=(6, N_DIMS)) * 3)[np.arange(150) % 6]
VECTORS = (CLUSTERS + RANDOM.normal(size=CLUSTERS.shape)).astype(np.float16)


@dataclass
class Fits:
    """A projection fitted twice with one seed, and once more from its own map."""

    method: Method
    first: Projector
    second: Projector
    refit: Projector


@pytest.fixture(scope="module", params=METHODS, ids=lambda method: method.name)
def fits(request: pytest.FixtureRequest) -> Fits:
    projector = request.param.projector
    first = projector(random_state=5).fit(Vectors.of(VECTORS))
    second = projector(random_state=5).fit(Vectors.of(VECTORS))
    refit = projector(random_state=6).fit(Vectors.of(VECTORS), first.coordinates_)
    return Fits(request.param, first, second, refit)


def test_coordinates_are_finite_float32_in_at_least_two_dimensions(fits: Fits) -> None:
    coordinates = fits.first.coordinates_
    assert coordinates.dtype == np.float32
    assert coordinates.shape[0] == len(VECTORS)
    assert coordinates.shape[1] >= 2
    assert np.isfinite(coordinates).all()


def test_the_same_seed_gives_the_same_map(fits: Fits) -> None:
    np.testing.assert_array_equal(fits.first.coordinates_, fits.second.coordinates_)


def test_segments_of_a_cluster_lie_together(fits: Fits) -> None:
    xy = fits.first.coordinates_
    centres = np.array([xy[cluster::6].mean(axis=0) for cluster in range(6)])
    nearest = np.linalg.norm(xy[:, None] - centres, axis=2).argmin(axis=1)
    assert (nearest == np.arange(150) % 6).mean() > 0.95


def test_a_refit_stays_near_the_present_map(fits: Fits) -> None:
    moved = np.linalg.norm(fits.refit.coordinates_ - fits.first.coordinates_, axis=1)
    assert np.median(moved) < 0.1 * np.ptp(fits.first.coordinates_, axis=0).max()


def test_fitting_leaves_the_vectors_and_the_present_coordinates_alone(fits: Fits) -> None:
    vectors, start = VECTORS.copy(), fits.first.coordinates_.copy()
    fits.method.projector(random_state=1).fit(Vectors.of(vectors), start)
    np.testing.assert_array_equal(vectors, VECTORS)
    np.testing.assert_array_equal(start, fits.first.coordinates_)


def test_what_is_stored_gives_the_same_scores(fits: Fits) -> None:
    basis = Basis(**projections.unpack(projections.pack(fits.first.basis_.arrays())))
    np.testing.assert_array_equal(basis.transform(VECTORS), fits.first.basis_.transform(VECTORS))
    if fits.first.linear:
        np.testing.assert_array_equal(basis.transform(VECTORS), fits.first.coordinates_)


def test_parameters_and_variance_can_be_stored(fits: Fits) -> None:
    assert json.loads(json.dumps(fits.first.parameters_)) == fits.first.parameters_
    ratios = fits.first.explained_variance_ratio_
    assert ratios is None or (len(ratios) == fits.first.coordinates_.shape[1] and 0 < sum(ratios) <= 1 + 1e-9)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_parameters_are_kept_as_given_and_learning_waits_for_fit(method: Method) -> None:
    names = inspect.signature(method.projector).parameters
    assert "random_state" in names
    given = {name: object() for name in names}
    projector = method.projector(**given)
    assert vars(projector) == given


def test_names_are_told_apart_and_fit_their_column() -> None:
    assert len({method.name for method in METHODS}) == len({method.title for method in METHODS}) == len(METHODS)
    assert all(len(method.name) <= Projection.__table__.c.method.type.length for method in METHODS)
    assert all(method.name != "original" for method in METHODS), "is what the map calls a space without projection"


def few(n: int) -> NDArray[np.float16]:
    return VECTORS[:n]


@pytest.mark.parametrize(
    "vectors",
    [
        few(1),
        few(2),
        few(3),
        few(4),
        few(14),
        np.zeros((20, N_DIMS), np.float16),
        np.repeat(few(2), 12, axis=0),
        np.column_stack([few(20)[:, :3], np.ones((20, 9), np.float16)]),
        few(30)[:, :2],
    ],
    ids=[
        "one",
        "two",
        "three",
        "four",
        "fewer than neighbours",
        "all equal",
        "two places",
        "constant dimensions",
        "two dimensions",
    ],
)
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_collection_of_any_size_and_shape_has_a_map(method: Method, vectors: NDArray[np.float16]) -> None:
    first = method.projector(random_state=1).fit(Vectors.of(vectors))
    again = method.projector(random_state=1).fit(Vectors.of(vectors), first.coordinates_)
    for fit in (first, again):
        assert fit.coordinates_.shape == (len(vectors), min(10, vectors.shape[1]) if fit.linear else 2)
        assert np.isfinite(fit.coordinates_).all()
