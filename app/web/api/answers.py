"""Answers that several addresses give: tracks and segments."""

from typing import Annotated

from msgspec import Meta

from ...explore import segments
from ...store.tracks import Shown
from ..edge.answers import Answer
from ..edge.parameters import Whole
from ..media import sound

__all__ = ["SEGMENT", "Segment", "TagValue", "Track", "segment", "track"]


class Track(Answer):
    """A track as the player shows it."""

    id: int
    title: Annotated[str, Meta(description="The name of its file, without the suffix, where it has no title.")]
    artist: str | None
    album: str | None
    year: int | None
    duration_s: float | None
    state: Annotated[str, Meta(description="`present`, or `missing` when its sound is.")]
    audio: Annotated[str | None, Meta(description="The address of its sound; null when it is missing.")]


class TagValue(Answer):
    """A tag and its activation."""

    label: str
    value: Annotated[float, Meta(description="0 to 1, rounded to 4 decimals.")]


class Segment(Answer):
    """What plays, and what the network calls it."""

    row: Whole
    track: Track
    index: Annotated[Whole, Meta(description="Which segment of its track, from 0.")]
    first_row: Annotated[Whole, Meta(description="The first row of its track; its last is `first_row + n_segments - 1`.")]
    n_segments: Annotated[int, Meta(description="How many segments its track has.")]
    start_s: float
    end_s: float
    tags: Annotated[tuple[TagValue, ...], Meta(description="The strongest first; empty for networks without a tag space.")]


SEGMENT = Segment(
    row=17,
    track=Track(
        id=3,
        title="310 World Map (loop)",
        artist="Aaron Krogh",
        album=None,
        year=None,
        duration_s=87.33,
        state="present",
        audio="/audio/3",
    ),
    index=4,
    first_row=13,
    n_segments=29,
    start_s=11.968,
    end_s=14.96,
    tags=(TagValue(label="ambient", value=0.41),),
)
"""An example."""


def track(found: Shown) -> Track:
    """A stored track as it is answered."""
    return Track(
        id=found.id,
        title=found.title,
        artist=found.artist,
        album=found.album,
        year=found.year,
        duration_s=found.duration_s,
        state="present" if found.is_present else "missing",
        audio=sound.address(found.id) if found.is_present else None,
    )


def segment(found: segments.Segment) -> Segment:
    """A segment as it is answered."""
    return Segment(
        row=found.row,
        track=track(found.track),
        index=found.index,
        first_row=found.first_row,
        n_segments=found.n_segments,
        start_s=found.start_s,
        end_s=found.end_s,
        tags=tuple(TagValue(label=tag.label, value=round(tag.value, 4)) for tag in found.tags),
    )
