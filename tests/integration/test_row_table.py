"""The table of rows tells which segment each row is."""

from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.cache.editions import Editions
from app.core.errors import NotFoundError
from app.core.spaces import Layer, SpaceName
from app.store import features, spaces
from tests import collection

NETWORK = "msd-musicnn"


def test_a_row_table_tells_every_row_and_is_read_on_from_where_it_was(session: Session, app: Flask) -> None:
    collection.synthesise(session, 30, (NETWORK,))
    space = spaces.by_name(session, SpaceName(NETWORK, Layer.EMBEDDINGS))
    among = Editions(Path(app.instance_path) / "cache")
    table = among.rows(session, spaces.stored(session, NETWORK))
    row = 0
    for track_id, n in features.sizes(session, space.id):
        assert table.range_of(track_id) == (row, n)
        assert table.locate(row) == table.locate(row + n - 1) == (track_id, row, n)
        row += n
    for missing in (-1, row):
        with pytest.raises(NotFoundError):
            table.locate(missing)
    with pytest.raises(NotFoundError):
        table.range_of(9999)
    track_id = collection.add_track(session, "late.wav").id
    collection.add_features(session, space, {track_id: np.ones((3, space.n_dims))})
    session.commit()
    assert among.rows(session, spaces.stored(session, NETWORK)).locate(row + 2) == (track_id, row, 3)
    assert table.n_rows == row
