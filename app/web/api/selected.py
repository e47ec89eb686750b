"""What is in a selection: tags, tracks, and all of it as a file."""

from hashlib import blake2b
from typing import Annotated, Literal

from flask import Response, stream_with_context
from msgspec import Meta

from ...explore.selection import export, listing, tags
from ...explore.selection.listing import TrackPage, TrackSort
from ...explore.selection.tags import TagContrast
from ...store.database import database
from ..edge.answers import Answer, Binary
from ..edge.instance import editions
from ..edge.parameters import Whole
from ..edge.routes import Routes
from .answers import SEGMENT, Track, track
from .selections import ERRORS, SelectionAsked, selected

__all__ = ["routes"]

MOST_TRACKS = 100
MOST_TAGS = 50
FILES = {"csv": (export.as_csv, "text/csv"), "json": (export.as_json, "application/json")}

routes = Routes("api_selected")


class TagsAsked(SelectionAsked):
    """Which selection, and how many tags."""

    limit: Annotated[int, Meta(ge=1, le=MOST_TAGS, description="The most tags of each list.")] = 8


class TracksAsked(SelectionAsked):
    """Which tracks, and in what order."""

    sort: Annotated[
        TrackSort,
        Meta(description="By how many of their segments are selected (`count`), `title`, `artist`, or as indexed (`start`)."),
    ] = "count"
    descending: Annotated[bool | None, Meta(description="1: the most, or Z, first; else 1 for counts only.")] = None
    offset: Annotated[Whole, Meta(description="How many tracks to leave out from the beginning.")] = 0
    limit: Annotated[int, Meta(ge=1, le=MOST_TRACKS, description="The most tracks to answer.")] = MOST_TRACKS


class FileAsked(SelectionAsked):
    """Which selection, and what kind of file."""

    kind: Annotated[Literal["csv", "json"], Meta(description="The format of the file.")] = "csv"


class ContrastedTag(Answer):
    """A tag inside a selection, beside the whole collection."""

    label: str
    n_strong: Annotated[int, Meta(description="Selected segments that are among the strongest tenth of the collection.")]
    share: Annotated[float, Meta(description="Of the selected segments, those that are.")]
    share_of_all: Annotated[float, Meta(description="Of all segments; about .1, more where many share a value.")]
    lift: Annotated[float, Meta(description="`share` divided by `share_of_all`.")]
    mean_rank: Annotated[float, Meta(description="Of the selected segments among all, 0 to 1; .5 is the whole collection's.")]


class SelectionTags(Answer):
    """Tags that a selection has more of than the collection, and fewer, the most distinctive first."""

    n_heard: Annotated[int, Meta(description="Selected segments that were compared.")]
    n_needed: Annotated[int, Meta(description="With fewer, both lists are empty: they would say nothing.")]
    over: tuple[ContrastedTag, ...]
    under: tuple[ContrastedTag, ...]


class ListedTrack(Answer):
    """A track of a selection."""

    track: Track
    n_selected: Annotated[int, Meta(description="How many of its segments are selected.")]
    n_segments: Annotated[int, Meta(description="How many it has.")]
    row: Annotated[Whole, Meta(description="Its first selected segment.")]


class SelectionTracks(Answer):
    """Tracks of a selection."""

    n_tracks: Annotated[int, Meta(description="How many there are, of which this is a page.")]
    revision: Annotated[Whole, Meta(description="The revision at which the rows were read.")]
    edition: Annotated[str, Meta(description="Another one whenever the pages of this list may be others.")]
    tracks: tuple[ListedTrack, ...]


TAGS = SelectionTags(
    n_heard=87,
    n_needed=tags.FEWEST,
    over=(ContrastedTag(label="ambient", n_strong=61, share=0.7011, share_of_all=0.1, lift=7.011, mean_rank=0.9131),),
    under=(ContrastedTag(label="rock", n_strong=0, share=0.0, share_of_all=0.1, lift=0.0, mean_rank=0.1208),),
)
TRACKS = SelectionTracks(
    n_tracks=4,
    revision=12,
    edition="5d41402abc4b2a76b9719d911017c592",
    tracks=(ListedTrack(track=SEGMENT.track, n_selected=12, n_segments=29, row=13),),
)
FILE = Binary(
    ("text/csv", "application/json"),
    "A file with one segment a line, or one object: track, title, artist, album, year, segment (from 0 within its track), start_s"
    " and end_s in seconds, the strongest tag and its activation. In CSV, text that a spreadsheet would run as a formula has an"
    " apostrophe before it.",
)


@routes.get("/api/selections/<network>/tags", errors=ERRORS, example=TAGS)
def contrast(asked: TagsAsked, network: str) -> SelectionTags:
    """Which tags a selection has more of than the whole collection, and which fewer: docs/selection.md has the formulas."""
    found = tags.compare(database.session(), editions(), selected(network, asked), asked.limit)
    over, under = (tuple(map(_tag, each)) for each in (found.over, found.under))
    return SelectionTags(n_heard=found.n_heard, n_needed=tags.FEWEST, over=over, under=under)


@routes.get("/api/selections/<network>/tracks", errors=ERRORS, example=TRACKS)
def tracks(asked: TracksAsked, network: str) -> SelectionTracks:
    """The tracks of a selection, sorted, a page at a time.

    For the next page ask the same with a larger `offset`; begin again where `edition` is another one.
    """
    found = selected(network, asked)
    descending = asked.sort == "count" if asked.descending is None else asked.descending
    page = listing.read(database.session(), found, TrackPage(asked.sort, descending, asked.offset, asked.limit))
    return SelectionTracks(
        n_tracks=found.by_track.n_tracks,
        revision=found.table.revision,
        edition=blake2b(repr(page.edition).encode(), digest_size=16).hexdigest(),
        tracks=tuple(
            ListedTrack(track=track(each.track), n_selected=each.n_selected, n_segments=each.n_segments, row=each.row)
            for each in page.tracks
        ),
    )


@routes.get("/api/selections/<network>/file", answer=FILE, errors=ERRORS)
def file(asked: FileAsked, network: str) -> Response:
    """All segments of a selection as a file to keep, of any size: it is sent while it is written."""
    write, mimetype = FILES[asked.kind]
    lines = write(database.session(), editions(), selected(network, asked))
    response = Response(stream_with_context(lines), mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="tagscape-selection.{asked.kind}"'
    return response


def _tag(found: TagContrast) -> ContrastedTag:
    return ContrastedTag(
        label=found.label,
        n_strong=found.n_strong,
        share=round(found.share, 4),
        share_of_all=round(found.share_of_all, 4),
        lift=round(found.lift, 4),
        mean_rank=round(found.mean_rank, 4),
    )
