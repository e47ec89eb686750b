"""To what listening keeps: a filter, a selection, or both."""

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache.editions import Editions
from ...store.spaces import StoredNetwork
from .. import filtering
from ..selection import evaluation

__all__ = ["mask"]


def mask(
    session: Session, editions: Editions, network: StoredNetwork, filter_text: str | None, selection: str | None
) -> NDArray[np.bool_] | None:
    """The rows that a filter keeps and that are selected [shape=(n_rows,), dtype=bool]; None where all may come.

    Raises
    ------
    InvalidError, NotFoundError, NotReadyError
        As `filtering.mask` and `evaluation.select`.
    """
    masks: list[NDArray[np.bool_]] = []
    if filter_text is not None:
        masks.append(filtering.mask(session, editions, network, editions.rows(session, network), filter_text).keep)
    if selection is not None:
        masks.append(evaluation.select(session, editions, network.name, selection).mask)
    if len(masks) < 2:
        return masks[0] if masks else None
    # tracks may have joined between the two: what one of them does not know is not in both
    n_rows = min(map(len, masks))
    return masks[0][:n_rows] & masks[1][:n_rows]
