from dataclasses import asdict

import numpy as np
import pytest
from sqlalchemy.orm import Session

from app.audio.melspectrogram import MUSICNN
from app.core.errors import CorruptError, NotFoundError
from app.store import features
from app.store.tables import Network, Space
from tests.collection import add_track

GEOMETRY = asdict(MUSICNN)


@pytest.fixture
def space(session: Session) -> Space:
    network = Network(name="msd-musicnn", weights_sha256="0" * 64, precision="f32", runtime="openvino", **GEOMETRY)
    space = Space(network=network, layer="embeddings", n_dims=3)
    session.add(space)
    session.flush()
    return space


def store(session: Session, space: Space, n_segments: int) -> tuple[int, np.ndarray]:
    track = add_track(session, f"{n_segments}.mp3")
    vectors = np.random.default_rng(n_segments).normal(size=(n_segments, 3)).astype(np.float32)
    row = {
        "track_id": track.id,
        "space_id": space.id,
        "n_segments": n_segments,
        "weights_sha256": "0",
        "vectors": features.encode(vectors),
    }
    features.write(session, [row])
    return track.id, vectors


def test_vectors_come_back_within_half_precision(session: Session, space: Space) -> None:
    track_id, vectors = store(session, space, 7)
    np.testing.assert_allclose(features.read(session, space, track_id), vectors, rtol=2**-10)


def test_blocks_stream_every_track_once_in_the_order_of_ids(session: Session, space: Space) -> None:
    stored = dict(store(session, space, n) for n in (4, 1, 3, 2, 5))
    blocks = list(features.blocks(session, space, n_tracks=2))
    assert [len(b.track_ids) for b in blocks] == [2, 2, 1]
    assert np.concatenate([b.track_ids for b in blocks]).tolist() == sorted(stored)
    np.testing.assert_allclose(np.concatenate([b.vectors for b in blocks]), np.concatenate(list(stored.values())), rtol=2**-10)


def test_a_row_written_twice_is_replaced(session: Session, space: Space) -> None:
    track_id, vectors = store(session, space, 2)
    row = {
        "track_id": track_id,
        "space_id": space.id,
        "n_segments": 1,
        "weights_sha256": "0",
        "vectors": features.encode(vectors[:1]),
    }
    features.write(session, [row])
    assert features.sizes(session, space.id) == [(track_id, 1)]


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e6])
def test_values_that_cannot_be_stored_are_refused(value: float) -> None:
    with pytest.raises(CorruptError):
        features.encode(np.full((1, 3), value, np.float32))


def test_a_track_without_features_is_not_found(session: Session, space: Space) -> None:
    with pytest.raises(NotFoundError):
        features.read(session, space, 99)
