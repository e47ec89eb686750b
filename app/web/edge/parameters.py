"""What an address asks for, checked: every parameter that does not fit is named with its value.

The parameters of an address are the fields of one struct. A field's type says what fits, its `Meta` what it means:

    class Asked(Parameters):
        revision: Annotated[Whole, Meta(description="The revision that the rows are of.")]
        tags: Annotated[int, Meta(ge=0, le=1000, description="How many tags, the strongest first.")] = 5

How a struct is read is worked out once, when its address is declared.
"""

import math
import re
from collections.abc import Callable, Collection
from typing import Annotated, Any, TypeAlias, TypeVar

from msgspec import NODEFAULT, Meta, Struct, inspect
from werkzeug.datastructures import MultiDict

from ...core.errors import InvalidError
from ...core.suggest import did_you_mean

__all__ = ["LARGEST", "Parameters", "Positive", "Whole", "errors", "out_of_range", "reader"]

LARGEST = 2**53
"""Beyond it JavaScript's numbers are no longer whole."""

Whole: TypeAlias = Annotated[int, Meta(ge=0, le=LARGEST)]
"""A whole number that the database and JavaScript hold."""

Positive: TypeAlias = Annotated[int, Meta(ge=1, le=LARGEST)]

WHOLE = re.compile(r"-?[0-9]{1,30}")
"""Narrower than `int`, which also takes spaces, underscores and the digits of every script."""


class Parameters(Struct):
    """What a request may ask for in its query string."""


Asked = TypeVar("Asked", bound=Parameters)
Read: TypeAlias = Callable[[str, str], Any]
"""The value of a parameter, from its name and its text."""


def reader(kind: type[Asked]) -> Callable[[MultiDict[str, str]], Asked]:
    """What reads the parameters of a request into `kind`.

    Raises
    ------
    TypeError
        A field has a type that no text is read into.
    """
    fields = _fields(kind)
    reads = {field.name: _read(field.type) for field in fields}
    required = [field.name for field in fields if field.default is NODEFAULT]

    def read(arguments: MultiDict[str, str]) -> Asked:
        given = {}
        for name, texts in arguments.lists():
            if name not in reads:
                raise InvalidError("unknown_parameter", f"Unknown parameter {name!r}.", did_you_mean(name, reads, _uses(reads)))
            if len(texts) > 1:
                raise InvalidError("repeated_parameter", f"{name} is given {len(texts)} times.", "Write lists with commas between.")
            given[name] = reads[name](name, texts[0])
        for name in required:
            if name not in given:
                raise InvalidError("missing_parameter", f"The parameter {name} is missing.")
        return kind(**given)

    return read


def errors(kind: type[Parameters]) -> tuple[str, ...]:
    """The codes of errors that reading the parameters can end with."""
    fields = _fields(kind)
    return (
        *(("invalid_parameter", "repeated_parameter") if fields else ()),
        *(("missing_parameter",) if any(field.default is NODEFAULT for field in fields) else ()),
        *(("too_many",) if any(isinstance(_inner(field.type), inspect.ListType) for field in fields) else ()),
    )


def out_of_range(name: str, number: int, low: int, high: int) -> InvalidError:
    """The error for a number that is too small or too large."""
    bounds = f"from {low} to {high}" if high < LARGEST else f"from {low} on"
    return InvalidError("invalid_parameter", f"{name}={number} is out of range.", f"Use a whole number {bounds}.")


def _fields(kind: type[Parameters]) -> tuple[inspect.Field, ...]:
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    return described.fields


def _inner(kind: inspect.Type) -> inspect.Type:
    """A type without its description and without None, which is a default and never a text."""
    match kind:
        case inspect.Metadata(type=inner) | inspect.UnionType(types=(inner, inspect.NoneType())):
            return _inner(inner)
        case _:
            return kind


def _read(kind: inspect.Type) -> Read:
    match _inner(kind):
        case inspect.IntType(ge=low, le=high):
            return _whole(0 if low is None else low, LARGEST if high is None else high)
        case inspect.FloatType():
            return _number
        case inspect.BoolType():
            return _flag
        case inspect.StrType():
            return _text
        case inspect.LiteralType(values=choices):
            return _choice(tuple(map(str, choices)))
        case inspect.ListType(item_type=item, max_length=int(most)):
            return _list(_read(item), most)
        case inspect.TupleType(item_types=items) if all(isinstance(item, inspect.FloatType) for item in items):
            return _numbers(len(items))
        case _:
            raise TypeError(f"No text is read into {kind}.")


def _text(name: str, text: str) -> str:
    return text


def _choice(choices: tuple[str, ...]) -> Read:
    def read(name: str, text: str) -> str:
        if text not in choices:
            raise InvalidError(
                "invalid_parameter", f"{name}={text!r} is none of its values.", did_you_mean(text, choices, _uses(choices))
            )
        return text

    return read


def _whole(low: int, high: int) -> Read:
    def read(name: str, text: str) -> int:
        if not WHOLE.fullmatch(text):
            raise InvalidError("invalid_parameter", f"{name}={text!r} is not a whole number.")
        number = int(text)
        if not low <= number <= high:
            raise out_of_range(name, number, low, high)
        return number

    return read


def _flag(name: str, text: str) -> bool:
    return bool(_zero_or_one(name, text))


_zero_or_one = _whole(0, 1)


def _list(read_item: Read, most: int) -> Read:
    def read(name: str, text: str) -> list[Any]:
        parts = text.split(",")
        if len(parts) > most:
            raise InvalidError("too_many", f"{name} has {len(parts)} values.", f"Ask for at most {most} at once.")
        return [read_item(name, part) for part in parts]

    return read


def _number(name: str, text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise InvalidError("invalid_parameter", f"{name}={text!r} is not a number.", "Write it as 0.5 or 12.")
    return found


def _numbers(n: int) -> Read:
    def read(name: str, text: str) -> tuple[float, ...]:
        try:
            found = tuple(map(float, text.split(",")))
        except ValueError:
            found = ()
        if len(found) != n or not all(map(math.isfinite, found)):
            raise InvalidError("invalid_parameter", f"{name}={text!r} is not {n} numbers.", "Write them with commas between.")
        return found

    return read


def _uses(names: Collection[str]) -> str:
    return f"Use: {', '.join(names)}." if names else "This address takes none."
