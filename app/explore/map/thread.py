"""The thread of a track: where all its segments lie in a map, in the order of time. Exact, also where the map shows a sample."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache.editions import Editions
from ...core.spaces import SpaceName
from ...projections import registry
from ...store import features, projections, spaces
from .. import segments
from .points import ORIGINAL, check_dimensions

__all__ = ["Thread", "find"]


@dataclass(frozen=True)
class Thread:
    """Where the segments of a track lie on two axes of a map.

    revision : at which the rows were read
    first_row, n_segments : the rows of the track
    rows : np.ndarray [shape=(n,), dtype=int64], rising
        Those that have a place; none before the track was placed.
    xy : np.ndarray [shape=(n, 2), dtype=float32], in data units
    """

    revision: int
    first_row: int
    n_segments: int
    rows: NDArray[np.int64]
    xy: NDArray[np.float32]


def find(
    session: Session, editions: Editions, name: SpaceName, method: str, axes: tuple[int, int], track_id: int, revision: int
) -> Thread:
    """The thread of a track in the projection of a space by a method, or in the space itself for `original`.

    Parameters
    ----------
    axes : the dimensions across and upwards
    revision : at which the caller read the rows of the map

    Raises
    ------
    NotFoundError
        There is no such track, or the network has no features of it.
    NotReadyError
        The projection was not fitted, or rows were given other numbers after `revision`.
    InvalidError
        There is no such projection, or no such dimension.
    """
    network = spaces.stored(session, name.network)
    space = network.space(name.layer)
    segments.check_revision(network, revision)
    first_row, n_segments = segments.rows_of(session, editions, network, track_id)
    values: NDArray[np.float32] | None
    if method == ORIGINAL:
        check_dimensions(axes, space.n_dims)
        values = features.read(session, space, track_id)
    else:
        projection = projections.stored(session, space, registry.by_name(method).name)
        check_dimensions(axes, projection.n_dims)
        values = projections.of_track(session, projection, track_id, first_row)
    if values is None or len(values) != n_segments:
        # not placed yet, or placed before its sound was another
        values = np.empty((0, max(axes) + 1), np.float32)
    xy = values[:, axes]
    is_finite = np.isfinite(xy).all(axis=1)
    return Thread(network.revision, first_row, n_segments, first_row + np.flatnonzero(is_finite), xy[is_finite])
