"""One condition of a filter in place of another: what sliders beside a map change, the rest of the filter stays."""

from collections.abc import Iterator
from typing import TypeAlias

from .tree import And, Condition, InNumber, InTag, InText, NamedTag, NumberField, TextField

__all__ = ["Subject", "conditions_on", "narrowed", "without"]

Subject: TypeAlias = TextField | NumberField | NamedTag
"""What a condition is about."""


def conditions_on(tree: Condition, subject: Subject) -> list[InTag | InNumber | InText]:
    """The conditions on a subject that every match fulfils: not those within brackets, negations and alternatives."""
    return [part for part in _parts(tree) if isinstance(part, InTag | InNumber | InText) and _subject(part) == subject]


def without(tree: Condition, subject: Subject) -> Condition:
    """A filter that leaves a subject free, as far as `conditions_on` knows."""
    own = conditions_on(tree, subject)
    return _joined([part for part in _parts(tree) if part not in own])


def narrowed(tree: Condition, subject: Subject, condition: Condition | None) -> Condition:
    """A filter with a condition in place of those on its subject, at the place of the first; None takes them away."""
    own = conditions_on(tree, subject)
    parts = list(_parts(tree))
    at = next((i for i, part in enumerate(parts) if part in own), len(parts))
    rest = [part for part in parts if part not in own]
    return _joined([*rest[:at], *([] if condition is None else [condition]), *rest[at:]])


def _parts(tree: Condition) -> Iterator[Condition]:
    yield from tree.parts if isinstance(tree, And) else (tree,)


def _subject(part: InTag | InNumber | InText) -> Subject:
    return part.tag if isinstance(part, InTag) else part.field


def _joined(parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else And(tuple(parts))
