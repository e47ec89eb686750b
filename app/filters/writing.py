"""From a tree to text: one spelling for filters that say the same, which reads as the same tree again."""

import re
from collections.abc import Callable
from decimal import Decimal

from .grammar import PLAIN_WORD
from .tree import (
    And,
    Bound,
    Condition,
    InAnyText,
    InNumber,
    InTag,
    Interval,
    InText,
    Measured,
    NamedTag,
    Not,
    Or,
    Quantified,
    Shared,
    Text,
)
from .values import is_value
from .vocabulary import FIELDS

__all__ = ["write"]

WORD = re.compile(PLAIN_WORD)
RESERVED = {"and", "or", "not", "any", "all", "share", "mean", "max"}
"""Before a bracket some of them would read as something else."""

PLAIN_VALUE = re.compile(r"[^\s()\"|=/][^\s()\"|]*")


def write(tree: Condition, network: str) -> str:
    """The text of a tree; tags of `network` are written without its name."""
    return _Spelling(network).text(tree)


class _Spelling:
    def __init__(self, network: str) -> None:
        self._network = network

    def text(self, tree: Condition) -> str:
        match tree:
            case Or(parts):
                return " or ".join(self.text(part) for part in parts)
            case And(parts):
                return " ".join(self._closed(part, Or) for part in parts)
            case Not(part):
                return f"-{self._closed(part, And, Or, Not)}"
            case InAnyText(text):
                return text if _is_word(text) else _quoted(text)
            case InTag(tag, interval):
                return _compared(self._name(tag), interval, _number)
            case InNumber(field, interval):
                return _compared(field, interval, _time if field in ("length", "start") else _number)
            case InText(field, texts):
                return f"{field}:{'|'.join(map(_value, texts))}"
            case Measured(measure, tag, interval):
                return _compared(f"{measure}({self._name(tag)})", interval, _number)
            case Quantified(which, part):
                return f"{which}({self.text(part)})"
            case Shared(part, interval):
                return _compared(f"share({self.text(part)})", interval, _number)

    def _closed(self, part: Condition, *kinds: type) -> str:
        text = self.text(part)
        return f"({text})" if isinstance(part, kinds) else text

    def _name(self, tag: NamedTag) -> str:
        name = tag.label if tag.network == self._network else f"{tag.network}/{tag.label}"
        is_plain = _is_word(name) and not is_value(name) and name.lower() not in FIELDS
        # a label with a slash would read as one of another network
        return name if is_plain and "/" not in tag.label else _quoted(name)


def _is_word(text: str) -> bool:
    return bool(WORD.fullmatch(text)) and text.lower() not in RESERVED


def _compared(name: str, interval: Interval, number: Callable[[Decimal], str]) -> str:
    low, high = interval.low, interval.high
    if low is None and high is None:
        raise ValueError("an interval has an end")
    if high is None:
        assert low is not None
        return f"{name}{'>=' if low.is_included else '>'}{_bound(low, number)}"
    if low is None:
        return f"{name}{'<=' if high.is_included else '<'}{_bound(high, number)}"
    if low == high and low.is_included:
        return f"{name}={_bound(low, number)}"
    left, right = ("<=" if bound.is_included else "<" for bound in (low, high))
    return f"{_bound(low, number)}{left}{name}{right}{_bound(high, number)}"


def _bound(bound: Bound, number: Callable[[Decimal], str]) -> str:
    # in decimals: 0.29 * 100 would be 28.999…
    at = Decimal(repr(float(bound.at)))
    return f"p{_number(at * 100)}" if bound.is_percentile else number(at)


def _time(seconds: Decimal) -> str:
    """4:30; numbers below a minute, and those with parts of a second, as they are."""
    if seconds < 60 or seconds != int(seconds):
        return _number(seconds)
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _value(text: Text) -> str:
    if text.kind == "pattern":
        return "/{}/".format(text.text.replace("/", "\\/"))
    written = text.text if PLAIN_VALUE.fullmatch(text.text) else _quoted(text.text)
    return f"={written}" if text.kind == "whole" else written


def _quoted(text: str) -> str:
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))
