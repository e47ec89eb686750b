"""What is stored, and what to do next."""

from typing import Annotated

import msgspec
from msgspec import Meta

from ...core.spaces import Layer
from ...explore.collection import contents
from ...store.database import database
from ..edge.answers import Answer
from ..edge.instance import editions
from ..edge.parameters import Whole
from ..edge.routes import Routes

__all__ = ["routes"]

routes = Routes("api_collection")


class Projection(Answer):
    """A projection of a space."""

    method: Annotated[str, Meta(description="`original` stands for no projection: two dimensions of the space itself.")]
    title: str
    n_dims: int
    n_tracks: int
    n_placed: Annotated[int, Meta(description="Tracks that were placed after it was fitted.")]
    explained_variance: Annotated[list[float] | None, Meta(description="By dimension, where the method has one.")]
    quality: Annotated[
        dict[str, float] | None,
        Meta(description="`trustworthiness`, `neighbours_kept` and what they were measured with; null for `original`."),
    ]


class Space(Answer):
    """All vectors of one layer of a network."""

    name: str
    layer: Layer
    n_dims: int
    labels: Annotated[list[str] | None, Meta(description="The tags; null for embeddings.")]
    n_tracks: int
    n_segments: int
    revision: Whole
    projections: tuple[Projection, ...]


class Network(Answer):
    """A network that has heard tracks."""

    name: str
    title: str
    precision: str
    segment_s: Annotated[float, Meta(description="How long a segment is.")]
    hop_s: Annotated[float, Meta(description="From the start of a segment to that of the next.")]
    spaces: tuple[Space, ...]


class Field(Answer):
    """Something that is known of at least one track, and can colour a map."""

    name: Annotated[str, Meta(description="As `colour=field/<name>` names it.")]
    title: str
    kind: Annotated[str, Meta(description="`number` or `word`.")]


class NextStep(Answer):
    """Why there is nothing to show, and what to do about it."""

    message: str
    hint: str


class Collection(Answer):
    """What is stored, and what to do next."""

    n_tracks: int
    n_missing: Annotated[int, Meta(description="Tracks whose file is missing.")]
    n_failed: Annotated[int, Meta(description="Tracks that could not be read or extracted.")]
    next_step: Annotated[NextStep | None, Meta(description="Null when there is something to show.")]
    networks: tuple[Network, ...]
    fields: tuple[Field, ...]


@routes.get("/api/collection")
def describe() -> Collection:
    """What is stored, and what to do next."""
    return msgspec.convert(contents.describe(database.session(), editions()), Collection, from_attributes=True)
