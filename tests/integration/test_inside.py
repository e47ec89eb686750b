"""The table of a map: every segment inside a box, counted, sorted, a page at a time, beside a plain Python sort."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core.entities import Outcome
from app.core.spaces import SpaceName
from app.store import features, runs, spaces, tracks
from app.store.database import database
from app.store.tables import Artist, Track
from tests import collection
from tests.points import decode

MAP = "msd-musicnn/embeddings/pca"
ADDRESS = f"/api/points/{MAP}/segments"
TITLES = ("Track 10", "track 2", "Élan", "elan", "Track 2", "اللحن", "", "zebra")
ROCK = 0
EVERY_THIRD = ",".join(map(str, range(0, 300, 3)))


@pytest.fixture
def filled(session: Session) -> Session:
    """Tracks with titles that people sort in another way than bytes, some without an artist, some of one title."""
    collection.synthesise(session, 24, ("msd-musicnn", "mtt-vgg"))
    artists = [Artist(name=name) for name in ("Zoe", "anna", "Bert")]
    for number, track in enumerate(session.query(Track).order_by(Track.id)):
        track.title = TITLES[number % len(TITLES)] or None
        track.artist = artists[number % 4] if number % 4 < 3 else None
    session.commit()
    return session


@pytest.fixture
def ask(client: FlaskClient) -> Callable[..., dict[str, Any]]:
    def asked(address: str = ADDRESS, **query: object) -> dict[str, Any]:
        response = client.get(address, query_string={"revision": 1, **query})
        assert response.status_code == 200, response.text
        return response.get_json()

    return asked


def every(ask: Callable[..., dict[str, Any]], limit: int = 17, **query: object) -> list[dict[str, Any]]:
    """All pages, one after another."""
    found: list[dict[str, Any]] = []
    while True:
        page = ask(**query, limit=limit, offset=len(found), tags=0)
        found += page["segments"]
        if len(page["segments"]) < limit:
            assert len(found) == page["n_inside"]
            assert page["n_tracks"] == len({segment["track"]["id"] for segment in found})
            return found


def middle(client: FlaskClient) -> tuple[list[float], set[int]]:
    """A box around the middle of the map, and the rows that the map draws there."""
    x0, x1, y0, y1 = decode(client.get(f"/api/points/{MAP}").data).header["extent"]
    box = [x0 * 0.7 + x1 * 0.3, x0 * 0.25 + x1 * 0.75, y0 * 0.8 + y1 * 0.2, y0 * 0.3 + y1 * 0.7]
    answer = decode(client.get(f"/api/points/{MAP}", query_string={"box": ",".join(map(str, box))}).data)
    assert 20 < answer.header["n_inside"] < answer.header["n_total"] - 20
    return box, set(answer.columns["row"])


def title_of(segment: dict[str, Any]) -> tuple[str, int]:
    """How people sort a title, its number by size."""
    word, _, number = segment["track"]["title"].casefold().partition(" ")
    return word, int(number or 0) if number.isdigit() else 0


def values_of_rock(session: Session) -> np.ndarray:
    """By row, straight from the database."""
    space = spaces.by_name(session, SpaceName.parse("msd-musicnn/activations"))
    return np.concatenate([block.vectors for block in features.blocks(session, space)])[:, ROCK]


@pytest.mark.parametrize("sort", ["title", "artist", "start", "value"])
@pytest.mark.parametrize("descending", [0, 1])
def test_all_pages_together_are_every_segment_inside_in_order(
    filled: Session, client: FlaskClient, ask: Callable[..., dict[str, Any]], sort: str, descending: int
) -> None:
    box, rows = middle(client)
    found = every(ask, box=",".join(map(str, box)), sort=sort, descending=descending, colour="msd-musicnn/rock")
    assert len(found) == len(rows)
    assert {segment["row"] for segment in found} == rows
    turned = -1 if descending else 1
    if sort == "start":
        keys = [(segment["track"]["id"] * turned, segment["start_s"] * turned) for segment in found]
        assert keys == sorted(keys)
        return
    if sort == "value":
        exact = values_of_rock(filled)
        keys = [(exact[segment["row"]] * turned, title_of(segment)) for segment in found]
    elif sort == "artist":
        names = sorted({segment["track"]["artist"] for segment in found} - {None}, key=str.casefold, reverse=bool(descending))
        rank = {name: number for number, name in enumerate([*names, None])}
        keys = [(rank[segment["track"]["artist"]], title_of(segment)) for segment in found]
    else:
        titles = sorted({title_of(segment) for segment in found}, reverse=bool(descending))
        keys = [(titles.index(title_of(segment)), (segment["track"]["artist"] or "\uffff").casefold()) for segment in found]
    assert keys == sorted(keys)
    # of what is equal, a track's segments rise in time
    for (key, segment), (other, after) in pairwise(zip(keys, found, strict=True)):
        if key == other and segment["track"]["id"] == after["track"]["id"]:
            assert segment["start_s"] < after["start_s"]


def test_the_strongest_of_the_colour_come_first_unless_asked_otherwise(filled: Session, ask: Callable[..., dict[str, Any]]) -> None:
    vectors = values_of_rock(filled)
    page = ask(colour="msd-musicnn/rock")
    assert [segment["value"] for segment in page["segments"]] == pytest.approx(np.sort(vectors)[::-1][:100].tolist(), abs=5.1e-5)
    assert [segment["value"] for segment in page["segments"]] == pytest.approx(
        [float(vectors[segment["row"]]) for segment in page["segments"]], abs=5.1e-5
    )
    plain = ask()
    assert {segment["value"] for segment in plain["segments"]} == {None}
    assert [segment["track"]["artist"] for segment in plain["segments"]] == ["anna"] * 100
    assert page["n_inside"] == plain["n_inside"] == len(vectors)


def test_a_segment_is_told_as_by_its_own_address(filled: Session, ask: Callable[..., dict[str, Any]]) -> None:
    listed = ask(tags=5, limit=3)["segments"]
    for segment in listed:
        assert (segment.pop("value"), segment.pop("word")) == (None, None)
        assert segment == ask(f"/api/segments/msd-musicnn/{segment['row']}", tags=5)


def test_segments_that_the_tags_network_has_not_heard_come_last(filled: Session, ask: Callable[..., dict[str, Any]]) -> None:
    late = collection.add_track(filled, "a-late.wav", title="A late one")
    for layer in ("embeddings", "activations"):
        space = spaces.by_name(filled, SpaceName.parse(f"msd-musicnn/{layer}"))
        collection.add_features(filled, space, {late.id: np.full((5, space.n_dims), 0.5)})
    filled.commit()
    everything = {"address": "/api/points/msd-musicnn/embeddings/original/segments", "colour": "mtt-vgg/rock"}
    for descending in (0, 1):
        n = ask(**everything)["n_inside"]
        page = ask(**everything, offset=n - 6, descending=descending)["segments"]
        assert [segment["value"] is None for segment in page] == [False] + [True] * 5
        assert [segment["index"] for segment in page[1:]] == [0, 1, 2, 3, 4]


def test_rows_that_are_gone_are_not_listed(filled: Session, ask: Callable[..., dict[str, Any]]) -> None:
    before = every(ask)
    tracks.forget(filled, [3, 4])
    filled.commit()
    after = every(ask)
    assert [s["row"] for s in after] == [s["row"] for s in before if s["track"]["id"] not in (3, 4)]


def test_titles_that_a_command_has_read_order_the_table_anew(filled: Session, ask: Callable[..., dict[str, Any]]) -> None:
    before = ask(sort="title")
    run = runs.begin(filled, "load-id3-metadata")
    filled.get_one(Track, 5).title = "0 first of all"
    runs.finish(filled, run, Outcome(1, 0, 0, 0))
    filled.commit()
    after = ask(sort="title")
    assert after["segments"][0]["track"]["title"] == "0 first of all"
    assert after["edition"] != before["edition"]
    assert ask(sort="title", offset=50)["edition"] == after["edition"]


def test_tracks_that_a_command_adds_while_it_runs_are_listed_by_their_titles(
    filled: Session, ask: Callable[..., dict[str, Any]]
) -> None:
    original = "/api/points/msd-musicnn/embeddings/original/segments"
    runs.begin(filled, "sync")
    filled.commit()
    ask(original, sort="title")
    late = collection.add_track(filled, "late.wav", title="龍, the last of all")
    for layer in ("embeddings", "activations"):
        space = spaces.by_name(filled, SpaceName.parse(f"msd-musicnn/{layer}"))
        collection.add_features(filled, space, {late.id: np.full((5, space.n_dims), 0.5)})
    filled.commit()
    revision = spaces.stored(filled, "msd-musicnn").revision
    page = ask(original, sort="title", descending=1, limit=5, revision=revision)
    assert [segment["track"]["title"] for segment in page["segments"]] == ["龍, the last of all"] * 5


@pytest.mark.parametrize(
    ("one", "hundred"),
    [
        (f"{ADDRESS}?revision=1&colour=msd-musicnn/rock&limit=1", f"{ADDRESS}?revision=1&colour=msd-musicnn/rock"),
        ("/api/segments/msd-musicnn?revision=1&rows=0", f"/api/segments/msd-musicnn?revision=1&rows={EVERY_THIRD}"),
    ],
)
def test_a_hundred_segments_take_as_many_queries_as_one(filled: Session, client: FlaskClient, one: str, hundred: str) -> None:
    """Each query costs more than all that is computed for a segment."""
    found = client.get(hundred).get_json()["segments"]
    assert len({segment["track"]["id"] for segment in found}) > 10
    assert n_queries(client, one) == n_queries(client, hundred) <= 8


def n_queries(client: FlaskClient, address: str) -> int:
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    with client.application.app_context():
        event.listen(database.engine, "before_cursor_execute", note)
        try:
            assert client.get(address).status_code == 200
        finally:
            event.remove(database.engine, "before_cursor_execute", note)
    return len(statements)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "missing_parameter"),
        ("revision=7", 409, "stale_revision"),
        ("revision=1&sort=value", 400, "no_colour"),
        ("revision=1&sort=titel", 400, "invalid_parameter"),
        ("revision=1&limit=101", 400, "invalid_parameter"),
        ("revision=1&offset=-1", 400, "invalid_parameter"),
        ("revision=1&descending=2", 400, "invalid_parameter"),
        ("revision=1&box=1,0,0,1", 400, "invalid_parameter"),
        ("revision=1&x=10", 400, "no_dimension"),
        ("revision=1&colour=msd-musicnn/rokc", 404, "unknown_tag"),
    ],
)
def test_what_cannot_be_listed_is_said(filled: Session, client: FlaskClient, query: str, status: int, code: str) -> None:
    response = client.get(f"{ADDRESS}?{query}")
    assert (response.status_code, response.get_json()["error"]["code"]) == (status, code)


def test_a_page_behind_the_last_is_empty(filled: Session, ask: Callable[..., dict[str, Any]]) -> None:
    whole = ask()
    for sort in ("artist", "value"):
        page = ask(sort=sort, offset=whole["n_inside"], colour="msd-musicnn/rock")
        assert (page["segments"], page["n_inside"]) == ([], whole["n_inside"])
    nothing = ask(box="1e6,2e6,0,1")
    assert (nothing["segments"], nothing["n_inside"], nothing["n_tracks"]) == ([], 0, 0)
