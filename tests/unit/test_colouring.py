"""Levels of colour against references that sort and loop."""

import numpy as np
import pytest
from scipy.stats import rankdata

from app.core.errors import InvalidError
from app.core.ranks import counted
from app.explore.map.colouring import parse, scales
from app.explore.map.colouring.categories import N_COLOURS, OTHERS, coloured, colours_of
from app.explore.map.colouring.names import DifferenceName, FieldName, TagName, TopName
from app.explore.map.colouring.scales import NO_VALUE, Ramp

STRONG = np.random.default_rng(3).beta(0.3, 2, 20_000).astype(np.float16)
WEAK = (STRONG * np.float16(0.02)).astype(np.float16)
DIFFERENCES = np.random.default_rng(4).normal(0, 0.2, 20_000).astype(np.float16)


def levels(ramp: Ramp, values: np.ndarray) -> np.ndarray:
    return ramp.levels[np.asarray(values, np.float16).view(np.uint16)].astype(int)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("msd-musicnn/rock", TagName("msd-musicnn", "rock")),
        ("a/b/c", TagName("a", "b/c")),
        ("top/msd-vgg", TopName("msd-vgg")),
        ("field/artist", FieldName("artist")),
        ("field/file-tags/mood/theme", FieldName("file-tags/mood/theme")),
        ("difference/a/b/c/d", DifferenceName("a", "b", "c/d")),
    ],
)
def test_names_are_read_and_written_alike(text: str, name: object) -> None:
    assert parse(text) == name
    assert str(name) == text


@pytest.mark.parametrize("text", ["", "rock", "/rock", "rock/", "top/", "top/a/b", "field/", "difference/a/b", "difference/a//c"])
def test_other_names_are_refused(text: str) -> None:
    with pytest.raises(InvalidError, match="names nothing that colours a map"):
        parse(text)


@pytest.mark.parametrize("values", [STRONG, WEAK], ids=["strong", "weak"])
def test_a_level_is_the_mid_rank_as_far_as_the_tag_is_heard(values: np.ndarray) -> None:
    ramp = scales.by_rank(counted(values))
    p99 = np.percentile(values.astype(np.float64), 99, method="inverted_cdf")
    expected = (rankdata(values.astype(np.float64)) - 0.5) / len(values) * min(1, p99 / 0.05) * 254
    assert np.abs(levels(ramp, values) - expected).max() <= 0.51
    assert ramp.is_weak == (p99 < 0.05)
    assert [mark.value for mark in ramp.marks] == [np.percentile(values, p, method="inverted_cdf") for p in (50, 90, 99, 100)]


def test_no_number_has_no_level_and_equals_share_theirs() -> None:
    values = np.array([0.5, 0, 0.5, np.nan, -0.0], np.float16)
    assert levels(scales.by_rank(counted(values)), values).tolist() == [190, 64, 190, NO_VALUE, 64]
    assert (scales.by_rank(counted(values[3:4])).levels == NO_VALUE).all()


@pytest.mark.parametrize("values", [STRONG, WEAK], ids=["strong", "weak"])
@pytest.mark.parametrize("make", [scales.by_rank, scales.by_value])
def test_the_numbers_of_levels_lead_back_to_them(values: np.ndarray, make: object) -> None:
    ramp = make(counted(values))
    assert len(ramp.values) == 255
    assert list(ramp.values) == sorted(ramp.values)
    assert values.min() == pytest.approx(ramp.values[0], abs=1e-6)
    assert values.max() >= ramp.values[-1] * 0.999
    found = levels(ramp, values)
    for level in (found.max() // 3, found.max() // 2, found.max()):
        assert values[found >= level].min() >= ramp.values[level] * 0.999
        assert values[found < level].max() <= ramp.values[level] * 1.001


def test_a_difference_has_zero_in_the_middle_and_sides_that_mirror_each_other() -> None:
    for scale in ("rank", "value"):
        ramp = scales.diverging(counted(DIFFERENCES), counted(np.abs(DIFFERENCES)), scale)
        assert levels(ramp, np.array([0.0, -0.0])).tolist() == [127, 127]
        found, mirrored = levels(ramp, DIFFERENCES), levels(ramp, -DIFFERENCES)
        assert np.abs(found + mirrored - 254).max() <= 1
        order = np.argsort(DIFFERENCES, kind="stable")
        assert (np.diff(found[order]) >= 0).all()
        assert found.min() <= 1
        assert found.max() >= 253


def test_words_beyond_the_twelve_commonest_share_a_colour() -> None:
    words = [f"word {i}" for i in range(20)]
    colours, categories = coloured(words, np.arange(20, 0, -1))
    assert sorted(colours[:12].tolist()) == list(range(N_COLOURS))
    assert (colours[12:] == OTHERS).all()
    assert [category.word for category in categories] == [*words[:12], None]
    assert categories[-1].n == sum(range(1, 9))


def test_words_that_nothing_has_stand_on_no_legend() -> None:
    _, categories = coloured(["a", "b"], np.array([0, 3]))
    assert [category.word for category in categories] == ["b"]


def test_a_word_keeps_its_colour_while_rarer_ones_come_and_go() -> None:
    words = ["rock", "jazz", "ambient", "folk", "metal", "pop", "soul"]
    colours = colours_of(words)
    assert len(set(colours)) == len(words)
    for n in range(len(words)):
        assert colours_of(words[:n]) == colours[:n]
    assert colours_of(["Rock"]) == colours[:1], "a tag and a genre of one name have one colour"
