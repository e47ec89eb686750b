import numpy as np
import pytest
from numpy.typing import NDArray

from app.projections.pca import PCA, StandardisedPCA
from app.projections.vectors import Vectors


def unequal(n: int = 400, n_dims: int = 12, seed: int = 0) -> NDArray[np.float64]:
    """Correlated dimensions, with variances that differ enough to order the components."""
    random = np.random.default_rng(seed)
    rotation = np.linalg.qr(random.normal(size=(n_dims, n_dims)))[0]
    return random.normal(size=(n, n_dims)) * np.geomspace(3, 0.1, n_dims) @ rotation


def by_svd(vectors: NDArray[np.float64], n: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Components, ratios of variance and scores, by numpy alone; each component's largest loading is positive."""
    centred = vectors - vectors.mean(axis=0)
    _, values, components = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign(components[np.arange(len(components)), np.abs(components).argmax(axis=1)])
    components = components * signs[:, None]
    return components[:n], (values**2 / (values**2).sum())[:n], centred @ components[:n].T


def test_components_scores_and_variance_are_those_of_numpys_svd() -> None:
    vectors = unequal()
    components, ratios, scores = by_svd(vectors, 10)
    fit = PCA().fit(Vectors.of(vectors))
    np.testing.assert_allclose(fit.basis_.components, components, atol=1e-9)
    np.testing.assert_allclose(fit.explained_variance_ratio_, ratios, rtol=1e-9)
    np.testing.assert_allclose(fit.coordinates_, scores, atol=1e-5)


@pytest.mark.parametrize("offset", [1e3, 1e6, 1e9])
def test_a_mean_far_larger_than_the_deviation_does_not_blur_the_components(offset: float) -> None:
    vectors = 1e-2 * unequal() + offset
    components, ratios, scores = by_svd(vectors, 3)
    fit = PCA(n_components=3).fit(Vectors(lambda: np.array_split(vectors, 7), *vectors.shape))
    np.testing.assert_allclose(fit.basis_.components, components, atol=1e-6)
    np.testing.assert_allclose(fit.explained_variance_ratio_, ratios, rtol=1e-6)
    np.testing.assert_allclose(fit.coordinates_, scores, atol=1e-6)


def test_it_does_not_matter_where_blocks_begin() -> None:
    vectors = unequal().astype(np.float16)
    whole = PCA().fit(Vectors.of(vectors)).coordinates_
    parts = PCA().fit(Vectors(lambda: np.array_split(vectors, [1, 2, 30, 31, 399]), *vectors.shape)).coordinates_
    np.testing.assert_allclose(parts, whole, atol=1e-5)


def test_standardising_gives_every_dimension_the_same_weight() -> None:
    vectors = unequal() * np.geomspace(1e-4, 1e3, 12) + 5
    _, ratios, scores = by_svd((vectors - vectors.mean(axis=0)) / vectors.std(axis=0), 10)
    fit = StandardisedPCA().fit(Vectors.of(vectors))
    np.testing.assert_allclose(fit.explained_variance_ratio_, ratios, rtol=1e-6)
    np.testing.assert_allclose(np.abs(fit.coordinates_), np.abs(scores), atol=1e-4)


def test_standardising_leaves_out_dimensions_that_are_constant_but_for_rounding() -> None:
    vectors = unequal().astype(np.float16)
    flicker = np.where(np.arange(len(vectors)) % 2, 1000, 1000.5).astype(np.float16)
    with_constants = np.column_stack([vectors, np.full(len(vectors), 7, np.float16), flicker, np.zeros_like(flicker)])
    fit = StandardisedPCA().fit(Vectors.of(with_constants))
    assert not fit.basis_.components[:, 12:].any()
    np.testing.assert_array_equal(fit.coordinates_, StandardisedPCA().fit(Vectors.of(vectors)).coordinates_)


def test_standardised_half_precision_keeps_dimensions_with_a_small_deviation() -> None:
    vectors = unequal()
    vectors[:, 3] = vectors[:, 3] * 1e-3 + 0.25
    fit = StandardisedPCA(n_components=12).fit(Vectors.of(vectors.astype(np.float16)))
    assert np.abs(fit.basis_.components[:, 3]).max() > 0.1


@pytest.mark.parametrize("projector", [PCA, StandardisedPCA])
def test_new_vectors_are_projected_as_the_fitted_ones_were(projector: type[PCA]) -> None:
    vectors = unequal().astype(np.float16)
    fit = projector().fit(Vectors.of(vectors))
    np.testing.assert_array_equal(fit.basis_.transform(vectors[17:29]), fit.coordinates_[17:29])


def test_fewer_directions_than_components_give_zeros() -> None:
    vectors = np.outer(np.arange(20.0), np.ones(12))
    fit = PCA().fit(Vectors.of(vectors))
    assert fit.coordinates_.shape == (20, 10)
    assert not fit.coordinates_[:, 1:].any()
    assert fit.explained_variance_ratio_ == [1.0, *[0.0] * 9]


def test_a_refit_points_where_the_present_map_points() -> None:
    vectors = unequal()
    mirrored = PCA().fit(Vectors.of(vectors)).coordinates_ * np.where(np.arange(10) % 2, -1, 1).astype(np.float32)
    refit = PCA().fit(Vectors.of(vectors), mirrored)
    np.testing.assert_allclose(refit.coordinates_, mirrored, atol=1e-5)
    np.testing.assert_array_equal(refit.basis_.transform(vectors), refit.coordinates_)
