"""Histograms beside a map, and the filters that their sliders make."""

from typing import Annotated

from msgspec import Meta

from ...explore.filtering import histograms
from ...explore.filtering.histograms import NumberHistogram, Unit
from ...store import spaces
from ...store.database import database
from ..edge.answers import Answer
from ..edge.instance import editions
from ..edge.parameters import Parameters, Whole
from ..edge.routes import Routes
from .filter_text import FilterText

__all__ = ["routes"]

OF = "`year`, `length`, `artist`, `album`, `genre`, or a tag as filters name it."

routes = Routes("api_histograms")


class AskedHistogram(Parameters):
    """Of what, and under which filter."""

    of: Annotated[str, Meta(description=OF)]
    filter: FilterText = None


class AskedRange(Parameters):
    """Which part of a number to leave."""

    of: Annotated[str, Meta(description=f"{OF} It has numbers.")]
    filter: FilterText = None
    low: Annotated[float | None, Meta(description="At least; without it there is no lower end.")] = None
    high: Annotated[float | None, Meta(description="Less than; without it there is no upper end.")] = None


class AskedWord(Parameters):
    """Which word to ask for, or no longer."""

    of: Annotated[str, Meta(description="`artist`, `album` or `genre`.")]
    word: Annotated[str, Meta(description="As it is spelt.")]
    filter: FilterText = None


class Bin(Answer):
    """Segments whose number lies between two edges."""

    low: float
    high: Annotated[float, Meta(description="Which the bin does not hold.")]
    n_all: Annotated[Whole, Meta(description="Of the collection.")]
    n_matching: Annotated[Whole, Meta(description="Of those that match what the filter says of everything else.")]


class CountedWord(Answer):
    """A word of tracks."""

    word: str
    n_all: Annotated[Whole, Meta(description="Segments of the collection whose tracks have it.")]
    n_matching: Annotated[Whole, Meta(description="Of those that match what the filter says of everything else.")]
    kept: Annotated[bool, Meta(description="Whether the filter asks for it.")]


class Histogram(Answer):
    """How the segments of a network spread over a tag or a field, and how those that match everything else do."""

    of: Annotated[str, Meta(description="As it was asked for.")]
    unit: Annotated[Unit | None, Meta(description="Of numbers; null for words.")]
    bins: Annotated[tuple[Bin, ...], Meta(description="The lowest first; empty for words.")]
    unbounded: Annotated[bool, Meta(description="Whether the last bin holds all that is larger, too.")]
    low: Annotated[float | None, Meta(description="The filter leaves what is at least this; null for no lower end.")]
    high: Annotated[float | None, Meta(description="The filter leaves what is less than this; null for no upper end.")]
    words: Annotated[tuple[CountedWord, ...], Meta(description="Those asked for first, then the commonest; empty for numbers.")]
    n_words: Annotated[Whole, Meta(description="How many words there are in all.")]
    n_without: Annotated[Whole, Meta(description="Segments of which it is not known.")]


class Narrowed(Answer):
    """A filter."""

    filter: Annotated[str, Meta(description="Empty where every segment matches.")]


EXAMPLE = Histogram(
    of="year",
    unit="year",
    bins=(Bin(low=1998.0, high=1999.0, n_all=210, n_matching=31), Bin(low=1999.0, high=2000.0, n_all=182, n_matching=12)),
    unbounded=False,
    low=1998.0,
    high=None,
    words=(),
    n_words=0,
    n_without=44,
)
NARROWED = Narrowed(filter="rock>p90 1998<=year<=1999")


@routes.get(
    "/api/histograms/<network>",
    errors={
        "invalid": ("invalid_filter",),
        "not_found": ("unknown_tag",),
        "not_ready": ("no_features", "preparing"),
    },
    example=EXAMPLE,
)
def one(asked: AskedHistogram, network: str) -> Histogram:
    """How a collection spreads over a tag or a field, and how what the rest of a filter leaves does."""
    session, opened = database.session(), editions()
    stored = spaces.stored(session, network)
    found = histograms.find(session, opened, stored, opened.rows(session, stored), asked.of, asked.filter or "")
    if isinstance(found, NumberHistogram):
        edges = found.edges.tolist()
        counted = zip(edges, edges[1:], found.n_all.tolist(), found.n_matching.tolist(), strict=False)
        bins = tuple(Bin(low=low, high=high, n_all=n_all, n_matching=n) for low, high, n_all, n in counted)
        return Histogram(
            of=asked.of,
            unit=found.unit,
            bins=bins,
            unbounded=found.is_unbounded,
            low=found.low,
            high=found.high,
            words=(),
            n_words=0,
            n_without=found.n_without,
        )
    words = tuple(
        CountedWord(word=each.word, n_all=each.n_all, n_matching=each.n_matching, kept=each.is_kept) for each in found.words
    )
    return Histogram(
        of=asked.of,
        unit=None,
        bins=(),
        unbounded=False,
        low=None,
        high=None,
        words=words,
        n_words=found.n_words,
        n_without=found.n_without,
    )


@routes.get(
    "/api/histograms/<network>/range",
    errors={
        "invalid": ("invalid_filter", "no_number", "empty_range"),
        "not_found": ("unknown_tag",),
        "not_ready": ("no_features",),
    },
    example=NARROWED,
)
def narrow(asked: AskedRange, network: str) -> Narrowed:
    """A filter that leaves a part of a number, in place of what it said of that number."""
    session = database.session()
    stored = spaces.stored(session, network)
    return Narrowed(filter=histograms.with_range(session, stored, asked.of, asked.filter or "", asked.low, asked.high))


@routes.get(
    "/api/histograms/<network>/word",
    errors={"invalid": ("invalid_filter",), "not_found": ("unknown_field",), "not_ready": ("no_features",)},
    example=NARROWED,
)
def toggle(asked: AskedWord, network: str) -> Narrowed:
    """A filter that asks for a word besides those that it asked for, or no longer asks for it."""
    session = database.session()
    stored = spaces.stored(session, network)
    return Narrowed(filter=histograms.with_word(session, stored, asked.of, asked.filter or "", asked.word))
