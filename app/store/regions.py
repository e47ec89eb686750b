"""The regions of projections as they are stored."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from .projections import StoredProjection, unpack
from .tables import RegionMap

__all__ = ["StoredRegions", "arrays", "state", "write"]

_COLUMNS = RegionMap.__table__.c
_STATE = select(_COLUMNS.projection_id, _COLUMNS.fitted_at, _COLUMNS.revision, _COLUMNS.named_by, _COLUMNS.labels)


@dataclass(frozen=True)
class StoredRegions:
    """Which regions of a projection are stored.

    fitted_at : of the projection whose regions they are
    revision : of the projection whose segments are counted
    named_by, labels : the network whose tags are the words, and these in the order of their numbers
    """

    projection_id: int
    fitted_at: datetime
    revision: int
    named_by: str
    labels: tuple[str, ...]


def state(session: Session, projection: StoredProjection) -> StoredRegions | None:
    """The regions of a projection as it is fitted now; None where there are none, or only those of an earlier fit."""
    row = session.connection().execute(_STATE.where(_COLUMNS.projection_id == projection.id)).one_or_none()
    if row is None or row.fitted_at != projection.fitted_at:
        return None
    return StoredRegions(row.projection_id, row.fitted_at, row.revision, row.named_by, tuple(row.labels))


def arrays(session: Session, projection: StoredProjection) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    """What of the regions of a projection stays, and what grows."""
    query = select(_COLUMNS.fitted, _COLUMNS.counted).where(_COLUMNS.projection_id == projection.id)
    fitted, counted = session.connection().execute(query).one()
    return unpack(fitted), unpack(counted)


def write(
    session: Session,
    projection: StoredProjection,
    named_by: str,
    labels: tuple[str, ...],
    fitted: Mapping[str, NDArray[Any]] | None,
    counted: Mapping[str, NDArray[Any]],
) -> None:
    """Store the regions of a projection, or, with `fitted` None, what grew of those that are stored."""
    found = session.get(RegionMap, projection.id)
    if fitted is not None:
        if found is None:
            found = RegionMap(projection_id=projection.id)
            session.add(found)
        found.fitted_at, found.named_by, found.labels = projection.fitted_at, named_by, list(labels)
        found.fitted = _packed(fitted)
    assert found is not None, "what grows belongs to what was fitted"
    found.revision, found.counted = projection.revision, _packed(counted)


def _packed(values: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays as a compressed npz: cells of one basin lie together, and take a hundredth."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **values)  # type: ignore[arg-type]  # its allow_pickle keyword takes no array
    return buffer.getvalue()
