"""Wandering and paths over a collection in which neighbours are known."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy.orm import Session

from app.cache.editions import Editions
from app.core.errors import InvalidError, NotFoundError, NotReadyError
from app.core.spaces import Layer
from app.explore.listening import path, vectors, wander
from app.explore.listening.wander import Wish
from app.store import spaces
from app.store.tables import Artist, Space
from tests import collection

N_SEGMENTS = 4
N_TRACKS = 40
N_ARTISTS = 10
ADDRESS = "/api/listening/msd-musicnn/embeddings"


def on_circle(share: float, n_dims: int) -> np.ndarray:
    """A vector at a share of the quarter of a circle: what lies next to each other there is alike."""
    vector = np.zeros(n_dims)
    vector[:2] = np.cos(share * np.pi / 2), np.sin(share * np.pi / 2)
    return vector


@pytest.fixture
def space(session: Session) -> Space:
    """Tracks 1 to 40 in the order of a quarter circle, four segments each; ten artists take turns; track 7 is missing."""
    of_layer = collection.add_network(session, "msd-musicnn")
    artists = [Artist(name=f"Artist {n}") for n in range(N_ARTISTS)]
    n_all = N_TRACKS * N_SEGMENTS
    for number in range(N_TRACKS):
        track = collection.add_track(session, f"{number}.wav", title=f"{number}", artist=artists[number % N_ARTISTS])
        for layer in of_layer.values():
            shares = (number * N_SEGMENTS + np.arange(N_SEGMENTS)) / n_all
            collection.add_features(session, layer, {track.id: np.stack([on_circle(s, layer.n_dims) for s in shares])})
        if track.id == 7:
            collection.file_of(track).state = "missing"
    session.commit()
    return of_layer[Layer.EMBEDDINGS]


@pytest.fixture
def editions(environment: dict[str, str]) -> Editions:
    return Editions(Path(environment["TAGSCAPE_INSTANCE_PATH"]) / "cache")


def follow(session: Session, editions: Editions, space: Space, wish: Wish, **options: object) -> list[int]:
    network = spaces.stored(session, space.network.name)
    return wander.rows_after(session, editions, network, Layer(space.layer), wish, revision=network.revision, **options)


def go(session: Session, editions: Editions, space: Space, start: int, end: int, n: int) -> list[int]:
    network = spaces.stored(session, space.network.name)
    return path.rows_between(session, editions, network, Layer(space.layer), start, end, n, revision=network.revision)


def tracks_of(rows: Sequence[int]) -> list[int]:
    return [row // N_SEGMENTS + 1 for row in rows]


def test_no_track_comes_again_within_twenty_and_no_artist_within_three(session: Session, space: Space, editions: Editions) -> None:
    rows = follow(session, editions, space, Wish([80], nearness=1, n=60))
    heard = [21, *tracks_of(rows)]
    artists = [track % N_ARTISTS for track in heard]
    assert len(rows) == 60
    for at in range(1, len(heard)):
        assert heard[at] not in heard[max(0, at - 20) : at]
        assert artists[at] not in artists[max(0, at - 3) : at]


def test_tracks_that_the_caller_names_count_as_heard(session: Session, space: Space, editions: Editions) -> None:
    near = {track for seed in range(30) for track in tracks_of(follow(session, editions, space, Wish([80], nearness=1, seed=seed)))}
    heard = tuple(sorted(near))[:6]
    assert not set(tracks_of(follow(session, editions, space, Wish([80], heard, nearness=1, n=10)))) & set(heard)


def test_it_stays_among_the_fifty_that_are_nearest(session: Session, space: Space, editions: Editions) -> None:
    for seed in range(30):
        (row,) = follow(session, editions, space, Wish([80], nearness=0, seed=seed))
        # thirty others lie on each side at most: fifty neighbours, and rows that the rules leave out
        assert abs(row - 80) <= 60


def test_the_same_music_is_left_out(session: Session, space: Space, editions: Editions) -> None:
    collection.add_features(session, space, {33: np.stack([on_circle(80 / 160, space.n_dims)] * N_SEGMENTS)})
    session.commit()
    # what is as the present segment is the nearest of all, and would be chosen
    duplicates = range(32 * N_SEGMENTS, 33 * N_SEGMENTS)
    for seed in range(20):
        assert follow(session, editions, space, Wish([80], nearness=1, seed=seed))[0] not in duplicates


def test_what_has_no_sound_and_what_a_mask_leaves_out_does_not_come(session: Session, space: Space, editions: Editions) -> None:
    mask = np.zeros(N_TRACKS * N_SEGMENTS, np.bool_)
    for track in (2, 7, 12):
        mask[(track - 1) * N_SEGMENTS : track * N_SEGMENTS] = True
    rows = follow(session, editions, space, Wish([80], n=8), mask=mask)
    assert set(tracks_of(rows)) == {2, 12}


def test_where_nothing_is_left_fewer_come(session: Session, space: Space, editions: Editions) -> None:
    mask = np.zeros(N_TRACKS * N_SEGMENTS, np.bool_)
    mask[80:84] = True
    assert follow(session, editions, space, Wish([80], n=3), mask=mask) == []


def test_the_same_seed_gives_the_same_and_one_step_at_a_time_leads_the_same_way(
    session: Session, space: Space, editions: Editions
) -> None:
    whole = follow(session, editions, space, Wish([80], seed=5, n=8))
    assert whole == follow(session, editions, space, Wish([80], seed=5, n=8))
    assert whole != follow(session, editions, space, Wish([80], seed=6, n=8))
    rows, heard = [80], [21]
    for _ in whole:
        rows += follow(session, editions, space, Wish(rows[-5:], tuple(heard[:-1]), seed=5))
        heard.append(tracks_of(rows[-1:])[0])
    assert rows[1:] == whole


def test_with_an_index_and_without_one_it_goes_the_same_way(
    session: Session, space: Space, editions: Editions, runner: FlaskCliRunner
) -> None:
    wish = Wish([70, 77, 80], n=8)  # around one segment alone there are two of every distance
    without = follow(session, editions, space, wish)
    assert runner.invoke(args=["index-all-embeddings"]).exit_code == 0
    assert follow(session, editions, space, wish) == without


def test_a_large_space_without_an_index_says_what_to_run(
    session: Session, space: Space, editions: Editions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "EXACT_ROWS", 100)
    with pytest.raises(NotReadyError) as raised:
        follow(session, editions, space, Wish([80]))
    assert (raised.value.code, raised.value.hint) == ("not_indexed", "Run: flask index-all-embeddings")


def test_a_row_that_was_never_there_is_said(session: Session, space: Space, editions: Editions) -> None:
    with pytest.raises(NotFoundError):
        follow(session, editions, space, Wish([9999, 80]))


def test_a_path_leads_evenly_through_tracks_of_their_own(session: Session, space: Space, editions: Editions) -> None:
    rows = go(session, editions, space, 8, 128, 5)
    np.testing.assert_allclose(rows, 8 + 20 * np.arange(1, 6), atol=3)
    back = go(session, editions, space, 128, 8, 5)
    np.testing.assert_allclose(back, rows[::-1], atol=3)


def test_a_path_through_one_place_still_takes_another_track_for_each_step(
    session: Session, space: Space, editions: Editions
) -> None:
    """Between two segments of one track everything near is of few tracks: the search goes on until there are enough."""
    tracks = tracks_of(go(session, editions, space, 80, 82, 20))
    assert len(set(tracks)) == 20
    assert not {21, 7} & set(tracks), "neither the ends' own nor one without sound"


def test_a_path_longer_than_there_are_tracks_is_refused(session: Session, space: Space, editions: Editions) -> None:
    with pytest.raises(InvalidError) as raised:
        go(session, editions, space, 0, 80, 38)
    assert raised.value.code == "too_few_tracks"
    assert len(go(session, editions, space, 0, 80, 37)) == 37


def test_too_few_tracks_are_seen_before_anything_is_searched(
    monkeypatch: pytest.MonkeyPatch, session: Session, space: Space, editions: Editions
) -> None:
    monkeypatch.setattr(vectors, "search", lambda *arguments: pytest.fail("searched"))
    with pytest.raises(InvalidError, match="no 38 other tracks"):
        go(session, editions, space, 0, 80, 38)


def test_the_api_answers_segments_that_can_be_played(session: Session, client: FlaskClient, space: Space) -> None:
    found = client.get(f"{ADDRESS}/wander?revision=1000&rows=80&n=3")
    assert (found.status_code, found.get_json()["error"]["code"]) == (409, "stale_revision")
    revision = spaces.stored(session, "msd-musicnn").revision
    segments = client.get(f"{ADDRESS}/wander?revision={revision}&rows=79,80&tracks=3,4&n=3&near=100&tags=1").get_json()["segments"]
    assert len(segments) == 3
    assert all(each["track"]["audio"] and len(each["tags"]) == 1 for each in segments)
    way = client.get(f"{ADDRESS}/path?revision={revision}&start=8&end=128&n=5").get_json()["segments"]
    assert len({each["track"]["id"] for each in way}) == 5


ARTIST = 'artist:"Artist 3"'
THREE = "track:4 plus track:14 plus track:36"


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ({"filter": ARTIST}, {4, 14, 24, 34}),
        ({"selection": THREE}, {4, 14, 36}),
        ({"filter": ARTIST, "selection": THREE}, {4, 14}),
        ({"filter": f"-{ARTIST}", "selection": THREE}, {36}),
    ],
)
def test_nothing_comes_from_outside_a_filter_or_a_selection(
    session: Session, client: FlaskClient, space: Space, within: dict[str, str], expected: set[int]
) -> None:
    revision = spaces.stored(session, "msd-musicnn").revision
    for seed in range(5):
        query = {"revision": revision, "rows": 80, "n": 8, "seed": seed, **within}
        found = client.get(f"{ADDRESS}/wander", query_string=query).get_json()["segments"]
        assert found
        assert {each["track"]["id"] for each in found} <= expected
    path_of = {"revision": revision, "start": 8, "end": 150, **within}
    way = client.get(f"{ADDRESS}/path", query_string={**path_of, "n": len(expected)}).get_json()["segments"]
    assert {each["track"]["id"] for each in way} == expected
    refused = client.get(f"{ADDRESS}/path", query_string={**path_of, "n": len(expected) + 1})
    assert refused.status_code == 400
    assert refused.get_json()["error"]["code"] == "too_few_tracks"
    assert "wider filter" in refused.get_json()["error"]["hint"]


@pytest.mark.parametrize("way", ["wander?rows=80", "path?start=8&end=128"])
@pytest.mark.parametrize(
    ("within", "status", "code"),
    [
        ({"filter": "rock>"}, 400, "invalid_filter"),
        ({"selection": "nothing"}, 400, "invalid_selection"),
        ({"selection": "track:99"}, 404, "no_track"),
    ],
)
def test_what_is_no_filter_and_no_selection_is_said(
    session: Session, client: FlaskClient, space: Space, way: str, within: dict[str, str], status: int, code: str
) -> None:
    query = {"revision": spaces.stored(session, "msd-musicnn").revision, **within}
    response = client.get(f"{ADDRESS}/{way}&{urlencode(query)}")
    assert (response.status_code, response.get_json()["error"]["code"]) == (status, code)


def test_a_mask_that_is_older_than_the_rows_leaves_the_new_ones_out(session: Session, space: Space, editions: Editions) -> None:
    mask = np.ones(100, np.bool_)
    rows = follow(session, editions, space, Wish([80], nearness=0, n=20), mask=mask)
    assert rows
    assert max(rows) < 100


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("wander?rows=&revision=1", "invalid_parameter"),
        ("wander?rows=1,2,3,4,5,6&revision=1", "too_many"),
        ("wander?rows=1&revision=1&near=101", "invalid_parameter"),
        ("wander?rows=1&revision=1&n=21", "invalid_parameter"),
        (f"wander?rows=1&revision=1&tracks={','.join(map(str, range(21)))}", "too_many"),
        ("wander?revision=1", "missing_parameter"),
        ("path?start=1&revision=1", "missing_parameter"),
        ("path?start=1&end=2&n=0&revision=1", "invalid_parameter"),
    ],
)
def test_what_does_not_fit_is_said(client: FlaskClient, space: Space, asked: str, code: str) -> None:
    response = client.get(f"{ADDRESS}/{asked}")
    assert (response.status_code, response.get_json()["error"]["code"]) == (400, code)
