"""Numbers as filters write them: values, percentiles, shares, times, and intervals of them."""

import re
from dataclasses import dataclass

from .errors import FilterError
from .tree import Bound, Interval

__all__ = ["Piece", "is_value", "of_comparison", "of_range"]

NUMBER = re.compile(r"\d+(?:\.\d*)?|\.\d+")
PERCENTILE = re.compile(r"p(\d+(?:\.\d+)?)", re.IGNORECASE)
EXTREME = re.compile(r"(top|bottom)(\d+(?:\.\d+)?)%", re.IGNORECASE)
SHARE = re.compile(r"(\d+(?:\.\d*)?|\.\d+)%")
TIME = re.compile(r"(?:(\d+):)?(\d+):(\d\d(?:\.\d+)?)")
MAX_DIGITS = 15

TAG_HINT = "Write a value from 0 to 1, a percentile as p90, top10%, or a range as 0.1..0.4."
NUMBER_HINTS = {
    "year": "Write a year as 1999, or a range as 1990..1999.",
    "length": "Write minutes and seconds as 4:30, or a range as 2:00..4:30.",
    "start": "Write minutes and seconds as 0:30, or a range as 0:30..1:00.",
    "track": "Write a whole number.",
    "share": "Write a share as 50% or 0.5.",
    "tag": TAG_HINT,
}

Sort = str
"""What is compared: `tag`, `share`, or the name of a field."""


@dataclass(frozen=True)
class Piece:
    """A part of a filter and where it stands."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Behind its last character."""
        return self.start + len(self.text)


def is_value(text: str) -> bool:
    """Whether a text reads as a number, a percentile or a share, so that as a name it needs quotation marks."""
    return any(pattern.fullmatch(text) for pattern in (NUMBER, PERCENTILE, SHARE, TIME))


def of_comparison(sort: Sort, compares: list[tuple[str, Piece]]) -> Interval:
    """What `> p90`, or `> 0.1` and `<= 0.4`, leave of a tag, a field or a share.

    Raises
    ------
    FilterError
        A value does not fit, or the two bound the same side.
    """
    low: Bound | None = None
    high: Bound | None = None
    for sign, piece in compares:
        at, is_percentile = _number(sort, piece)
        if sign == "=":
            if len(compares) > 1:
                raise FilterError(
                    "An equals sign bounds both sides", piece.start, piece.end, "Write for example 0.1 < rock <= 0.4."
                )
            return _equal(sort, at, is_percentile)
        bound = Bound(at, is_percentile, sign in ("<=", ">="))
        if sign in (">", ">="):
            low, taken = bound, low
        else:
            high, taken = bound, high
        if taken is not None:
            raise FilterError("Both signs bound the same side", piece.start, piece.end, "Write for example 0.1 < rock <= 0.4.")
    return Interval(low, high)


def of_range(sort: Sort, piece: Piece) -> Interval:
    """What a text after a colon leaves: `top10%`, `2000`, `..4:30`, `p50..p90`.

    Raises
    ------
    FilterError
        It is none of these.
    """
    extreme = EXTREME.fullmatch(piece.text)
    if extreme and sort == "tag":
        share = _checked_share(float(extreme[2]) / 100, piece)
        if extreme[1].lower() == "top":
            # more than nine tenths of all: never more than a tenth, however many values are equal
            return Interval(low=Bound(round(1 - share, 12), is_percentile=True, is_included=False))
        return Interval(high=Bound(share, is_percentile=True))
    at = piece.text.find("..")
    if at < 0:
        return _equal(sort, *_number(sort, piece))
    if "..." in piece.text:
        dots = piece.start + piece.text.index("...")
        raise FilterError("A range has two dots", dots, dots + 3, f"Write {re.sub(r'[.]{3,}', '..', piece.text)}.")
    low, high = Piece(piece.text[:at], piece.start), Piece(piece.text[at + 2 :], piece.start + at + 2)
    if not low.text and not high.text:
        raise FilterError("The range has no ends", piece.start, piece.end, NUMBER_HINTS[sort])
    interval = Interval(
        Bound(*_number(sort, low)) if low.text else None,
        _until(sort, *_number(sort, high)) if high.text else None,
    )
    if _is_turned_round(interval):
        raise FilterError("The range ends before it begins", piece.start, piece.end, f"Write {high.text}..{low.text}.")
    return interval


def _is_turned_round(interval: Interval) -> bool:
    low, high = interval.low, interval.high
    return low is not None and high is not None and low.is_percentile == high.is_percentile and low.at > high.at


def _equal(sort: Sort, at: float, is_percentile: bool) -> Interval:
    return Interval(Bound(at, is_percentile), _until(sort, at, is_percentile))


def _until(sort: Sort, at: float, is_percentile: bool) -> Bound:
    """The upper end of a range. That of a time is its whole second, since nobody writes parts of it."""
    if sort in ("length", "start") and at == int(at):
        return Bound(at + 1, is_included=False)
    return Bound(at, is_percentile)


def _number(sort: Sort, piece: Piece) -> tuple[float, bool]:
    """(value, whether it is a percentile)."""
    text = piece.text
    if len(text) <= MAX_DIGITS:
        if sort == "tag" and (found := PERCENTILE.fullmatch(text)):
            return _checked_share(round(float(found[1]) / 100, 12), piece), True
        if sort == "share" and (found := SHARE.fullmatch(text)):
            return _checked_share(round(float(found[1]) / 100, 12), piece), False
        if sort in ("length", "start") and (found := TIME.fullmatch(text)):
            return int(found[1] or 0) * 3600 + int(found[2]) * 60 + float(found[3]), False
        if NUMBER.fullmatch(text):
            value = float(text)
            if sort == "share":
                _checked_share(value, piece)
            if sort == "tag" and value > 1:
                raise FilterError(f"Activations go from 0 to 1, not to {text}", piece.start, piece.end, TAG_HINT)
            if sort not in ("year", "track") or value == int(value):
                return value, False
    if sort == "tag" and SHARE.fullmatch(text):
        number = text[:-1]
        hint = f"Write p{number} for the percentile, or top{number}% after a colon."
        raise FilterError(f"`{text}` is no value of a tag", piece.start, piece.end, hint)
    of = {"tag": "a tag", "share": "a share"}.get(sort, f"`{sort}`")
    raise FilterError(f"`{text}` is no value of {of}", piece.start, piece.end, NUMBER_HINTS[sort])


def _checked_share(share: float, piece: Piece) -> float:
    if share > 1:
        raise FilterError(f"`{piece.text}` is more than all", piece.start, piece.end, "Percentiles and shares go up to 100.")
    return share
