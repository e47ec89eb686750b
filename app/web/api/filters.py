"""Filters: is it one, what matches, and what may be written?"""

from typing import Annotated

from msgspec import Meta

from ...explore import filtering
from ...explore.filtering import completing
from ...filters import FilterError
from ...store import spaces
from ...store.database import database
from ..edge.answers import Answer
from ..edge.instance import editions
from ..edge.parameters import Parameters, Whole
from ..edge.routes import Routes

__all__ = ["routes"]

ERRORS = {"not_ready": ("no_features", "preparing")}

routes = Routes("api_filters")


class AskedMatches(Parameters):
    """Which filter."""

    filter: Annotated[str, Meta(description="As people write it.")]


class Problem(Answer):
    """Why a text is no filter."""

    message: str
    hint: Annotated[str, Meta(description="What to write instead; empty where nothing is known.")]
    start: Annotated[Whole, Meta(description="The first character to blame, from 0.")]
    end: Annotated[Whole, Meta(description="Behind the last one.")]


class Matches(Answer):
    """What a filter matches in the whole collection."""

    text: Annotated[str, Meta(description="One spelling for all filters that say the same; empty where there is a problem.")]
    n_segments: Annotated[int, Meta(description="Segments of the network that match.")]
    n_tracks: Annotated[int, Meta(description="Tracks with such a segment.")]
    reason: Annotated[str, Meta(description="Why nothing matches; empty where something does.")]
    problem: Annotated[Problem | None, Meta(description="Null where the text is a filter.")]


class AskedCompletion(Parameters):
    """Where somebody writes."""

    filter: Annotated[str, Meta(description="What stands in the box.")]
    cursor: Annotated[Whole, Meta(description="Before which character the cursor stands, from 0.")]


class Suggestion(Answer):
    """Something that may be written, or gone to."""

    kind: Annotated[str, Meta(description="`track`, `artist`, `album`, `tag`, `field`, `function`, `value` or `keyword`.")]
    text: Annotated[str, Meta(description="What to write in place of the characters from `start` to `end`.")]
    start: Whole
    label: Annotated[str, Meta(description="What to show.")]
    note: str
    track_id: Annotated[int | None, Meta(description="Of a track, which is gone to; null for all others.")]


class Completion(Answer):
    """What may be written at a place."""

    end: Annotated[Whole, Meta(description="Where what suggestions replace ends.")]
    suggestions: tuple[Suggestion, ...]


EXAMPLE = Matches(text="rock>p90", n_segments=246, n_tracks=31, reason="", problem=None)
COMPLETION = Completion(
    end=2,
    suggestions=(Suggestion(kind="tag", text="rock>p90", start=0, label="rock", note="MSD MusiCNN", track_id=None),),
)


@routes.get("/api/filters/<network>", errors=ERRORS, example=EXAMPLE)
def check(asked: AskedMatches, network: str) -> Matches:
    """Whether a text is a filter, and what matches it: segments and tracks of a whole network, exactly.

    A text that is no filter is answered with the place and the reason, since whoever asks wants to know.
    """
    session, opened = database.session(), editions()
    stored = spaces.stored(session, network)
    table = opened.rows(session, stored)
    try:
        found = filtering.mask(session, opened, stored, table, asked.filter)
    except FilterError as error:
        return Matches(text="", n_segments=0, n_tracks=0, reason="", problem=_problem(error))
    reason = "" if found.n_segments else filtering.why_none(session, opened, stored, table, found)
    return Matches(text=found.text, n_segments=found.n_segments, n_tracks=found.n_tracks, reason=reason, problem=None)


@routes.get("/api/filters/<network>/completion", errors={"not_ready": ("no_features",)}, example=COMPLETION)
def complete(asked: AskedCompletion, network: str) -> Completion:
    """What may be written at a place of a filter: tracks, artists and albums with these words, tags, fields, values."""
    session, opened = database.session(), editions()
    stored = spaces.stored(session, network)
    found = completing.complete(session, stored.name, opened.rows(session, stored), asked.filter, asked.cursor)
    return Completion(
        end=found.end,
        suggestions=tuple(
            Suggestion(kind=each.kind, text=each.text, start=each.start, label=each.label, note=each.note, track_id=each.track_id)
            for each in found.suggestions
        ),
    )


def _problem(error: FilterError) -> Problem:
    return Problem(message=error.message, hint=error.hint, start=error.start, end=error.end)
