"""The points of a map: which, where, in what colour."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache import columns
from ...cache.cloud import Box, Cloud, quantise
from ...cache.columns import MapColumns, SpaceColumns
from ...cache.recent import Recent
from ...core.errors import InvalidError
from ...core.spaces import SpaceName
from ...projections import registry
from ...store import projections, spaces
from ...store.tables import Projection, Space
from . import colouring
from .colouring import NO_VALUE, Colouring, Tag

__all__ = ["ORIGINAL", "Points", "Query", "View", "find"]

ORIGINAL = "original"
"""The map without a projection: two dimensions of the space itself."""

_clouds: Recent[Cloud] = Recent(6)


@dataclass(frozen=True)
class Query:
    """What is asked for: dimensions on the axes, the tag that colours, the viewport, the most points."""

    x: int = 0
    y: int = 1
    colour: Tag | None = None
    box: Box | None = None
    limit: int = 1_000_000


@dataclass(frozen=True)
class Points:
    """Points as they are sent, in random order.

    rows : np.ndarray [shape=(n,), dtype=uint32]
    x, y : np.ndarray [shape=(n,), dtype=uint16], 0 and 65535 at the edges of `box`
    levels : np.ndarray [shape=(n,), dtype=uint8] or None, colours as `Colouring.levels` gives them
    """

    rows: NDArray[np.uint32]
    x: NDArray[np.uint16]
    y: NDArray[np.uint16]
    levels: NDArray[np.uint8] | None
    box: Box
    extent: Box
    n_inside: int
    n_total: int

    @property
    def n_without_colour(self) -> int:
        """Points that have no value to colour them by."""
        return 0 if self.levels is None else int(np.count_nonzero(self.levels == NO_VALUE))


@dataclass(frozen=True)
class View:
    """A map with its axes and colour, opened but not yet read."""

    query: Query
    space: SpaceColumns
    map: MapColumns | None
    colouring: Colouring | None
    revision: int
    projection_revision: int

    @property
    def version(self) -> tuple[object, ...]:
        """Changes whenever the points do; not to be shown, it has paths of the server."""
        return (self.query, self._columns.version, self.colouring.version if self.colouring else None)

    def points(self) -> Points:
        """Read the points."""
        query, cloud = self.query, _clouds.get((self._columns.version, self.query.x, self.query.y), self._cloud)
        box = query.box or cloud.extent
        if query.box is None:
            found: NDArray[np.uint32] | slice = slice(0, min(query.limit, len(cloud)))
            n_inside = len(cloud)
        else:
            found, n_inside = cloud.inside(query.box, query.limit)
        positions = found if self.map is None or self.map.positions is None else self.map.positions[found]
        return Points(
            rows=self.space.order[positions],
            x=quantise(cloud.x[found], *box[:2]),
            y=quantise(cloud.y[found], *box[2:]),
            levels=self.colouring.levels(positions) if self.colouring else None,
            box=box,
            extent=cloud.extent,
            n_inside=n_inside,
            n_total=len(cloud),
        )

    @property
    def _columns(self) -> SpaceColumns | MapColumns:
        return self.map or self.space

    def _cloud(self) -> Cloud:
        values = self.map.coordinates if self.map else self.space.vectors
        x, y = (np.asarray(values[axis], np.float32) for axis in (self.query.x, self.query.y))
        return Cloud(x, y)


def find(session: Session, cache: Path, name: SpaceName, method: str, query: Query) -> View:
    """Open the map of a space by a method of projection, or by `original`.

    Raises
    ------
    NotReadyError
        The space is empty, or the projection was not fitted.
    InvalidError
        There is no such projection, or no such dimension.
    NotFoundError
        The colour's network has no such tag.
    """
    space = spaces.by_name(session, name)
    projection = None if method == ORIGINAL else _projection(session, space, method)
    n_dims = projection.n_dims if projection else space.n_dims
    for axis, dimension in (("x", query.x), ("y", query.y)):
        if not 0 <= dimension < n_dims:
            raise InvalidError("no_dimension", f"{axis}={dimension} is not a dimension of this map.", f"Use 0 to {n_dims - 1}.")
    own = columns.of_space(session, cache, space)
    return View(
        query,
        own,
        columns.of_projection(session, cache, projection, own) if projection else None,
        colouring.by_tag(session, cache, query.colour, space, own) if query.colour else None,
        space.revision,
        projection.revision if projection else 0,
    )


def _projection(session: Session, space: Space, method: str) -> Projection:
    return projections.by_method(session, space, registry.by_name(method).name)
