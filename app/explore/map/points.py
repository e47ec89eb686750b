"""The points of a map: which, where, in what colour."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache.box import Box, quantise
from ...cache.editions import Editions
from ...cache.growing import GrowingCloud
from ...cache.rows import RowTable
from ...core.errors import InvalidError, NotReadyError
from ...core.spaces import SpaceName
from ...projections import registry
from ...store import projections, spaces
from ...store.spaces import StoredNetwork
from .. import filtering
from ..filtering import Mask
from . import colouring, filtered
from .colouring import NO_VALUE, Colouring, ColourName, Scale

__all__ = ["ORIGINAL", "Granularity", "MapView", "Points", "Query", "check_dimensions", "find"]

Granularity = Literal["segments", "averages"]

ORIGINAL = "original"
"""Stands for no projection: two dimensions of the space itself."""


@dataclass(frozen=True)
class Query:
    """What is asked for: dimensions on the axes, what colours and how, the viewport (None: all), the most points, a filter.

    granularity : what a point is, a segment or the average of a track
    """

    x: int = 0
    y: int = 1
    colour: ColourName | None = None
    scale: Scale = "rank"
    box: Box | None = None
    limit: int = 1_000_000
    granularity: Granularity = "segments"
    filter: str | None = None


@dataclass(frozen=True)
class Points:
    """Points as they are sent, in random order.

    rows : np.ndarray [shape=(n,), dtype=uint32]
    x, y : np.ndarray [shape=(n,), dtype=uint16], 0 and 65535 at the edges of `box`
    levels : np.ndarray [shape=(n,), dtype=uint8] or None, colours as `Colouring.levels` gives them
    colouring : what gave the levels
    n_inside, n_matching : points inside `box`, and those of them that match the filter, of which these are the first
    """

    rows: NDArray[np.uint32]
    x: NDArray[np.uint16]
    y: NDArray[np.uint16]
    levels: NDArray[np.uint8] | None
    colouring: Colouring | None
    box: Box
    extent: Box
    n_inside: int
    n_matching: int
    n_total: int

    @property
    def n_without_colour(self) -> int:
        """Points that have no value to colour them by."""
        return 0 if self.levels is None else int(np.count_nonzero(self.levels == NO_VALUE))


@dataclass(frozen=True)
class MapView:
    """A map with its axes and colour, opened but not yet read.

    network : the map's
    table : its rows
    edition : names the state of the space or the projection that is read
    projection_revision : 0 for the space itself
    cloud : gives its points
    mask : the rows that match the filter; None without one
    """

    query: Query
    network: StoredNetwork
    table: RowTable
    edition: Hashable
    projection_revision: int
    cloud: Callable[[], GrowingCloud]
    colouring: Colouring | None
    mask: Mask | None = None

    @property
    def version(self) -> tuple[Hashable, ...]:
        """Another value whenever the points, or how they are shown, may be others."""
        colour = self.colouring.version if self.colouring else None
        return (self.query, self.table.lineage, self.table.revision, self.edition, colour, self.mask and self.mask.version)

    @property
    def segmentation(self) -> str:
        """Names which segments the rows are: networks of one name have the same tracks and times in the same rows."""
        return blake2b(f"{self.table.digest} {self.network.geometry}".encode(), digest_size=16).hexdigest()

    def points(self) -> Points:
        """Read the points.

        Raises
        ------
        NotReadyError
            No track has coordinates.
        """
        query, cloud = self.query, self.cloud()
        if not len(cloud):
            raise NotReadyError("not_placed", "No track has been placed on this map yet.", "Run: flask reduce-all")
        box = query.box or cloud.extent
        if self.mask is None:
            found = cloud.inside(query.box, query.limit)
            n_inside = found.n_inside
        else:
            kept = filtered.cloud((self.edition, query.x, query.y), cloud, self.table, self.mask)
            found = kept.inside(query.box, query.limit)
            n_inside = cloud.inside(query.box, 0).n_inside
        colouring = self.colouring and self.colouring.among(found.rows)
        return Points(
            rows=found.rows,
            x=quantise(found.x, *box[:2]),
            y=quantise(found.y, *box[2:]),
            levels=colouring.levels(found.rows) if colouring else None,
            colouring=colouring,
            box=box,
            extent=cloud.extent,
            n_inside=n_inside,
            n_matching=found.n_inside,
            n_total=len(cloud),
        )


def find(session: Session, editions: Editions, name: SpaceName, method: str, query: Query) -> MapView:
    """Open the map of a space: its projection by a method, or two of its dimensions for `original`.

    Raises
    ------
    NotReadyError
        The space is empty, the projection was not fitted, or there is no edition of it yet.
    InvalidError
        There is no such projection, or no such dimension, or the filter is none.
    NotFoundError
        The colour's network has no such tag, or no track such a field.
    """
    network = spaces.stored(session, name.network)
    space, table = network.space(name.layer), editions.rows(session, network)
    colour = colouring.opened(session, editions, query.colour, query.scale, network, table) if query.colour else None
    mask = filtering.mask(session, editions, network, table, query.filter) if query.filter is not None else None
    if method == ORIGINAL:
        check_dimensions((query.x, query.y), space.n_dims)
        own = editions.columns(session, network, name.layer)
        cloud = partial(editions.original_cloud, own, table, query.x, query.y)
        return MapView(query, network, table, (name, own.made, own.n_rows), 0, cloud, colour, mask)
    projection = projections.stored(session, space, registry.by_name(method).name)
    check_dimensions((query.x, query.y), projection.n_dims)
    projected = editions.projected(session, network, projection)
    cloud = partial(editions.projected_cloud, projected, table, query.x, query.y)
    return MapView(query, network, table, (projection, projected.revision), projected.revision, cloud, colour, mask)


def check_dimensions(axes: tuple[int, int], n_dims: int) -> None:
    """Refuse axes that a map does not have.

    Raises
    ------
    InvalidError
        There is no such dimension.
    """
    for axis, dimension in zip("xy", axes, strict=True):
        if not 0 <= dimension < n_dims:
            raise InvalidError("no_dimension", f"{axis}={dimension} is not a dimension of this map.", f"Use 0 to {n_dims - 1}.")
