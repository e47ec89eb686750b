"""Selections over the API: what they select, beside NumPy on the coordinates; what they are made of; files; errors."""

import csv
import io
import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.cache import cloud
from app.cache.editions import Editions
from app.core.errors import NotReadyError
from app.core.spaces import SpaceName
from app.explore.map import regions
from app.explore.selection import evaluation, reading
from app.store import features, spaces, tracks
from app.store.tables import Artist, Selection, Track
from tests import collection
from tests.points import decode

NETWORK = "msd-musicnn"
MAP = f"{NETWORK}/embeddings/pca"
AT = f"{MAP}/0/1"
HOP_S = 2.992


@pytest.fixture
def filled(session: Session) -> Session:
    collection.synthesise(session, 24, (NETWORK, "mtt-vgg", "audioset-vggish"))
    zoe = Artist(name="Zoe")
    for track in session.query(Track).filter(Track.id.in_([2, 5])):
        track.artist = zoe
    session.get_one(Track, 7).artist = None
    session.commit()
    return session


@pytest.fixture
def ask(client: FlaskClient) -> Callable[..., dict[str, Any]]:
    def asked(selection: str, part: str = "", network: str = NETWORK, **query: object) -> dict[str, Any]:
        response = client.get(f"/api/selections/{network}{part}", query_string={"selection": selection, **query})
        assert response.status_code == 200, response.text
        return response.get_json()

    return asked


@pytest.fixture
def rows(client: FlaskClient) -> Callable[..., list[int]]:
    def asked(selection: str, network: str = NETWORK) -> list[int]:
        body = client.get(f"/api/selections/{network}/rows", query_string={"selection": selection}).data
        (length,) = struct.unpack_from("<I", body, 4)
        header = json.loads(body[8 : 8 + length])
        (column,) = header["columns"]
        values = body[8 + length + column["offset"] :]
        if column["name"] == "row":
            found = np.frombuffer(values, "<u4", header["n"]).tolist()
        else:
            found = np.flatnonzero(np.unpackbits(np.frombuffer(values, np.uint8), bitorder="little")[: header["n_rows"]]).tolist()
        assert len(found) == header["n"]
        return found

    return asked


def places(client: FlaskClient, layout: str = MAP) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Every row of a map and where it is, in steps of its extent."""
    answer = decode(client.get(f"/api/points/{layout}").data)
    x0, x1, y0, y1 = answer.header["extent"]
    x, y = (np.array(answer.columns[name]) / 65535 for name in "xy")
    return np.array(answer.columns["row"]), np.stack([x0 + x * (x1 - x0), y0 + y * (y1 - y0)], axis=1)


def ring(centre: NDArray[np.float64], radius: NDArray[np.float64], n: int = 20) -> NDArray[np.float64]:
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return centre + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1) * (1 + 0.3 * np.sin(5 * angle))[:, None]


def written(vertices: NDArray[np.float64], at: str = AT) -> str:
    return f"polygon:{at}/{'_'.join(f'{value:.7g}' for value in vertices.ravel())}"


def clear_of(vertices: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Points that are not so near an edge that the quantised place might lie on its other side."""
    following = np.roll(vertices, -1, axis=0)
    along = following - vertices
    share = ((points[:, None] - vertices) * along).sum(-1) / (along**2).sum(-1)
    nearest = vertices + np.clip(share, 0, 1)[..., None] * along
    return np.linalg.norm(points[:, None] - nearest, axis=-1).min(1) > 1e-3


def in_polygon(vertices: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.bool_]:
    inside = np.zeros(len(points), np.bool_)
    for (x0, y0), (x1, y1) in zip(vertices, np.roll(vertices, -1, axis=0), strict=True):
        spans = (y0 <= points[:, 1]) != (y1 <= points[:, 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            inside ^= spans & (points[:, 0] < x0 + (points[:, 1] - y0) / (y1 - y0) * (x1 - x0))
    return inside


@pytest.mark.parametrize("indexed", [False, True], ids=["scanned", "indexed"])
def test_a_polygon_selects_exactly_the_points_inside_it_without_gone_tracks(
    monkeypatch: pytest.MonkeyPatch,
    client: FlaskClient,
    filled: Session,
    rows: Callable[..., list[int]],
    ask: Callable[..., dict[str, Any]],
    indexed: bool,
) -> None:
    monkeypatch.setattr(cloud, "INDEX_FROM", 10 if indexed else 1 << 20)
    every, points = places(client)
    vertices = ring(points.mean(0), points.std(0))
    inside = set(every[in_polygon(vertices, points)].tolist())
    unclear = set(every[~clear_of(vertices, points)].tolist())
    assert 30 < len(inside) < len(every) - 30
    assert len(unclear) < 5
    assert set(rows(written(vertices))) - unclear == inside - unclear
    tracks.forget(filled, [3, 9])
    filled.commit()
    left = set(places(client)[0].tolist())
    assert left < set(every.tolist())
    assert set(rows(written(vertices))) - unclear == (inside & left) - unclear
    facts = ask(written(vertices))
    assert (facts["n_segments"], facts["n_total"]) == (len(rows(written(vertices))), len(left))


def test_joints_add_subtract_intersect_and_invert(client: FlaskClient, filled: Session, rows: Callable[..., list[int]]) -> None:
    every, points = places(client)
    track, artist = set(rows("track:2")), set(rows("artist:2"))
    own = points[np.isin(every, list(track))]
    polygon = written(ring(own.mean(0), own.std(0)))
    inside = set(rows(polygon))
    assert track < artist
    assert inside & track
    assert track - inside
    assert set(rows(f"{polygon} plus track:2")) == inside | track
    assert set(rows(f"{polygon} minus artist:2")) == inside - artist
    assert set(rows(f"artist:2 and {polygon}")) == inside & artist
    assert set(rows(f"not ({polygon} plus track:2)")) == set(every.tolist()) - inside - track
    assert set(rows("artist-of:5")) == artist
    # from left to right
    assert set(rows(f"{polygon} plus track:2 and artist:2")) == (inside | track) & artist


def test_a_box_selects_what_the_table_of_the_box_lists(
    client: FlaskClient, filled: Session, rows: Callable[..., list[int]]
) -> None:
    _, points = places(client)
    (x0, y0), (x1, y1) = np.quantile(points, [0.4, 0.8], axis=0).round(3).tolist()
    query = {"revision": 1, "box": f"{x0},{x1},{y0},{y1}", "limit": 100}
    listed = client.get(f"/api/points/{MAP}/segments", query_string=query).get_json()
    assert 10 < listed["n_inside"] <= 100
    assert sorted(segment["row"] for segment in listed["segments"]) == rows(f"box:{AT}/{x0}_{x1}_{y0}_{y1}")


def test_what_is_drawn_on_the_map_of_one_network_selects_the_same_times_in_another(
    client: FlaskClient, filled: Session, rows: Callable[..., list[int]], ask: Callable[..., dict[str, Any]]
) -> None:
    _, points = places(client)
    polygon = written(ring(points.mean(0), points.std(0)))
    # both networks have segments of the same length, and so the same rows
    assert rows(polygon, "mtt-vgg") == rows(polygon)
    assert rows("segments:mtt-vgg/2.1_5.0") == rows("segments:msd-musicnn/2.1_5.0")


def test_what_is_selected_in_a_network_selects_what_has_its_middle_there_in_one_of_shorter_segments(
    client: FlaskClient, filled: Session, rows: Callable[..., list[int]]
) -> None:
    own = client.get("/api/tracks/2/rows/audioset-vggish").get_json()
    middles_s = (np.arange(own["n_segments"]) + 0.5) * 0.96
    expected = own["first_row"] + np.flatnonzero((middles_s >= 3 * HOP_S) & (middles_s < 4 * HOP_S))
    assert len(expected) == 3
    assert rows(f"segments:{NETWORK}/2.3", "audioset-vggish") == expected.tolist()


def test_picked_segments_are_rows_of_their_tracks_and_those_that_are_gone_are_left_out(
    client: FlaskClient, filled: Session, rows: Callable[..., list[int]]
) -> None:
    first = {i: client.get(f"/api/tracks/{i}/rows/{NETWORK}").get_json()["first_row"] for i in (2, 5)}
    assert rows(f"segments:{NETWORK}/2.3_5.0_2.9999_77.0") == [first[2] + 3, first[5]]
    tracks.forget(filled, [5])
    filled.commit()
    assert rows(f"segments:{NETWORK}/2.3_5.0") == [first[2] + 3]


def test_a_filter_selects_what_it_keeps_and_a_region_what_lies_in_it(
    client: FlaskClient, filled: Session, rows: Callable[..., list[int]]
) -> None:
    loud = decode(client.get(f"/api/points/{MAP}", query_string={"filter": "rock>p80"}).data)
    assert 10 < len(loud.columns["row"]) < 200
    assert set(rows('filter:"rock>p80"')) == set(loud.columns["row"])
    assert set(rows('filter:"rock>p80" and track:2')) == set(loud.columns["row"]) & set(rows("track:2"))
    told = client.get(f"/api/regions/{MAP}").get_json()
    region = told["regions"][0]
    found = rows(f"region:{AT}/{region['id']}/{told['made']}")
    assert len(found) == region["n_segments"] > 10
    assert len(set(found) & set(rows("track:2"))) == len(rows(f"region:{AT}/{region['id']}/{told['made']} and track:2"))


def test_few_rows_are_sent_as_numbers_and_many_as_bits(client: FlaskClient, filled: Session) -> None:
    def columns(selection: str) -> bytes:
        return client.get(f"/api/selections/{NETWORK}/rows", query_string={"selection": selection}).data

    few, many = columns(f"segments:{NETWORK}/2.3"), columns("not track:1")
    assert b'"name":"row"' in few
    assert b'"name":"bits"' in many
    assert len(many) < 500


def test_tags_over_and_under_are_those_of_numpy(filled: Session, rows: Callable[..., list[int]], ask: Callable[..., Any]) -> None:
    space = spaces.by_name(filled, SpaceName.parse(f"{NETWORK}/activations"))
    values = np.concatenate([block.vectors for block in features.blocks(filled, space)]).astype(np.float64)
    chosen = "track:1 plus track:9 plus track:17"
    answer = ask(chosen, "/tags", limit=50)
    selected = rows(chosen)
    assert answer["n_heard"] == len(selected)
    labels = list(space.labels or ())
    by_label = {tag["label"]: tag for tag in (*answer["over"], *answer["under"])}
    assert len(answer["over"]) > 5
    assert len(answer["under"]) > 5
    for label, tag in by_label.items():
        column = values[:, labels.index(label)]
        rank = ((column[:, None] > column).sum(1) + (column[:, None] == column).sum(1) / 2) / len(column)
        strong = rank >= 0.9
        assert tag["mean_rank"] == pytest.approx(rank[selected].mean(), abs=1e-4)
        assert tag["n_strong"] == strong[selected].sum()
        assert tag["share"] == pytest.approx(strong[selected].mean(), abs=1e-4)
        assert tag["lift"] == pytest.approx(strong[selected].mean() / strong.mean(), abs=2e-3)
    lifts = [[tag["lift"] for tag in answer[side]] for side in ("over", "under")]
    assert lifts == [sorted(lifts[0], reverse=True), sorted(lifts[1])]
    assert all(tag["lift"] > 1 and tag["mean_rank"] > 0.5 for tag in answer["over"])
    assert all(tag["lift"] < 1 and tag["mean_rank"] < 0.5 for tag in answer["under"])


def test_of_fewer_segments_than_say_something_no_tag_is_told(filled: Session, ask: Callable[..., Any]) -> None:
    answer = ask(f"segments:{NETWORK}/2.0_2.1_2.2", "/tags")
    assert (answer["n_heard"], answer["over"], answer["under"]) == (3, [], [])
    assert answer["n_needed"] == 20


@pytest.mark.parametrize("sort", ["count", "title", "artist", "start"])
def test_pages_of_tracks_are_all_tracks_in_order(client: FlaskClient, filled: Session, ask: Callable[..., Any], sort: str) -> None:
    _, points = places(client)
    polygon = written(ring(points.mean(0), points.std(0)))
    facts = ask(polygon)
    for descending in (0, 1):
        listed: list[dict[str, Any]] = []
        while len(listed) < facts["n_tracks"]:
            page = ask(polygon, "/tracks", sort=sort, descending=descending, limit=5, offset=len(listed))
            assert page["n_tracks"] == facts["n_tracks"]
            listed += page["tracks"]
        assert len({each["track"]["id"] for each in listed}) == facts["n_tracks"]
        assert sum(each["n_selected"] for each in listed) == facts["n_segments"]
        keys = {
            "count": [each["n_selected"] for each in listed],
            "title": [int(each["track"]["title"].split()[1]) for each in listed],
            "artist": [each["track"]["artist"] for each in listed],
            "start": [each["track"]["id"] for each in listed],
        }[sort]
        assert keys == sorted(keys, reverse=bool(descending))


def test_each_track_tells_its_first_selected_segment(
    filled: Session, rows: Callable[..., list[int]], ask: Callable[..., Any]
) -> None:
    (page,) = ask(f"segments:{NETWORK}/2.3_2.5", "/tracks")["tracks"]
    assert page["row"] == rows(f"segments:{NETWORK}/2.3_2.5")[0]
    assert page["n_selected"] == 2
    assert page["n_segments"] > 5


def test_files_hold_every_selected_segment(client: FlaskClient, filled: Session, rows: Callable[..., list[int]]) -> None:
    track = filled.get_one(Track, 2)
    track.title = '=HYPERLINK("http://evil.example")'
    filled.commit()
    chosen = f"segments:{NETWORK}/2.1_5.0 plus track:7"
    answers = {
        kind: client.get(f"/api/selections/{NETWORK}/file", query_string={"selection": chosen, "kind": kind})
        for kind in ("csv", "json")
    }
    assert "attachment" in answers["csv"].headers["Content-Disposition"]
    assert answers["csv"].mimetype == "text/csv"
    lines = list(csv.DictReader(io.StringIO(answers["csv"].text)))
    told = json.loads(answers["json"].text)
    assert len(lines) == len(told["segments"]) == told["n_segments"] == len(rows(chosen))
    assert (told["selection"], told["network"], told["n_tracks"]) == (chosen, NETWORK, 3)
    assert lines[0]["title"] == '\'=HYPERLINK("http://evil.example")'
    assert told["segments"][0]["title"] == '=HYPERLINK("http://evil.example")'
    space = spaces.by_name(filled, SpaceName.parse(f"{NETWORK}/activations"))
    values = np.concatenate([block.vectors for block in features.blocks(filled, space)])
    for line, segment, row in zip(lines, told["segments"], rows(chosen), strict=True):
        assert int(line["track"]) == segment["track"]
        assert float(line["start_s"]) == segment["start_s"] == pytest.approx(HOP_S * segment["segment"], abs=1e-4)
        assert float(line["end_s"]) == pytest.approx(segment["start_s"] + HOP_S, abs=1e-3)
        assert segment["tag"] == (space.labels or ())[values[row].argmax()]
        assert float(line["activation"]) == segment["activation"] == pytest.approx(float(values[row].max()), abs=1e-4)


def test_files_of_many_tracks_are_written_in_pieces(
    monkeypatch: pytest.MonkeyPatch, client: FlaskClient, filled: Session, rows: Callable[..., list[int]]
) -> None:
    from app.explore.selection import export

    whole = client.get(f"/api/selections/{NETWORK}/file", query_string={"selection": "not track:4"}).text
    monkeypatch.setattr(export, "TRACKS_AT_ONCE", 5)
    answer = client.get(f"/api/selections/{NETWORK}/file", query_string={"selection": "not track:4"})
    assert answer.text == whole
    assert whole.count("\n") == len(rows("not track:4")) + 1


def test_a_stored_selection_stands_for_its_text(client: FlaskClient, filled: Session, rows: Callable[..., list[int]]) -> None:
    text = "track:2  plus (artist:2 minus track:5)"
    first = client.post("/api/selections", json={"text": text}).get_json()["text"]
    again = client.post("/api/selections", json={"text": "track:2 plus (artist:2 minus track:5)"}).get_json()["text"]
    assert first == again
    assert first.startswith("stored:")
    assert filled.query(Selection).count() == 1
    assert rows(first) == rows(text)
    assert set(rows(f"{first} plus track:7")) == set(rows(text)) | set(rows("track:7"))


def test_two_tabs_that_store_a_selection_at_once_get_one_token(
    monkeypatch: pytest.MonkeyPatch, client: FlaskClient, filled: Session
) -> None:
    first = client.post("/api/selections", json={"text": "track:2"})
    monkeypatch.setattr(Session, "get", lambda *arguments: None)  # looked up before the other tab has written it
    second = client.post("/api/selections", json={"text": "track:2"})
    assert (second.status_code, second.get_json()) == (200, first.get_json())


def test_a_stored_selection_is_evaluated_once_and_all_its_terms_count(
    monkeypatch: pytest.MonkeyPatch, client: FlaskClient, filled: Session, rows: Callable[..., list[int]]
) -> None:
    def stored(text: str) -> str:
        return client.post("/api/selections", json={"text": text}).get_json()["text"]

    n_asked = 0
    of_tracks = evaluation._of_tracks

    def counted(table: object, ids: object) -> NDArray[np.bool_]:
        nonlocal n_asked
        n_asked += 1
        assert n_asked <= reading.MOST_TERMS, "stored selections multiply"
        return of_tracks(table, ids)

    monkeypatch.setattr(evaluation, "_of_tracks", counted)
    pair = stored("track:2 plus track:5")
    nested = stored(f"{pair} plus {pair} minus track:5 plus {pair}")
    assert rows(f"{nested} and {nested}") == rows("track:2 plus track:5")
    assert n_asked == 3 + 2
    assert set(rows(f"not {pair}")) == set(rows("not track:2 minus track:5"))
    full = stored(" plus ".join(f"track:{1 + number % 20}" for number in range(reading.MOST_TERMS)))
    n_asked = 0
    assert len(rows(full)) > 100
    many = stored(" plus ".join([pair, "track:1"] * (reading.MOST_TERMS // 2)))
    for text in (f"{full} plus track:1", f"{many} plus {many}"):
        n_asked = 0
        response = client.get(f"/api/selections/{NETWORK}", query_string={"selection": text})
        assert (response.status_code, response.get_json()["error"]["code"]) == (400, "invalid_selection")
        assert "101 terms" in response.get_json()["error"]["message"]


def test_a_region_is_looked_for_once_and_one_of_before_is_refused_before_any_is_made(
    monkeypatch: pytest.MonkeyPatch, client: FlaskClient, filled: Session, rows: Callable[..., list[int]]
) -> None:
    made = client.get(f"/api/regions/{MAP}").get_json()["made"]
    chosen = f"region:{AT}/0/{made}"
    looked_for: list[int] = []
    rows_of = regions.rows_of
    monkeypatch.setattr(regions, "rows_of", lambda found, region, made: looked_for.append(region) or rows_of(found, region, made))
    assert len(rows(chosen)) > 10
    assert rows(chosen) == rows(f"{chosen} plus {chosen}")
    assert looked_for == [0]
    monkeypatch.setattr(regions.fit, "fit", lambda *given: pytest.fail("regions were made only to be refused"))
    response = client.get(f"/api/selections/{NETWORK}", query_string={"selection": f"region:{MAP}/2/3/0/{made}"})
    assert (response.status_code, response.get_json()["error"]["code"]) == (409, "stale_regions")


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_file_whose_tags_are_being_prepared_does_not_begin(
    monkeypatch: pytest.MonkeyPatch, client: FlaskClient, filled: Session, kind: str
) -> None:
    def refuse(*given: object) -> None:
        raise NotReadyError("preparing", "The tags are being prepared.", "Try again.")

    monkeypatch.setattr(Editions, "columns", refuse)
    response = client.get(f"/api/selections/{NETWORK}/file", query_string={"selection": "track:2", "kind": kind})
    assert (response.status_code, response.get_json()["error"]["code"]) == (409, "preparing")


def test_stored_selections_that_refer_to_too_many_others_are_refused(client: FlaskClient, filled: Session) -> None:
    text = "track:1"
    for number in range(2, 12):
        text = client.post("/api/selections", json={"text": f"{text} plus track:{number}"}).get_json()["text"]
    response = client.get(f"/api/selections/{NETWORK}", query_string={"selection": text})
    assert (response.status_code, response.get_json()["error"]["code"]) == (404, "unknown_selection")


@pytest.mark.parametrize(
    ("selection", "status", "code"),
    [
        ("track:99", 404, "no_track"),
        ("artist:99", 404, "no_artist"),
        ("artist-of:99", 404, "no_track"),
        ("artist-of:7", 404, "no_artist"),
        ("stored:0123456789abcdef", 404, "unknown_selection"),
        ("nothing", 400, "invalid_selection"),
        (f"polygon:{AT}/1_2_3_4", 400, "invalid_selection"),
        (f"polygon:{NETWORK}/embeddings/mds/0/1/1_2_3_4_5_6", 400, "unknown_projection"),
        (f"polygon:{MAP}/0/77/1_2_3_4_5_6", 400, "no_dimension"),
        (f"polygon:{NETWORK}/embeddings/umap/0/1/1_2_3_4_5_6", 409, "not_reduced"),
        ("segments:msd-vgg/1.0", 409, "no_features"),
        ('filter:"rock>"', 400, "invalid_filter"),
        (f"region:{AT}/0/older", 409, "stale_regions"),
        (f"region:{AT}/999/made", 404, "no_region"),
    ],
)
@pytest.mark.parametrize("part", ["", "/rows", "/tags", "/tracks", "/file"])
def test_what_cannot_be_selected_is_said_with_the_next_step(
    client: FlaskClient, filled: Session, selection: str, status: int, code: str, part: str
) -> None:
    if selection.endswith("/made"):
        selection = selection.replace("made", client.get(f"/api/regions/{MAP}").get_json()["made"])
    response = client.get(f"/api/selections/{NETWORK}{part}", query_string={"selection": selection})
    error = response.get_json()["error"]
    assert (response.status_code, error["code"]) == (status, code)
    assert error["message"].endswith(".")
    assert error["hint"]


@pytest.mark.parametrize("text", ["", "x", "track:1 plus", "x" * 60_000])
def test_what_is_no_selection_is_not_stored(client: FlaskClient, filled: Session, text: str) -> None:
    response = client.post("/api/selections", json={"text": text})
    assert response.status_code == 400
    assert filled.query(Selection).count() == 0
