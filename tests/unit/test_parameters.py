"""How the parameters of an address are read from what stands behind its question mark."""

from typing import Annotated
from urllib.parse import parse_qsl

import pytest
from msgspec import Meta
from werkzeug.datastructures import MultiDict

from app.core.errors import InvalidError
from app.web.edge.parameters import LARGEST, Parameters, Positive, Whole, reader


class Asked(Parameters, kw_only=True):
    """One of each kind."""

    revision: Whole
    k: Annotated[int, Meta(ge=1, le=100)] = 20
    top: Positive | None = None
    same: bool = False
    name: str | None = None
    rows: Annotated[list[Whole], Meta(max_length=3)] | None = None
    box: tuple[float, float, float, float] | None = None


read = reader(Asked)


def asked(query: str) -> Asked:
    return read(MultiDict(parse_qsl(query, keep_blank_values=True)))


def test_what_is_not_given_has_its_default() -> None:
    assert asked("revision=7") == Asked(revision=7, k=20, top=None, same=False, name=None, rows=None, box=None)


def test_what_is_given_has_its_type() -> None:
    found = asked("revision=0&k=100&top=1&same=1&name=&rows=3,1,2&box=-1,1e3,.5,7")
    expected = Asked(revision=0, k=100, top=1, same=True, name="", rows=[3, 1, 2], box=(-1.0, 1000.0, 0.5, 7.0))
    assert found == expected


@pytest.mark.parametrize(
    ("query", "code", "says"),
    [
        ("", "missing_parameter", "The parameter revision is missing."),
        ("revision=1&kk=2", "unknown_parameter", "Unknown parameter 'kk'. Did you mean k?"),
        ("revision=1&zzzz=2", "unknown_parameter", "Unknown parameter 'zzzz'. Use: revision, k, top, same, name, rows, box."),
        ("revision=1&revision=1", "repeated_parameter", "revision is given 2 times. Write lists with commas between."),
        ("revision=", "invalid_parameter", "revision='' is not a whole number."),
        ("revision=-1", "invalid_parameter", "revision=-1 is out of range. Use a whole number from 0 on."),
        (f"revision={LARGEST + 1}", "invalid_parameter", f"revision={LARGEST + 1} is out of range. Use a whole number from 0 on."),
        ("revision=" + "9" * 5000, "invalid_parameter", "is not a whole number."),
        ("revision=1_0", "invalid_parameter", "revision='1_0' is not a whole number."),
        ("revision=٣", "invalid_parameter", "revision='٣' is not a whole number."),
        ("revision=1&k=0", "invalid_parameter", "k=0 is out of range. Use a whole number from 1 to 100."),
        ("revision=1&same=yes", "invalid_parameter", "same='yes' is not a whole number."),
        ("revision=1&same=2", "invalid_parameter", "same=2 is out of range. Use a whole number from 0 to 1."),
        ("revision=1&rows=1,,2", "invalid_parameter", "rows='' is not a whole number."),
        ("revision=1&rows=1,2,3,4", "too_many", "rows has 4 values. Ask for at most 3 at once."),
        ("revision=1&box=1,2,3", "invalid_parameter", "box='1,2,3' is not 4 numbers. Write them with commas between."),
        ("revision=1&box=1,2,3,inf", "invalid_parameter", "box='1,2,3,inf' is not 4 numbers. Write them with commas between."),
    ],
)
def test_what_does_not_fit_is_named_with_its_value(query: str, code: str, says: str) -> None:
    with pytest.raises(InvalidError) as caught:
        asked(query)
    assert caught.value.code == code
    assert str(caught.value).endswith(says)


def test_a_parameter_of_a_kind_that_no_text_is_read_into_is_refused_when_it_is_declared() -> None:
    class Odd(Parameters):
        """A parameter that cannot be."""

        when: dict[str, int] | None = None

    with pytest.raises(TypeError, match="No text is read into"):
        reader(Odd)
