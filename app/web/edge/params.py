"""What an address asks for, checked: every parameter that does not fit is named with its value."""

import math
from collections.abc import Collection
from typing import overload

from flask import request
from werkzeug.routing import IntegerConverter, Map

from ...core.errors import InvalidError
from ...core.suggest import did_you_mean

__all__ = ["MOST_TAGS", "NumberConverter", "known", "numbers", "required_whole", "text", "whole", "whole_list"]

MOST_TAGS = 1000
"""More than any vocabulary has."""

LARGEST = 2**53
"""Beyond it JavaScript's numbers are no longer whole."""


class NumberConverter(IntegerConverter):
    """`<number:row>` in an address: whole, and no larger than the database and JavaScript hold."""

    def __init__(self, map: Map) -> None:  # noqa: A002  # the base class's name
        super().__init__(map, max=LARGEST)


def known(*names: str) -> None:
    """Refuse parameters other than `names`."""
    for name in request.args:
        if name not in names:
            raise InvalidError("unknown_parameter", f"Unknown parameter {name!r}.", did_you_mean(name, names, _uses(names)))


def text(name: str) -> str | None:
    """A text, or None."""
    return request.args.get(name)


@overload
def whole(name: str, default: int, low: int = 0, high: int = LARGEST) -> int: ...
@overload
def whole(name: str, default: None, low: int = 0, high: int = LARGEST) -> int | None: ...
def whole(name: str, default: int | None, low: int = 0, high: int = LARGEST) -> int | None:
    """A whole number from `low` to `high`."""
    value = request.args.get(name)
    return default if value is None else _whole(name, value, low, high)


def required_whole(name: str) -> int:
    """A whole number that has to be given."""
    return _whole(name, _required(name), 0, LARGEST)


def whole_list(name: str, most: int) -> list[int]:
    """Whole numbers with commas between them, at least one."""
    values = _required(name).split(",")
    if len(values) > most:
        raise InvalidError("too_many", f"{name} has {len(values)} numbers.", f"Ask for at most {most} at once.")
    return [_whole(name, value, 0, LARGEST) for value in values]


def numbers(name: str, n: int) -> tuple[float, ...] | None:
    """`n` finite numbers with commas between them, or None."""
    value = request.args.get(name)
    if value is None:
        return None
    try:
        found = tuple(float(part) for part in value.split(","))
    except ValueError:
        found = ()
    if len(found) != n or not all(map(math.isfinite, found)):
        raise InvalidError("invalid_parameter", f"{name}={value!r} is not {n} numbers.", "Write them with commas between.")
    return found


def _whole(name: str, value: str, low: int, high: int) -> int:
    try:
        number = int(value)
    except ValueError:
        raise InvalidError("invalid_parameter", f"{name}={value!r} is not a whole number.") from None
    if not low <= number <= high:
        bounds = f"from {low} to {high}" if high < LARGEST else f"from {low} on"
        raise InvalidError("invalid_parameter", f"{name}={number} is out of range.", f"Use a whole number {bounds}.")
    return number


def _required(name: str) -> str:
    value = request.args.get(name)
    if value is None:
        raise InvalidError("missing_parameter", f"The parameter {name} is missing.")
    return value


def _uses(names: Collection[str]) -> str:
    return f"Use: {', '.join(names)}." if names else "This address takes none."
