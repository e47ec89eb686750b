"""Build what nearest-neighbour queries need."""

from pathlib import Path

from sqlalchemy.orm import Session

from ..core.entities import Outcome
from ..core.errors import NotReadyError
from ..core.progress import Progress
from ..core.spaces import Layer
from ..neighbours import index as similarity
from ..store import features, spaces
from .streams import vectors_of

__all__ = ["index_all_embeddings"]


def index_all_embeddings(session: Session, cache: Path, progress: Progress) -> Outcome:
    """Index every space of embeddings that changed since it was indexed, and remove the indexes of what it was before.

    Raises
    ------
    NotReadyError
        Nothing has been extracted yet.
    MachineError
        The cache cannot be written.
    """
    among = [(space, dict(features.sizes(session, space.id))) for space in spaces.every(session) if space.layer == Layer.EMBEDDINGS]
    if not any(sizes for _, sizes in among):
        raise NotReadyError("nothing_extracted", "Nothing has been extracted yet.", "Run: flask extract-all")
    outcome = Outcome()
    for space, sizes in among:
        path = similarity.path_of(cache, spaces.edition(space))
        if path.exists() or not sizes:
            outcome += Outcome(skipped=1)
            continue
        similarity.write(similarity.build(vectors_of(session, space, sizes, progress)), path)
        similarity.remove_others(path)
        outcome += Outcome(done=1)
    return outcome
