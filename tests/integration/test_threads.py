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
from tests.points import Answer, decode

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


def averages(client: FlaskClient, path: str = f"{SPACE}/pca", **query: object) -> Answer:
    response = client.get(f"/api/points/{path}", query_string={"granularity": "averages", **query})
    assert response.status_code == 200, response.text
    return decode(response.data)


def placed(answer: Answer) -> np.ndarray:
    """Points in data units, [n, 2]."""
    x0, x1, y0, y1 = answer.header["box"]
    return np.array([answer.columns["x"], answer.columns["y"]]).T / 65535 * [x1 - x0, y1 - y0] + [x0, y0]


def naive(xy: np.ndarray) -> tuple[np.ndarray, float, int]:
    """Mean, spread and the segment nearest to the mean of one track, in double precision."""
    mean = xy.astype(np.float64).mean(0)
    squares = ((xy - mean) ** 2).sum(1)
    return mean, float(np.sqrt(squares.mean())), int(squares.argmin())


def assert_averages(answer: Answer, places: dict[int, np.ndarray], firsts: dict[int, int], axes: list[int]) -> None:
    expected = {firsts[track_id]: naive(xy[:, axes]) for track_id, xy in places.items()}
    assert sorted(answer.columns["first_row"]) == sorted(expected)
    assert answer.header["n_total"] == len(places)
    largest = max(spread for _, spread, _ in expected.values())
    assert answer.header["largest_spread"] == pytest.approx(largest, rel=1e-6)
    x0, x1, y0, y1 = answer.header["box"]
    step = np.array([x1 - x0, y1 - y0]) / 65535
    for at, first_row in enumerate(answer.columns["first_row"]):
        mean, spread, nearest = expected[first_row]
        assert (np.abs(placed(answer)[at] - mean) <= step).all()
        assert answer.columns["row"][at] == first_row + nearest
        assert abs(answer.columns["spread"][at] - 255 * spread / largest) <= 0.501


def test_averages_are_the_mean_of_each_track_at_its_most_typical_segment(filled: Session, client: FlaskClient) -> None:
    places = dict(projections.blocks(filled, pca(filled)))
    ranges = rows.of_tracks(filled, pca(filled).space.network_id, places)
    firsts = {track_id: first_row for track_id, (first_row, _) in ranges.items()}
    assert_averages(averages(client, x=1, y=2), places, firsts, [1, 2])
    segments = decode(client.get(MAP, query_string={"x": 1, "y": 2}).data)
    assert averages(client, x=1, y=2).header["extent"] == segments.header["extent"], "a map keeps its frame"


def test_averages_leave_out_rows_that_are_gone_or_have_no_place(filled: Session, client: FlaskClient) -> None:
    places = {track_id: xy.copy() for track_id, xy in projections.blocks(filled, pca(filled))}
    network_id = pca(filled).space.network_id
    ranges = rows.of_tracks(filled, network_id, places)
    places[7][0] = [9, *places[7][0, 1:-1], np.nan]
    filled.execute(update(Coordinates).where(Coordinates.track_id == 7).values(xy=places[7].tobytes()))
    filled.commit()
    assert averages(client).header["n_total"] == 12
    rows.forget(filled, network_id, [4, 12])
    filled.commit()
    answer = averages(client)
    left = {track_id: first_row for track_id, (first_row, _) in ranges.items() if track_id not in (4, 12)}
    assert sorted(answer.columns["first_row"]) == sorted(left.values())
    at = answer.columns["first_row"].index(left[7])
    # the naive side counts segments from the first one that has a place
    mean, _, nearest = naive(places[7][1:, :2])
    assert answer.columns["row"][at] == left[7] + 1 + nearest
    assert np.abs(placed(answer)[at] - mean).max() < 1e-3


def test_averages_are_cut_to_a_box_and_coloured_by_their_most_typical_segments(filled: Session, client: FlaskClient) -> None:
    whole = averages(client, colour="msd-musicnn/rock")
    x0, x1, y0, y1 = whole.header["extent"]
    box = (x0, (x0 + x1) / 2, y0, y1)
    part = averages(client, colour="msd-musicnn/rock", box=",".join(map(str, box)))
    inside = {row for row, (x, _) in zip(whole.columns["row"], placed(whole), strict=True) if x <= box[1]}
    assert set(part.columns["row"]) == inside
    assert 0 < part.header["n_inside"] == len(inside) < whole.header["n_total"]
    segments = decode(client.get(MAP, query_string={"colour": "msd-musicnn/rock"}).data)
    levels = dict(zip(segments.columns["row"], segments.columns["colour"], strict=True))
    assert whole.columns["colour"] == tuple(levels[row] for row in whole.columns["row"])


def test_maps_whose_rows_are_the_same_segments_say_so(session: Session, client: FlaskClient) -> None:
    collection.synthesise(session, 6, ("msd-musicnn", "mtt-vgg"))
    names = {decode(client.get(f"/api/points/{path}").data).header["segmentation"] for path in (
        "msd-musicnn/embeddings/pca", "msd-musicnn/activations/original", "mtt-vgg/embeddings/pca")}  # fmt: skip
    assert len(names) == 1
    network_id = spaces.by_name(session, SpaceName.parse("mtt-vgg/embeddings")).network_id
    rows.forget(session, network_id, [6])
    session.commit()
    names.add(decode(client.get("/api/points/mtt-vgg/embeddings/pca").data).header["segmentation"])
    assert len(names) == 2
