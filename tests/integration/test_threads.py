"""Threads: where all segments of a track lie, beside what is stored; averages: a point per track, beside plain NumPy."""

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.spaces import SpaceName
from app.store import features, projections, rows, spaces
from app.store.tables import Coordinates, Projection, Track
from tests import collection

SPACE = "msd-musicnn/embeddings"
MAP = f"/api/points/{SPACE}/pca"


@pytest.fixture
def filled(session: Session) -> Session:
    collection.synthesise(session, 12, ("msd-musicnn",), mean_segments=9)
    return session


def pca(session: Session) -> Projection:
    return projections.by_method(session, spaces.by_name(session, SpaceName.parse(SPACE)), "pca")


def test_a_thread_is_every_segment_of_its_track_at_its_stored_place(filled: Session, client: FlaskClient) -> None:
    places = dict(projections.blocks(filled, pca(filled)))
    ranges = rows.of_tracks(filled, pca(filled).space.network_id, places)
    for track_id, xy in places.items():
        thread = client.get(f"{MAP}/tracks/{track_id}?revision=1&x=2&y=1").get_json()
        first_row, n_segments = ranges[track_id]
        assert (thread["first_row"], thread["n_segments"]) == (first_row, n_segments)
        assert thread["rows"] == list(range(first_row, first_row + n_segments))
        assert np.array_equal(np.array([thread["x"], thread["y"]], np.float32).T, xy[:, [2, 1]])


def test_a_thread_is_whole_where_the_map_is_a_sample(filled: Session, client: FlaskClient) -> None:
    client.application.config["MAX_POINTS"] = 3
    thread = client.get(f"{MAP}/tracks/3?revision=1").get_json()
    assert len(thread["rows"]) == thread["n_segments"] > 3


def test_a_thread_of_two_dimensions_is_at_their_values(filled: Session, client: FlaskClient) -> None:
    space = spaces.by_name(filled, SpaceName.parse(SPACE))
    thread = client.get(f"/api/points/{SPACE}/original/tracks/4?revision=1&x=7&y=3").get_json()
    values = features.read(filled, space, 4)
    assert np.array_equal(np.array([thread["x"], thread["y"]], np.float32).T, values[:, [7, 3]])


def test_segments_without_a_place_are_left_out_of_a_thread(filled: Session, client: FlaskClient) -> None:
    xy = dict(projections.blocks(filled, pca(filled)))[5].copy()
    xy[2, 0] = np.nan
    filled.execute(update(Coordinates).where(Coordinates.track_id == 5).values(xy=xy.tobytes()))
    filled.commit()
    thread = client.get(f"{MAP}/tracks/5?revision=1").get_json()
    kept = [n for n in range(len(xy)) if n != 2]
    assert [row - thread["first_row"] for row in thread["rows"]] == kept
    assert thread["x"] == xy[kept, 0].tolist()


def test_a_track_that_was_not_placed_has_an_empty_thread(filled: Session, client: FlaskClient) -> None:
    projections.forget_coordinates(filled, pca(filled), [5])
    # coordinates of earlier rows: the track's sound is another since
    filled.execute(update(Coordinates).where(Coordinates.track_id == 6).values(first_row=0))
    filled.commit()
    for track_id in (5, 6):
        thread = client.get(f"{MAP}/tracks/{track_id}?revision=1").get_json()
        assert (thread["rows"], thread["x"], thread["y"]) == ([], [], [])


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (f"{MAP}/tracks/99?revision=1", "no_track"),
        (f"{MAP}/tracks/13?revision=1", "no_features"),
        (f"{MAP}/tracks/1?revision=9", "stale_revision"),
        (f"{MAP}/tracks/1?revision=1&y=200", "no_dimension"),
        (f"/api/points/{SPACE}/tsne/tracks/1?revision=1", "not_reduced"),
        (f"/api/points/{SPACE}/map/tracks/1?revision=1", "unknown_projection"),
    ],
)
def test_a_thread_that_cannot_be_is_refused_by_name(filled: Session, client: FlaskClient, address: str, code: str) -> None:
    filled.add(Track())
    filled.commit()
    assert client.get(address).get_json()["error"]["code"] == code
