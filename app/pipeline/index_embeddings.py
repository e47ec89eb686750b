"""Build what nearest-neighbour queries need."""

from pathlib import Path

from sqlalchemy.orm import Session

from ..core.entities import Outcome
from ..core.errors import NotReadyError
from ..core.progress import Progress
from ..core.spaces import Layer
from ..neighbours import index
from ..store import spaces
from . import streams

__all__ = ["index_all_embeddings"]


def index_all_embeddings(session: Session, cache: Path, progress: Progress) -> Outcome:
    """Index every space of embeddings that has changed since it was indexed, and remove its older indexes.

    Raises
    ------
    NotReadyError
        Nothing has been extracted yet.
    MachineError
        The cache cannot be written.
    """
    outcome, n_filled = Outcome(), 0
    for space in spaces.every(session):
        if space.layer != Layer.EMBEDDINGS:
            continue
        n_rows = space.network.n_rows
        path = index.path_of(cache, spaces.lineage(space.network), space.layer, n_rows)
        n_filled += bool(n_rows)
        if path.exists() or not n_rows:
            outcome += Outcome(skipped=1)
            continue
        index.write(index.build(streams.rows_of(session, space, progress)), path)
        index.remove_others(path)
        outcome += Outcome(done=1)
    if not n_filled:
        raise NotReadyError("nothing_extracted", "Nothing has been extracted yet.", "Run: flask extract-all")
    return outcome
