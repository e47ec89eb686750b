"""Reads the text of a selection; whatever does not fit is said with its place and the next step.

selection = operand { ("plus" | "minus" | "and") operand }      from left to right
operand   = term | "not" operand | "(" selection ")"
term      = kind ":" body                                       without spaces
"""

import math
import re
from collections.abc import Callable
from typing import NoReturn, get_args

from ...core.errors import InvalidError
from ...core.spaces import NETWORK_PATTERN, SpaceName
from ...core.suggest import did_you_mean
from .expression import (
    Area,
    Expression,
    Filtered,
    Joint,
    OfArtist,
    OfArtistOf,
    OfRegion,
    OfTrack,
    Picked,
    Place,
    Shape,
    StoredTerm,
    Term,
    inverted,
    joined,
    terms,
)

__all__ = ["MOST_CHARACTERS", "MOST_DEPTH", "MOST_TERMS", "MOST_VERTICES", "TOKEN", "check_terms", "parse"]

MOST_CHARACTERS = 50_000
MOST_TERMS = 100
MOST_DEPTH = 20
MOST_VERTICES = 500
MOST_PICKED = 2000
LARGEST = (1 << 53) - 1
FARTHEST = 1e30
"""Single precision, in which points lie, goes no farther than some 1e38."""

TOKEN = re.compile(r"[0-9a-f]{16}")

_TOKENS = re.compile(r'\s*(?:([()])|(filter:"(?:[^"\\]|\\.)*"|[^\s()]+))')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_AREA = re.compile(
    rf"(?P<space>{NETWORK_PATTERN}/[a-z]+)/(?P<method>[a-z-]+)/(?P<x>[0-9]{{1,9}})/(?P<y>[0-9]{{1,9}})/(?P<numbers>.*)"
)
_REGION = re.compile(
    rf"(?P<space>{NETWORK_PATTERN}/[a-z]+)/(?P<method>[a-z-]+)/(?P<x>[0-9]{{1,9}})/(?P<y>[0-9]{{1,9}})"
    r"/(?P<region>[0-9]{1,9})/(?P<made>[0-9a-zA-Z_-]{1,64})"
)
_PICKED = re.compile(rf"(?P<network>{NETWORK_PATTERN})/(?P<segments>[0-9]+\.[0-9]+(?:_[0-9]+\.[0-9]+)*)")
_JOINTS = get_args(Joint)


def parse(text: str) -> Expression:
    """The expression that a text stands for.

    Raises
    ------
    InvalidError
        The text has another form, or is larger than any selection may be.
    """
    if len(text) > MOST_CHARACTERS:
        raise _too_large(f"has {len(text)} characters", f"{MOST_CHARACTERS}")
    reader = _TextReader(text)
    found = reader.selection(0)
    if reader.token is not None:
        reader.refuse(f"{reader.token!r} is one too many")
    check_terms(sum(1 for _ in terms(found)))
    return found


def check_terms(n_terms: int) -> None:
    """Refuse more terms than a selection may have.

    Raises
    ------
    InvalidError
        They are more.
    """
    if n_terms > MOST_TERMS:
        raise _too_large(f"has {n_terms} terms", f"{MOST_TERMS}")


class _TextReader:
    """Goes from token to token; `token` is the present one, None at the end."""

    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._end = 0
        self._start = 0
        self.token: str | None = None
        self._next()

    def _next(self) -> None:
        found = _TOKENS.match(self._text, self._end)
        if found is None:
            self._start = self._end = len(self._text)
            self.token = None
        else:
            self.token = found[1] or found[2]
            self._start, self._end = found.end() - len(self.token), found.end()

    def selection(self, depth: int) -> Expression:
        found = self._operand(depth)
        while self.token in _JOINTS:
            joint = self.token
            self._next()
            found = joined(found, joint, self._operand(depth))  # type: ignore[arg-type]  # one of the joints
        return found

    def _operand(self, depth: int) -> Expression:
        if depth > MOST_DEPTH:
            raise _too_large(f"is nested more than {MOST_DEPTH} deep", f"{MOST_DEPTH} levels")
        token = self.token
        if token is None:
            self.refuse("something to select is missing")
        if token == "(":
            return self._bracket(depth)
        if token == "not":
            self._next()
            return inverted(self._operand(depth + 1))
        term = self._term(token)
        self._next()
        return term

    def _bracket(self, depth: int) -> Expression:
        self._next()
        found = self.selection(depth + 1)
        if self.token != ")":
            self.refuse("a closing bracket is missing")
        self._next()
        return found

    def _term(self, token: str) -> Term:
        kind, colon, body = token.partition(":")
        if not colon or kind not in _TERMS:
            known = (*(f"{name}:" for name in _TERMS), "not", *_JOINTS)
            self.refuse(f"{_short(token)} is no part of a selection", did_you_mean(f"{kind}:", known, f"Use: {', '.join(known)}."))
        try:
            return _TERMS[kind](body)
        except ValueError as error:
            self.refuse(f"{_short(token)} {error.args[0]}")

    def refuse(self, why: str, hint: str = "") -> NoReturn:
        """Say what does not fit, and where."""
        raise InvalidError(
            "invalid_selection",
            f"This is no selection: {why} (column {self._start + 1}).",
            hint or "Clear the selection, and select again.",
        )


def _area(shape: Shape) -> Callable[[str], Area]:
    def read(body: str) -> Area:
        found = _AREA.fullmatch(body)
        if found is None:
            raise ValueError("has no place: network/layer/projection/x/y/numbers")
        place, numbers = _place(found), _numbers(found["numbers"])
        _CHECKS[shape](numbers)
        return Area(shape, place, numbers)

    return read


def _place(found: re.Match[str]) -> Place:
    try:
        space = SpaceName.parse(found["space"])
    except InvalidError as error:
        raise ValueError("names no layer") from error
    return Place(space, found["method"], int(found["x"]), int(found["y"]))


def _region(body: str) -> OfRegion:
    found = _REGION.fullmatch(body)
    if found is None:
        raise ValueError("names no region: network/layer/projection/x/y/number/made")
    return OfRegion(_place(found), int(found["region"]), found["made"])


def _filter(body: str) -> Filtered:
    found = _QUOTED.fullmatch(body)
    if found is None or not found[1].strip():
        raise ValueError("holds no filter: write it between quotes")
    return Filtered(_ESCAPED.sub(r"\1", found[1]))


def _numbers(text: str) -> tuple[float, ...]:
    try:
        found = tuple(float(part) for part in text.split("_"))
    except ValueError:
        raise ValueError("has something that is no number") from None
    if not all(math.isfinite(number) and abs(number) <= FARTHEST for number in found):
        raise ValueError("reaches farther than any map")
    # as they are written, so that what was read and what is written are the same polygon
    return tuple(float(f"{number:.7g}") for number in found)


def _polygon(numbers: tuple[float, ...]) -> None:
    n_vertices, odd = divmod(len(numbers), 2)
    if odd:
        raise ValueError("has an x without a y")
    if n_vertices < 3:
        raise ValueError(f"has {n_vertices} vertices: three enclose something")
    if n_vertices > MOST_VERTICES:
        raise ValueError(f"has {n_vertices} vertices: at most {MOST_VERTICES} are taken")


def _box(numbers: tuple[float, ...]) -> None:
    if len(numbers) != 4:
        raise ValueError("is no box: x0_x1_y0_y1")
    x0, x1, y0, y1 = numbers
    if not (x0 <= x1 and y0 <= y1):
        raise ValueError("encloses nothing: write x0_x1_y0_y1 with x0 < x1 and y0 < y1")


_CHECKS: dict[Shape, Callable[[tuple[float, ...]], None]] = {"polygon": _polygon, "box": _box}


def _id(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,16}", text) or int(text) > LARGEST:
        raise ValueError("has no number")
    return int(text)


def _picked(body: str) -> Picked:
    found = _PICKED.fullmatch(body)
    if found is None:
        raise ValueError("names no segments: network/track.index_track.index")
    pairs = [part.split(".") for part in found["segments"].split("_")]
    if len(pairs) > MOST_PICKED:
        raise ValueError(f"has {len(pairs)} segments: at most {MOST_PICKED} are picked by hand")
    return Picked(found["network"], tuple(sorted({(_id(track), _id(index)) for track, index in pairs})))


def _stored(body: str) -> StoredTerm:
    if not TOKEN.fullmatch(body):
        raise ValueError("is no token")
    return StoredTerm(body)


_TERMS: dict[str, Callable[[str], Term]] = {
    "polygon": _area("polygon"),
    "box": _area("box"),
    "track": lambda body: OfTrack(_id(body)),
    "artist": lambda body: OfArtist(_id(body)),
    "artist-of": lambda body: OfArtistOf(_id(body)),
    "segments": _picked,
    "filter": _filter,
    "region": _region,
    "stored": _stored,
}


def _short(token: str) -> str:
    return repr(token if len(token) <= 60 else f"{token[:57]}…")


def _too_large(what: str, most: str) -> InvalidError:
    return InvalidError("invalid_selection", f"The selection {what}: at most {most} are taken.", "Select fewer things at once.")
