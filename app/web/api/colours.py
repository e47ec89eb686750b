"""What colours points, as it is answered."""

from typing import Annotated

from msgspec import Meta

from ...explore.map.colouring import Categories, Colouring, Scale
from ...explore.map.colouring.categories import OTHERS, STEPS
from ..edge.answers import Answer
from ..edge.parameters import Whole

__all__ = ["EXAMPLE", "Colour", "colour"]


class ColourMark(Answer):
    """A number on the scale of a colour."""

    percent: Annotated[float, Meta(description="So many percent of the collection's segments do not exceed it.")]
    value: float
    level: Whole


class ColourCategory(Answer):
    """A word on the legend of a colour."""

    word: Annotated[str | None, Meta(description="Null for all words that are not among the commonest.")]
    colour: Annotated[Whole, Meta(description=f"0 to {OTHERS - 1}, which stays with the word; {OTHERS} for all others.")]
    n: Annotated[int, Meta(description="Segments of the collection that have it.")]


class Colour(Answer):
    """What colours the points, and what their levels mean.

    Unless the scale is `shown` it stays the same while you pan and zoom.
    """

    name: Annotated[str, Meta(description="As it was asked for.")]
    kind: Annotated[str, Meta(description="`number`, `difference` (a number below or above zero) or `word`.")]
    unit: Annotated[str | None, Meta(description="Of numbers: `activation`, `difference`, `year` or `seconds`.")]
    scale: Scale
    values: Annotated[tuple[float, ...], Meta(description="The smallest number of each level from 0 to 254; empty for words.")]
    marks: Annotated[tuple[ColourMark, ...], Meta(description="Numbers to write beside the ramp; empty for words.")]
    weak: Annotated[bool, Meta(description="Whether 99 % of the collection are so small that the ramp does not reach its end.")]
    steps: Annotated[
        Whole, Meta(description="Levels of each word's colour, from faint to strong: `level = colour * steps + step`.")
    ]
    categories: Annotated[tuple[ColourCategory, ...], Meta(description="The commonest first; empty for numbers.")]
    n_without: Annotated[int, Meta(description="Points sent that have no value: level 255.")]


EXAMPLE = Colour(
    name="top/msd-musicnn",
    kind="word",
    unit=None,
    scale="rank",
    values=(),
    marks=(),
    weak=False,
    steps=STEPS,
    categories=(ColourCategory(word="rock", colour=7, n=1200), ColourCategory(word=None, colour=OTHERS, n=630)),
    n_without=0,
)


def colour(found: Colouring, scale: Scale, n_without: int) -> Colour:
    """A colouring as it is answered."""
    if isinstance(found, Categories):
        categories = tuple(ColourCategory(word=each.word, colour=each.colour, n=each.n) for each in found.categories)
        return Colour(
            name=str(found.name),
            kind="word",
            unit=None,
            scale=scale,
            values=(),
            marks=(),
            weak=False,
            steps=STEPS,
            categories=categories,
            n_without=n_without,
        )
    ramp = found.ramp
    return Colour(
        name=str(found.name),
        kind="difference" if found.unit == "difference" else "number",
        unit=found.unit,
        scale=scale,
        values=ramp.values,
        marks=tuple(ColourMark(percent=mark.percent, value=round(mark.value, 4), level=mark.level) for mark in ramp.marks),
        weak=ramp.is_weak,
        steps=1,
        categories=(),
        n_without=n_without,
    )
