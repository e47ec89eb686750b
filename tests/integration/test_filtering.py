"""Filters over a collection: what matches is what a naive reading of the same numbers finds."""

import weakref
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import re2
from flask.testing import FlaskClient
from numpy.typing import NDArray
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.cache import cloud, grid_index
from app.core.entities import Outcome
from app.core.spaces import Layer
from app.explore.filtering import matching
from app.filters.tree import Interval
from app.store import annotations, artists, features, rows, runs, spaces, tracks
from app.store.tables import Space, Track
from tests import collection
from tests.points import decode

NAME = "msd-musicnn"
MAP = f"{NAME}/activations"
GENRES = ("Jazz", "Blues", "Nu Jazz")


@pytest.fixture
def filled(session: Session) -> Session:
    collection.synthesise(session, 40, (NAME, "mtt-vgg"))
    labelled = annotations.set_named(session, "file-tags")
    genre_ids = [annotations.tag(session, "genre", name).id for name in GENRES]
    for at, track in enumerate(session.scalars(select(Track).order_by(Track.id))):
        track.year = None if at % 7 == 0 else 1980 + at
        track.title = f"Élan {at}" if at % 5 == 0 else f"The Tone {at}"
        track.artist = artists.named(session, "J. S. Bach" if at % 4 == 0 else f"Offenbach {at % 3}")
        annotations.replace(session, labelled, {track.id: [genre_ids[at % 3]]})
    session.commit()
    return session


class Naive:
    """Every row with its values and its track, straight from the database, in plain loops."""

    def __init__(self, session: Session, name: str = NAME) -> None:
        self.network = spaces.stored(session, name)
        space = session.get_one(Space, self.network.space(Layer.ACTIVATIONS).id)
        self.labels = list(space.labels or ())
        ranges = rows.since(session, self.network.id)
        vectors: dict[int, NDArray[np.float16]] = {}
        for block in features.blocks(session, space):
            parts = np.split(block.vectors, np.cumsum(block.n_segments)[:-1])
            vectors |= dict(zip(block.track_ids.tolist(), parts, strict=True))
        self.tracks = tracks.by_ids(session, ranges.track_ids.tolist())
        firsts = zip(ranges.track_ids.tolist(), ranges.first_rows.tolist(), strict=True)
        self.of_track = {i: (first, np.asarray(vectors[i], np.float64)) for i, first in firsts}
        self.n_rows = self.network.n_rows

    def column(self, label: str) -> NDArray[np.float64]:
        return np.concatenate([values[:, self.labels.index(label)] for _, values in self.of_track.values()])

    def percentile(self, label: str, percent: float) -> float:
        values = np.sort(self.column(label))
        return float(values[int(np.ceil(percent / 100 * len(values))) - 1])

    def rows(self, matches: Any) -> list[int]:
        """Rows for which `matches(track, values of its track by label, index)` is true."""
        found = []
        for track_id, (first, values) in self.of_track.items():
            by_label = {label: values[:, at] for at, label in enumerate(self.labels)}
            found += [first + i for i in range(len(values)) if matches(self.tracks[track_id], by_label, i)]
        return sorted(found)


def matched(client: FlaskClient, text: str, **query: object) -> list[int]:
    answer = client.get(f"/api/points/{MAP}/pca", query_string={"filter": text, **query})
    assert answer.status_code == 200, answer.text
    return sorted(decode(answer.data).columns["row"])


def test_conditions_match_what_a_naive_reading_finds(filled: Session, client: FlaskClient) -> None:
    naive = Naive(filled)
    p90, p50 = naive.percentile("rock", 90), naive.percentile("pop", 50)
    means = sorted(float(values[:, naive.labels.index("rock")].mean()) for _, values in naive.of_track.values())
    mean_p90 = means[int(np.ceil(0.9 * len(means))) - 1]
    hop_s = naive.network.geometry.hop_s
    expected = {
        "": naive.rows(lambda t, v, i: True),
        "rock>p90": naive.rows(lambda t, v, i: v["rock"][i] > p90),
        "-rock>p90": naive.rows(lambda t, v, i: v["rock"][i] <= p90),
        "0.1 < rock <= 0.4": naive.rows(lambda t, v, i: 0.1 < v["rock"][i] <= 0.4),
        "rock>p90 pop<p50 -artist:offen": naive.rows(
            lambda t, v, i: v["rock"][i] > p90 and v["pop"][i] < p50 and "Offen" not in t.artist.name
        ),
        "rock>p90 or year:1990..2000": naive.rows(lambda t, v, i: v["rock"][i] > p90 or (t.year and 1990 <= t.year <= 2000)),
        "bach": naive.rows(lambda t, v, i: True),
        "artist:=\"j. s. bach\"": naive.rows(lambda t, v, i: t.artist.name == "J. S. Bach"),
        "elan": naive.rows(lambda t, v, i: "Élan" in t.title),
        "title:/^the .*[12]$/": naive.rows(lambda t, v, i: t.title.startswith("The") and t.title[-1] in "12"),
        "genre:=jazz|blues": naive.rows(lambda t, v, i: (t.id - 1) % 3 in (0, 1)),
        "genre:jazz": naive.rows(lambda t, v, i: (t.id - 1) % 3 in (0, 2)),
        "length:..1:00": naive.rows(lambda t, v, i: t.duration_s < 61),
        "start>=0:30": naive.rows(lambda t, v, i: i * hop_s >= 30),
        "track:3|5": naive.rows(lambda t, v, i: t.id in (3, 5)),
        "any(rock>p90)": naive.rows(lambda t, v, i: (v["rock"] > p90).any()),
        "all(-rock>p90)": naive.rows(lambda t, v, i: (v["rock"] <= p90).all()),
        "share(rock>p90) >= 20%": naive.rows(lambda t, v, i: (v["rock"] > p90).mean() >= 0.2),
        "mean(rock)>p90": naive.rows(lambda t, v, i: v["rock"].mean() > mean_p90),
        "max(rock)<0.3": naive.rows(lambda t, v, i: v["rock"].max() < 0.3),
        "max(rock)<0.3 rock>0.2": naive.rows(lambda t, v, i: v["rock"].max() < 0.3 and v["rock"][i] > 0.2),
    }  # fmt: skip
    for text, found in expected.items():
        assert matched(client, text) == found, text
        checked = client.get(f"/api/filters/{NAME}", query_string={"filter": text}).json
        assert checked is not None
        assert checked["n_segments"] == len(found), text
        of_tracks = {i: set(range(first, first + len(values))) for i, (first, values) in naive.of_track.items()}
        assert checked["n_tracks"] == sum(bool(of_track & set(found)) for of_track in of_tracks.values()), text
    assert 0 < len(expected["rock>p90"]) <= 0.1 * naive.n_rows


def test_a_tag_of_another_network_is_asked_at_the_same_time(filled: Session, client: FlaskClient) -> None:
    own, other = Naive(filled), Naive(filled, "mtt-vgg")
    level = other.percentile("rock", 80)
    hop_s, segment_s = own.network.geometry.hop_s, own.network.geometry.segment_s

    def is_loud(track: Track, values: object, i: int) -> bool:
        heard = other.of_track[track.id][1][:, other.labels.index("rock")]
        at = min(int((i * hop_s + segment_s / 2) / other.network.geometry.hop_s + 1e-9), len(heard) - 1)
        return bool(heard[at] > level)

    found = own.rows(is_loud)
    assert 0 < len(found) < own.n_rows
    assert matched(client, "mtt-vgg/rock>p80") == found


def test_rows_that_are_gone_match_nothing(filled: Session, client: FlaskClient) -> None:
    before = matched(client, "-rock>p90")
    naive = Naive(filled)
    first, values = naive.of_track[7]
    rows.forget(filled, naive.network.id, [7])
    filled.commit()
    after = matched(client, "-artist:nobody")
    assert set(after) == set(range(naive.n_rows)) - set(range(first, first + len(values)))
    assert set(matched(client, "max(rock)>0")) == set(after)
    assert not set(matched(client, "-rock>p90")) & set(range(first, first + len(values)))
    assert before


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the little collection be one of which an index is made."""
    monkeypatch.setattr(cloud, "INDEX_FROM", 100)
    monkeypatch.setattr(grid_index, "SCAN", 64)


@pytest.mark.parametrize("text", ["rock>p90", "rock<p80", "rock>p99.5", ""])
@pytest.mark.usefixtures("many")
def test_no_match_in_a_box_is_hidden_and_counts_are_exact(filled: Session, client: FlaskClient, text: str) -> None:
    whole = decode(client.get(f"/api/points/{MAP}/pca").data)
    x0, x1, y0, y1 = whole.header["extent"]
    box = (x0, (x0 + x1) / 2, y0, (y0 + 2 * y1) / 3)
    inside = set(decode(client.get(f"/api/points/{MAP}/pca", query_string={"box": ",".join(map(str, box))}).data).columns["row"])
    matching = set(matched(client, text))
    asked = {"filter": text, "box": ",".join(map(str, box))}
    answer = decode(client.get(f"/api/points/{MAP}/pca", query_string=asked).data)
    assert set(answer.columns["row"]) == inside & matching
    assert answer.header["n_matching"] == len(inside & matching)
    assert answer.header["n_inside"] == len(inside)
    assert answer.header["n_total"] == whole.header["n_total"]
    few = decode(client.get(f"/api/points/{MAP}/pca", query_string={**asked, "limit": 5}).data)
    assert few.columns["row"] == answer.columns["row"][:5]
    assert few.header["n_matching"] == len(inside & matching)
    revision = whole.header["revision"]
    listed = client.get(f"/api/points/{MAP}/pca/segments", query_string={**asked, "revision": revision}).json
    assert listed is not None
    assert listed["n_inside"] == len(inside & matching)
    assert {segment["row"] for segment in listed["segments"]} <= inside & matching


def test_the_average_of_a_track_is_drawn_where_a_segment_of_it_matches(filled: Session, client: FlaskClient) -> None:
    asked = {"filter": "rock>p95", "granularity": "averages"}
    averages = decode(client.get(f"/api/points/{MAP}/pca", query_string=asked).data)
    of_tracks = {first: set(range(first, first + len(values))) for first, values in Naive(filled).of_track.values()}
    matching = set(matched(client, "rock>p95"))
    expected = {first for first, of_track in of_tracks.items() if of_track & matching}
    assert set(averages.columns["first_row"]) == expected
    assert averages.header["n_matching"] == len(expected) < averages.header["n_inside"] == len(of_tracks)


def test_the_extent_of_a_filtered_map_is_that_of_the_whole(filled: Session, client: FlaskClient) -> None:
    whole, some = (
        decode(client.get(f"/api/points/{MAP}/pca", query_string=asked).data).header for asked in ({}, {"filter": "rock>p99"})
    )
    assert whole["extent"] == some["extent"] == some["box"]


def test_another_filter_has_another_etag(filled: Session, client: FlaskClient) -> None:
    asked = ({}, {"filter": "rock>p90"}, {"filter": "pop>p90"})
    assert len({client.get(f"/api/points/{MAP}/pca", query_string=each).headers["ETag"] for each in asked}) == len(asked)


def test_what_is_no_filter_is_refused_by_maps_and_explained_where_one_asks(filled: Session, client: FlaskClient) -> None:
    refused = client.get(f"/api/points/{MAP}/pca", query_string={"filter": "artist:bach vocal>p90"})
    assert (refused.status_code, refused.json and refused.json["error"]["code"]) == (400, "invalid_filter")
    answer = client.get(f"/api/filters/{NAME}", query_string={"filter": "artist:bach vocal>p90"})
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["problem"] == {
        "message": "`vocal` is no tag of MSD MusiCNN (column 13).",
        "hint": 'Did you mean "female vocalist"?',
        "start": 12,
        "end": 17,
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("rock>0.999", "rock never exceeds 0."),
        ("artist:nobody-of-that-name", "No artist fits “nobody-of-that-name”."),
        ("zzzz", "No title, artist, album or file holds “zzzz”."),
        ("year:1700", "No segment matches year=1700."),
        ("track:3 artist:zzzz", "No artist fits “zzzz”."),
        ("track:3 track:5", "Each condition matches segments (track=3 matches"),
        ("-any(rock<=1)", "Every segment matches any(rock<=1)."),
    ],
)
def test_a_filter_that_matches_nothing_says_why(filled: Session, client: FlaskClient, text: str, reason: str) -> None:
    answer = client.get(f"/api/filters/{NAME}", query_string={"filter": text}).json
    assert answer is not None
    assert answer["n_segments"] == 0
    assert reason in answer["reason"]
    header = decode(client.get(f"/api/points/{MAP}/pca", query_string={"filter": text}).data).header
    assert (header["n"], header["n_matching"]) == (0, 0)


def test_a_value_is_met_as_it_is_shown(filled: Session, client: FlaskClient) -> None:
    """Activations are float16: 0.3 itself is none of them."""
    naive = Naive(filled)
    column = naive.column("rock")
    value = float(column[17])
    assert value != float(f"{value:.5g}")
    expected = np.flatnonzero(column == value).tolist()
    for text in ("rock={}", "rock:{0}..{0}", "rock>={0} rock<={0}"):
        assert matched(client, text.format(f"{value:.5g}")) == expected, text
    assert column[17] not in column[matched(client, f"rock>{value:.5g}")]
    highest = max(float(values[:, naive.labels.index("rock")].max()) for _, values in naive.of_track.values())
    assert matched(client, f"max(rock)={highest:.5g}")


LOOKED_AT = {"rock>1 pop>p50 jazz>p50": 1, "rock<=1 or pop>p50 or jazz>p50": 1, "zzzz pop>p50": 0}


@pytest.mark.parametrize("text", LOOKED_AT)
def test_parts_behind_one_that_decides_are_not_looked_at(
    monkeypatch: pytest.MonkeyPatch, filled: Session, client: FlaskClient, text: str
) -> None:
    looked_at = watched(monkeypatch, "_in_tag")
    n = len(matched(client, text))
    assert n == (Naive(filled).n_rows if " or " in text else 0)
    assert len(looked_at) == LOOKED_AT[text]


def test_many_conditions_take_the_memory_of_a_few(monkeypatch: pytest.MonkeyPatch, filled: Session, client: FlaskClient) -> None:
    looked_at = watched(monkeypatch, "_in_tag")
    kept: list[int] = []

    def count(interval: Interval) -> Interval:
        kept.append(sum(each() is not None for each in looked_at))
        return interval

    monkeypatch.setattr(matching, "as_stored", count)
    assert matched(client, " ".join(f"rock>0.0{n:02}" for n in range(50))) == matched(client, "rock>0.049")
    assert len(looked_at) == 51
    assert max(kept) <= 2


def watched(monkeypatch: pytest.MonkeyPatch, method: str) -> list[weakref.ref[NDArray[np.bool_]]]:
    """What a method of the evaluation gave, each time that it was called, while it is kept."""
    given: list[weakref.ref[NDArray[np.bool_]]] = []
    real = getattr(matching.Matching, method)

    def watch(*arguments: object) -> NDArray[np.bool_]:
        found = real(*arguments)
        given.append(weakref.ref(found))
        return found

    monkeypatch.setattr(matching.Matching, method, watch)
    return given


def test_what_holds_one_text_is_not_tested_for_another(
    monkeypatch: pytest.MonkeyPatch, filled: Session, client: FlaskClient
) -> None:
    tested: list[str] = []
    compiled = re2.compile

    def watched_search(pattern: str, options: re2.Options) -> SimpleNamespace:
        search = compiled(pattern, options).search
        return SimpleNamespace(search=lambda text: tested.append(text) or search(text))

    monkeypatch.setattr(re2, "compile", watched_search)
    found = matched(client, "title:/^the/|élan|/^élan/|/x/")
    assert len(found) == Naive(filled).n_rows
    assert len(tested) == 32
    assert all(text.startswith("The") for text in tested)


def test_why_nothing_matches_is_found_once(monkeypatch: pytest.MonkeyPatch, filled: Session, client: FlaskClient) -> None:
    asked = {"filter": "(rock>p50 rock<p10) or (pop>p90 rock>p50 rock<p10 track:1)"}
    counted: list[object] = []
    real = matching.Matching.rows
    monkeypatch.setattr(matching.Matching, "rows", lambda self, tree: counted.append(tree) or real(self, tree))
    first = client.get(f"/api/filters/{NAME}", query_string=asked).json
    assert first is not None
    assert first["reason"].count("Each condition matches segments") == 2
    # the whole, and each of the four conditions
    assert len(counted) == len(set(counted)) == 5
    assert client.get(f"/api/filters/{NAME}", query_string=asked).json == first
    assert len(counted) == 5


def test_what_is_searched_is_read_again_after_a_command(filled: Session, client: FlaskClient) -> None:
    assert matched(client, "title:renamed") == []
    run_id = runs.begin(filled, "load-metadata")
    filled.execute(update(Track).where(Track.id == 3).values(title="Renamed"))
    runs.finish(filled, run_id, Outcome())
    filled.commit()
    assert len(matched(client, "title:renamed")) > 0


def suggestions(client: FlaskClient, text: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/filters/{NAME}/completion", query_string={"filter": text, "cursor": len(text)})
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    found: list[dict[str, Any]] = answer.json["suggestions"]
    return found


def test_words_are_completed_by_tracks_artists_albums_and_tags(filled: Session, client: FlaskClient) -> None:
    found = suggestions(client, "bach")
    assert {each["kind"] for each in found} == {"track", "artist"}
    assert next(each["text"] for each in found if each["kind"] == "artist") == 'artist:="J. S. Bach"'
    assert all(each["track_id"] for each in found if each["kind"] == "track")
    assert [each["label"] for each in suggestions(client, "elan 1") if each["kind"] == "track"] == ["Élan 10", "Élan 15"]
    assert [each["text"] for each in suggestions(client, "tones") if each["kind"] == "album"] == ['album:="Tones"']
    assert "rock>p90" in [each["text"] for each in suggestions(client, "roc")]


def test_values_of_a_field_are_completed_by_those_of_the_collection(filled: Session, client: FlaskClient) -> None:
    assert [each["label"] for each in suggestions(client, "rock>p90 genre:ja")] == ["Jazz", "Nu Jazz"]
    (first, *_) = suggestions(client, "artist:j")
    assert (first["text"], first["start"]) == ('"J. S. Bach"', 7)


def test_what_a_suggestion_writes_is_a_filter(filled: Session, client: FlaskClient) -> None:
    for text in ("", "ro", "bach", "genre:", "rock>", "rock:", "tones", "share(rock>p90)>="):
        for each in suggestions(client, text):
            if each["kind"] in ("tag", "artist", "album", "genre", "value"):
                written = text[: each["start"]] + each["text"]
                answer = client.get(f"/api/filters/{NAME}", query_string={"filter": written}).json
                assert answer is not None
                assert answer["problem"] is None, written
