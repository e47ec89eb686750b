"""What a selection selects: how many segments, and which; and selections that are too long for an address."""

from typing import Annotated, Any

import numpy as np
from flask import Response
from msgspec import Meta
from numpy.typing import NDArray

from ...explore.selection import evaluation, expression, reading
from ...explore.selection.evaluation import Selected
from ...store import selections
from ...store.database import database
from ..edge.answers import Answer, Binary
from ..edge.changing import same_origin
from ..edge.instance import editions
from ..edge.parameters import Parameters, Whole
from ..edge.routes import Routes
from . import binary

__all__ = ["ERRORS", "SelectionAsked", "routes", "selected"]

ERRORS = {
    "invalid": ("invalid_selection", "invalid_filter", "unknown_projection", "no_dimension"),
    "not_found": ("no_track", "no_artist", "no_region", "unknown_selection"),
    "not_ready": ("no_features", "not_reduced", "stale_regions", "preparing"),
}

routes = Routes("api_selections")


class SelectionAsked(Parameters):
    """Which selection."""

    selection: Annotated[str, Meta(description="The expression: docs/selection.md describes it.")]


class SelectionFacts(Answer):
    """How much a selection selects."""

    text: Annotated[str, Meta(description="The expression as it is written in one way only.")]
    n_segments: Annotated[int, Meta(description="Selected segments: all of them are counted.")]
    n_tracks: Annotated[int, Meta(description="Tracks that they are of.")]
    n_total: Annotated[int, Meta(description="Segments of the network.")]
    revision: Annotated[Whole, Meta(description="The revision at which the rows were read.")]


class SelectedRowsHeader(Answer):
    """The header before the selected rows."""

    n: Annotated[int, Meta(description="Selected segments.")]
    n_rows: Annotated[int, Meta(description="Every row of the network is below it.")]
    revision: Annotated[Whole, Meta(description="The revision at which the rows were read.")]
    columns: tuple[binary.Column, ...]


class SelectionText(Answer):
    """A selection to store."""

    text: Annotated[str, Meta(min_length=1, max_length=reading.MOST_CHARACTERS, description="The expression.")]


class StoredSelection(Answer):
    """A selection that is stored."""

    text: Annotated[str, Meta(description="A short expression that stands for it, for addresses.")]


EXAMPLE = SelectionFacts(text="track:3 plus artist:2", n_segments=87, n_tracks=4, n_total=1830, revision=12)
ROWS = """\
Binary columns as those of the points, after a SelectedRowsHeader. Either `row` (uint32): the selected rows, rising; or, where that
is shorter, `bits` (uint8): row r is selected where bit `r % 8`, counted from the lowest, of byte `r / 8` is 1."""


def selected(network: str, asked: SelectionAsked) -> Selected:
    """What the selection that is asked for selects of a network."""
    return evaluation.select(database.session(), editions(), network, asked.selection)


@routes.get("/api/selections/<network>", errors=ERRORS, example=EXAMPLE)
def read(asked: SelectionAsked, network: str) -> SelectionFacts:
    """How many segments of a network a selection selects: exactly, at any size."""
    found = selected(network, asked)
    return SelectionFacts(
        text=found.text,
        n_segments=len(found.rows),
        n_tracks=found.by_track.n_tracks,
        n_total=found.table.n_segments,
        revision=found.table.revision,
    )


@routes.get("/api/selections/<network>/rows", answer=Binary((binary.MIMETYPE,), ROWS, SelectedRowsHeader), errors=ERRORS)
def rows(asked: SelectionAsked, network: str) -> Response:
    """Which rows of a network a selection selects, as binary columns."""
    found = selected(network, asked)
    values: dict[str, NDArray[Any]] = {"row": found.rows}
    if found.rows.nbytes > len(found.mask) / 8:
        values = {"bits": np.packbits(found.mask, bitorder="little")}
    header = SelectedRowsHeader(
        n=len(found.rows), n_rows=len(found.mask), revision=found.table.revision, columns=binary.columns(values)
    )
    return Response(binary.encode(header, values), mimetype=binary.MIMETYPE)


@routes.change("POST", "/api/selections", errors={"invalid": ("invalid_selection",)})
@same_origin
def store(body: SelectionText) -> StoredSelection:
    """Store a selection whose expression is too long for an address. The same expression is stored once."""
    session = database.session()
    token = selections.store(session, expression.text(reading.parse(body.text)))
    session.commit()
    return StoredSelection(text=str(expression.StoredTerm(token)))
