"""The text of a selection: what is written is read again, and what cannot be read is said with its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import InvalidError
from app.core.spaces import Layer, SpaceName
from app.explore.selection.expression import (
    Area,
    Expression,
    Filtered,
    Inverted,
    Joined,
    OfArtist,
    OfArtistOf,
    OfRegion,
    OfTrack,
    Picked,
    Place,
    StoredTerm,
    inverted,
    joined,
    text,
)
from app.explore.selection.reading import MOST_CHARACTERS, MOST_DEPTH, MOST_TERMS, MOST_VERTICES, parse

PLACE = Place(SpaceName("msd-musicnn", Layer.EMBEDDINGS), "std-pca", 3, 0)
AT = "msd-musicnn/embeddings/std-pca/3/0"
ids = st.integers(0, (1 << 53) - 1)
numbers = st.floats(-1e30, 1e30).map(lambda value: float(f"{value:.7g}"))
terms = st.one_of(
    st.builds(OfTrack, ids),
    st.builds(OfArtist, ids),
    st.builds(OfArtistOf, ids),
    st.builds(OfRegion, st.just(PLACE), st.integers(0, 999_999_999), st.from_regex(r"[0-9a-f]{8}", fullmatch=True)),
    st.text(min_size=1).filter(str.strip).map(Filtered),
    st.builds(StoredTerm, st.from_regex(r"[0-9a-f]{16}", fullmatch=True)),
    st.sets(st.tuples(ids, ids), min_size=1, max_size=5).map(lambda pairs: Picked("mtt-vgg", tuple(sorted(pairs)))),
    st.lists(numbers, min_size=3, max_size=8).map(lambda values: Area("polygon", PLACE, tuple(values * 2))),
)
expressions: st.SearchStrategy[Expression] = st.recursive(
    terms,
    lambda inner: st.one_of(
        inner.map(inverted), st.builds(joined, inner, st.sampled_from(["plus", "minus", "and"]), inner)
    ),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None, derandomize=True, database=None)
@given(expressions)
def test_what_is_written_is_read_again(expression: Expression) -> None:
    assert parse(text(expression)) == expression


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        (" track:7  plus artist:3 ", "track:7 plus artist:3"),
        ("(track:7) minus (artist:3)", "track:7 minus artist:3"),
        ("(track:1 plus track:2) and track:3", "track:1 plus track:2 and track:3"),
        ("track:1 plus (track:2 and track:3)", "track:1 plus (track:2 and track:3)"),
        ("not not track:1", "track:1"),
        ("not (not (track:1 plus track:2))", "track:1 plus track:2"),
        ("not(track:1 and track:2)", "not (track:1 and track:2)"),
        (r'filter:"rock>p90 \"female vocalists\">p80" minus track:1', r'filter:"rock>p90 \"female vocalists\">p80" minus track:1'),
        ("segments:msd-vgg/9.1_2.4_9.1", "segments:msd-vgg/2.4_9.1"),
        (f"polygon:{AT}/0.123456789_1_2_3_4_5e-9", f"polygon:{AT}/0.1234568_1_2_3_4_5e-09"),
        (f"box:{AT}/-1.50_2_3_4", f"box:{AT}/-1.5_2_3_4"),
    ],
)
def test_an_expression_is_written_in_one_way_only(asked: str, written: str) -> None:
    assert text(parse(asked)) == written


def test_joints_are_read_from_left_to_right() -> None:
    assert parse("track:1 plus track:2 and not track:3") == Joined(
        OfTrack(1), (("plus", OfTrack(2)), ("and", Inverted(OfTrack(3))))
    )


@pytest.mark.parametrize(
    ("asked", "message", "hint"),
    [
        ("", "something to select is missing (column 1)", "Clear"),
        ("track:1 plus", "something to select is missing (column 13)", "Clear"),
        ("track:1 track:2", "'track:2' is one too many (column 9)", "Clear"),
        ("(track:1", "a closing bracket is missing (column 9)", "Clear"),
        ("track:1)", "')' is one too many (column 8)", "Clear"),
        ("trak:1", "'trak:1' is no part of a selection (column 1)", "Did you mean track:?"),
        ("track:1 plus 17", "'17' is no part of a selection (column 14)", "Use: polygon:"),
        ("track:x", "'track:x' has no number (column 1)", "Clear"),
        ("track:٣", "has no number", "Clear"),
        (f"track:{1 << 53}", "has no number", "Clear"),
        ("stored:xyz", "is no token", "Clear"),
        ("filter:rock", "holds no filter: write it between quotes", "Clear"),
        ('filter:" "', "holds no filter", "Clear"),
        (f"region:{AT}/x", "names no region", "Clear"),
        ("segments:msd-vgg/", "names no segments", "Clear"),
        ("polygon:msd-musicnn/embeddings/umap/0/1", "has no place", "Clear"),
        ("polygon:msd-musicnn/middle/umap/0/1/1_2_3_4_5_6", "names no layer", "Clear"),
        (f"polygon:{AT}/1_2_3_4", "has 2 vertices: three enclose something", "Clear"),
        (f"polygon:{AT}/1_2_3_4_5", "has an x without a y", "Clear"),
        (f"polygon:{AT}/1_2_3_4_5_nan", "reaches farther than any map", "Clear"),
        (f"polygon:{AT}/1_2_3_4_5_1e31", "reaches farther than any map", "Clear"),
        (f"polygon:{AT}/1_2_3_4_5_six", "has something that is no number", "Clear"),
        (f"polygon:{AT}/{'_'.join(['1'] * 2 * (MOST_VERTICES + 1))}", "has 501 vertices: at most 500 are taken", "Clear"),
        (f"box:{AT}/1_2_3", "is no box", "Clear"),
        (f"box:{AT}/2_1_3_4", "encloses nothing", "Clear"),
        (" plus ".join(["track:1"] * (MOST_TERMS + 1)), "has 101 terms", "Select fewer"),
        ("(" * 200 + "track:1" + ")" * 200, f"nested more than {MOST_DEPTH} deep", "Select fewer"),
        ("not " * 5000 + "track:1", f"nested more than {MOST_DEPTH} deep", "Select fewer"),
        ("x" * (MOST_CHARACTERS + 1), "has 50001 characters", "Select fewer"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place_and_the_next_step(asked: str, message: str, hint: str) -> None:
    with pytest.raises(InvalidError) as raised:
        parse(asked)
    assert raised.value.code == "invalid_selection"
    assert message in raised.value.message
    assert raised.value.message.endswith(".")
    assert len(raised.value.message) < 200
    assert raised.value.hint.startswith(hint)
