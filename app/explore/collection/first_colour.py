"""Which tag tells the segments of a collection apart best: a good first colour."""

import numpy as np
from sqlalchemy.orm import Session

from ...store import features
from ...store.spaces import StoredSpace

__all__ = ["widest_tag"]

MOST_TRACKS = 128


def widest_tag(session: Session, space: StoredSpace) -> str | None:
    """The tag whose activation has the largest standard deviation over segments; None where dimensions have no names.

    In a large collection it looks at tracks chosen evenly.
    """
    if not space.labels:
        return None
    ids = [track_id for track_id, _ in features.sizes(session, space.id)]
    chosen = ids[:: -(-len(ids) // MOST_TRACKS)] if ids else []
    # from the database: columns may not be there yet, and one dimension after another would read all of them
    vectors = [block.vectors for block in features.blocks(session, space, track_ids=chosen)]
    if not vectors:
        return None
    return space.labels[int(np.concatenate(vectors).std(axis=0, dtype=np.float64).argmax())]
