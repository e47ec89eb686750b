"""A filter, as addresses name it."""

from typing import Annotated, TypeAlias

from msgspec import Meta

from ...filters.grammar import MAX_CHARACTERS

__all__ = ["FilterText"]

FilterText: TypeAlias = Annotated[
    str | None,
    Meta(
        description="Only segments that match, for example `rock>p90 -artist:bach`; docs/filters.md describes the language."
        f" At most {MAX_CHARACTERS} characters."
    ),
]
