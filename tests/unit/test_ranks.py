"""Ranks of values within a collection, against sorting them."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import rankdata

from app.core.ranks import Ranks, counted

VALUES = np.array([0.25, 0.0, -0.0, np.nan, 0.25, 1.0, 0.001, 0.25, -2.0, np.inf], np.float16)


@pytest.fixture
def many() -> np.ndarray:
    return (np.random.default_rng(7).beta(0.3, 4, 20_000)).astype(np.float16)


def shares(values: np.ndarray, ranks: Ranks) -> np.ndarray:
    return ranks.share[values.view(np.uint16)]


def test_a_share_is_the_mid_rank(many: np.ndarray) -> None:
    expected = (rankdata(many.astype(np.float64), method="average") - 0.5) / len(many)
    assert shares(many, counted(many)) == pytest.approx(expected, abs=1e-6)


def test_shares_rise_with_the_values_and_equals_share_theirs() -> None:
    ranks = counted(VALUES)
    found = shares(VALUES, ranks)
    assert ranks.n == 9
    assert np.isnan(found[3])
    assert found[1] == found[2], "-0 is 0"
    assert found[[8, 1, 6, 0, 5, 9]].tolist() == pytest.approx([0.5 / 9, 2 / 9, 3.5 / 9, 5.5 / 9, 7.5 / 9, 8.5 / 9])


@pytest.mark.parametrize("percent", [0, 1, 50, 90, 99, 99.9, 100])
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(many: np.ndarray, percent: float) -> None:
    found = counted(many).percentile(percent)
    n_wanted = max(Fraction(str(percent)) * len(many) / 100, 1)
    assert found in many
    assert np.count_nonzero(many <= found) >= n_wanted > np.count_nonzero(many < found)


def test_mean_and_maximum_are_those_of_the_values(many: np.ndarray) -> None:
    ranks = counted(many)
    assert ranks.mean == pytest.approx(many.astype(np.float64).mean())
    assert ranks.maximum == many.max()


def test_ranks_grow_by_what_is_added(many: np.ndarray) -> None:
    grown = counted(many[:5000]).and_those(many[5000:])
    assert np.array_equal(grown.counts, counted(many).counts)


def test_without_values_nothing_has_a_rank() -> None:
    ranks = counted(np.full(3, np.nan, np.float16))
    assert ranks.n == 0
    assert np.isnan(ranks.share).all()
    assert np.isnan([ranks.mean, ranks.maximum, ranks.percentile(50)]).all()
