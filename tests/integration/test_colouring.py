"""What colours a map, as the points' route answers it, against references computed from the database."""

from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from scipy.stats import rankdata
from sqlalchemy.orm import Session

from app.cache import ranks
from app.cache.by_time import Rows, RowsOf
from app.cache.editions import Editions
from app.cache.recent import Recent
from app.core.spaces import Layer, SpaceName
from app.explore.map.colouring import categories, top_tag
from app.explore.map.colouring.names import TopName
from app.store import annotations, features, spaces, tracks
from app.store.tables import Album, Artist, Track
from tests import collection
from tests.points import Answer, decode

MAP = "/api/points/msd-musicnn/embeddings/pca"


@pytest.fixture
def filled(session: Session) -> Session:
    collection.synthesise(session, 40, ("msd-musicnn", "mtt-vgg"))
    artists = [Artist(name=f"Artist {n}") for n in range(15)]
    albums = [Album(title="Greatest Hits", artist=artist) for artist in artists[:2]]
    for track in session.query(Track):
        n = track.id
        track.artist = artists[min(n // 2, 14)] if n > 2 else None
        track.album = albums[n % 2] if n < 8 else None
        track.year = 1990 + n if n % 4 else None
    genres = [annotations.tag(session, "genre", name) for name in ("Jazz", "Rock", "Other")]
    given = {n: [genres[n % 2].id] if n > 20 else [genres[1].id, genres[2].id] for n in range(5, 41)}
    annotations.replace(session, annotations.set_named(session, "file-tags"), given)
    session.commit()
    return session


def ask(client: FlaskClient, colour: str, path: str = MAP, **query: object) -> Answer:
    response = client.get(path, query_string={"colour": colour, **query})
    assert response.status_code == 200, response.text
    return decode(response.data)


def by_row(answer: Answer) -> np.ndarray:
    levels = np.empty(len(answer.columns["row"]), int)
    levels[list(answer.columns["row"])] = answer.columns["colour"]
    return levels


def activations(session: Session, network: str) -> np.ndarray:
    space = spaces.by_name(session, SpaceName.parse(f"{network}/activations"))
    return np.concatenate([block.vectors for block in features.blocks(session, space)]).astype(np.float64)


def tracks_of_rows(session: Session) -> list[Track]:
    space = spaces.by_name(session, SpaceName.parse("msd-musicnn/activations"))
    return [tracks.by_id(session, i) for i, n in features.sizes(session, space.id) for _ in range(n)]


def test_a_tag_colours_by_rank_unless_something_else_is_asked(filled: Session, client: FlaskClient) -> None:
    values = activations(filled, "msd-musicnn")[:, 9]
    answer = ask(client, "msd-musicnn/jazz")
    expected = (rankdata(values) - 0.5) / len(values) * 254
    assert np.abs(by_row(answer) - expected).max() <= 0.51
    colour = answer.header["colour"]
    assert (colour["kind"], colour["scale"], colour["weak"], colour["categories"]) == ("number", "rank", False, [])
    marks = [np.percentile(values, p, method="inverted_cdf") for p in (50, 90, 99, 100)]
    assert [mark["value"] for mark in colour["marks"]] == pytest.approx(marks, abs=1e-4)


def test_what_is_shown_uses_the_whole_ramp(filled: Session, client: FlaskClient) -> None:
    values = activations(filled, "msd-musicnn")[:, 9]
    x0, x1, y0, y1 = ask(client, "msd-musicnn/jazz").header["extent"]
    box = f"{x0},{(x0 + x1) / 2},{y0},{y1}"
    answer = ask(client, "msd-musicnn/jazz", scale="shown", box=box)
    rows = list(answer.columns["row"])
    assert len(rows) < len(values)
    assert np.abs(np.array(answer.columns["colour"]) - (rankdata(values[rows]) - 0.5) / len(rows) * 254).max() <= 0.51
    assert answer.header["colour"]["marks"][-1]["value"] == pytest.approx(values[rows].max(), abs=1e-4)
    etags = {
        client.get(MAP, query_string={"colour": "msd-musicnn/jazz", "scale": s}).headers["ETag"] for s in ("rank", "value", "shown")
    }
    assert len(etags) == 3


def test_the_top_tag_is_the_one_that_stands_out_most(filled: Session, client: FlaskClient) -> None:
    values = activations(filled, "msd-musicnn")
    labels = spaces.by_name(filled, SpaceName.parse("msd-musicnn/activations")).labels
    scores = values * np.log(values / values.mean(0))
    winners = scores.argmax(1)
    answer = ask(client, "top/msd-musicnn")
    colour = answer.header["colour"]
    commonest = np.argsort(-np.bincount(winners, minlength=50), kind="stable")[:12]
    assert [each["word"] for each in colour["categories"]] == [*(labels[i] for i in commonest), None]
    assert [each["n"] for each in colour["categories"]][:12] == np.bincount(winners, minlength=50)[commonest].tolist()
    assert sum(each["n"] for each in colour["categories"]) == len(values)
    colours = {each["word"]: each["colour"] for each in colour["categories"]}
    assert colours[None] == 12
    found, step = np.divmod(by_row(answer), colour["steps"])
    assert found.tolist() == [colours.get(labels[i], 12) for i in winners]
    expected = (rankdata(scores.max(1)) - 0.5) / len(values) * colour["steps"]
    assert np.abs(step - np.floor(expected)).max() <= 1


def test_the_top_tag_of_another_network_colours_by_time(filled: Session, client: FlaskClient) -> None:
    own = ask(client, "top/mtt-vgg", "/api/points/mtt-vgg/embeddings/pca")
    other = ask(client, "top/mtt-vgg")
    assert other.header["colour"] == own.header["colour"]
    assert np.array_equal(by_row(other), by_row(own))


def test_artists_albums_and_genres_are_words_with_counts(filled: Session, client: FlaskClient) -> None:
    rows = tracks_of_rows(filled)
    for field, word_of in (
        ("artist", lambda track: track.artist and track.artist.name),
        ("file-tags/genre", lambda track: None if track.id < 5 else "Rock" if track.id <= 20 or track.id % 2 else "Jazz"),
    ):
        words = [word_of(track) for track in rows]
        answer = ask(client, f"field/{field}")
        colour = answer.header["colour"]
        counted = {each["word"]: each["n"] for each in colour["categories"]}
        assert {word: words.count(word) for word in counted if word} == {w: n for w, n in counted.items() if w}
        assert answer.header["colour"]["n_without"] == words.count(None) > 0
        colours = {each["word"]: each["colour"] for each in colour["categories"]}
        expected = [255 if word is None else colours.get(word, 12) * colour["steps"] + colour["steps"] - 1 for word in words]
        assert by_row(answer).tolist() == expected


def test_two_albums_of_one_title_are_two_words(filled: Session, client: FlaskClient) -> None:
    words = [each["word"] for each in ask(client, "field/album").header["colour"]["categories"]]
    assert sorted(words) == ["Greatest Hits · Artist 0", "Greatest Hits · Artist 1"]


def test_years_and_lengths_are_numbers(filled: Session, client: FlaskClient) -> None:
    rows = tracks_of_rows(filled)
    for field, unit, values in (
        ("year", "year", [float(track.year or np.nan) for track in rows]),
        ("duration", "seconds", [float(np.float16(track.duration_s)) for track in rows]),
    ):
        answer = ask(client, f"field/{field}")
        assert answer.header["colour"]["unit"] == unit
        has_value = ~np.isnan(values)
        ranked = np.array(values)[has_value]
        found = by_row(answer)
        assert (found[~has_value] == 255).all()
        assert np.abs(found[has_value] - (rankdata(ranked) - 0.5) / len(ranked) * 254).max() <= 0.51
        assert [mark["value"] for mark in answer.header["colour"]["marks"]][::2] == pytest.approx(
            [ranked.min(), ranked.max()], abs=0.1
        )


@pytest.mark.parametrize("scale", ["rank", "value", "shown"])
def test_a_long_track_is_as_long_as_it_is(filled: Session, client: FlaskClient, scale: str) -> None:
    tracks.forget(filled, [1])
    lengths_s = {2: 7273.0, 3: 100_000.25, 4: 65_519.0, 5: 7274.0, 6: 7273.5}
    filled.get_one(Track, 7).duration_s = None
    for track_id, length_s in lengths_s.items():
        filled.get_one(Track, track_id).duration_s = length_s
    filled.commit()
    answer = ask(client, "field/duration", scale=scale)
    asked = {"colour": "field/duration", "sort": "value", "descending": 1, "revision": answer.header["revision"]}
    listed = client.get(f"{MAP}/segments", query_string=asked).get_json()["segments"]
    told = {segment["track"]["id"]: segment["value"] for segment in listed}
    assert {track_id: told[track_id] for track_id in lengths_s} == lengths_s
    assert list(told)[:5] == [3, 4, 5, 6, 2]
    marks = answer.header["colour"]["marks"]
    assert (marks[-1]["value"], marks[-1]["level"]) == (100_000.25, max(set(answer.columns["colour"]) - {255}))
    last = client.get(f"{MAP}/segments", query_string={**asked, "offset": len(answer.columns["row"]) - 1}).get_json()["segments"]
    assert [(segment["track"]["id"], segment["value"]) for segment in last] == [(7, None)]
    every = sorted(track.duration_s for track in tracks_of_rows(filled) if track.duration_s)
    assert [mark["value"] for mark in marks[:2]] == pytest.approx([every[0], every[(len(every) - 1) // 2]], abs=1e-4)
    assert max(answer.header["colour"]["values"]) < 70_000


def test_the_difference_of_two_networks_is_taken_at_the_same_time(filled: Session, client: FlaskClient) -> None:
    labels = [spaces.by_name(filled, SpaceName.parse(f"{name}/activations")).labels for name in ("msd-musicnn", "mtt-vgg")]
    one, other = (
        activations(filled, name)[:, tags.index("rock")] for name, tags in zip(("msd-musicnn", "mtt-vgg"), labels, strict=True)
    )
    answer = ask(client, "difference/msd-musicnn/mtt-vgg/rock")
    found = by_row(answer)
    difference = (one - other).astype(np.float16).astype(np.float64)
    sizes = (rankdata(np.abs(difference)) - 0.5) / len(difference)
    assert answer.header["colour"]["kind"] == "difference"
    assert np.abs(found - (127 + np.sign(difference) * sizes * 127)).max() <= 1.01
    turned = by_row(ask(client, "difference/mtt-vgg/msd-musicnn/rock"))
    assert np.abs(turned + found - 254).max() <= 1


def test_gone_tracks_count_for_nothing(filled: Session, client: FlaskClient) -> None:
    before = {each["word"]: each["n"] for each in ask(client, "field/artist").header["colour"]["categories"]}
    tracks.forget(filled, [3])
    filled.commit()
    after = {each["word"]: each["n"] for each in ask(client, "field/artist").header["colour"]["categories"]}
    assert after != before
    for name in ("field/artist", "field/year", "top/msd-musicnn", "difference/msd-musicnn/mtt-vgg/rock"):
        answer = ask(client, name)
        assert answer.header["colour"]["n_without"] < answer.header["n"] == answer.header["n_total"]
        assert sum(each["n"] for each in answer.header["colour"]["categories"]) in (
            0,
            answer.header["n"] - answer.header["colour"]["n_without"],
        )


def test_a_large_collection_keeps_its_top_tags_while_tracks_are_added(
    filled: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = by_row(ask(client, "top/msd-musicnn"))
    space = spaces.by_name(filled, SpaceName.parse("msd-musicnn/activations"))
    late = collection.add_track(filled, "late.wav")
    collection.add_features(filled, space, {late.id: np.tile(np.linspace(0.9, 0.1, 50), (300, 1))})
    filled.commit()
    path = "/api/points/msd-musicnn/activations/original"
    moved = by_row(ask(client, "top/msd-musicnn", path))
    assert len(moved) == len(before) + 300
    assert not np.array_equal(moved[: len(before)], before), "a small collection is looked at again"
    monkeypatch.setattr(top_tag, "_boundary", lambda n_rows: len(before))
    monkeypatch.setattr(categories, "_coloured", Recent(1 << 20, lambda coloured: 1))
    kept = ask(client, "top/msd-musicnn", path)
    assert np.array_equal(by_row(kept)[: len(before)], before)
    assert sum(each["n"] for each in kept.header["colour"]["categories"]) == len(moved), "what is added is counted"


def test_the_collection_names_its_fields(filled: Session, client: FlaskClient) -> None:
    fields = client.get("/api/collection").get_json()["fields"]
    assert [(field["name"], field["title"], field["kind"]) for field in fields] == [
        ("artist", "artist", "word"),
        ("album", "album", "word"),
        ("file-tags/genre", "genre", "word"),
        ("year", "year", "number"),
        ("duration", "duration", "number"),
    ]


@pytest.mark.parametrize(
    ("colour", "hint"),
    [
        ("field/artits", "Did you mean artist?"),
        ("difference/msd-musicnn/mtt-vgg/rokc", "Did you mean rock?"),
        ("field/x", "Use: artist, album, file-tags/genre, year, duration."),
    ],
)
def test_what_is_not_there_is_said_with_what_is(filled: Session, client: FlaskClient, colour: str, hint: str) -> None:
    error = client.get(MAP, query_string={"colour": colour}).get_json()["error"]
    assert error["hint"] == hint


def test_the_table_tells_words_and_sorts_by_them(filled: Session, client: FlaskClient) -> None:
    revision = ask(client, "top/msd-musicnn").header["revision"]
    for colour in ("top/msd-musicnn", "field/artist"):
        legend = ask(client, colour).header["colour"]["categories"]
        listed = client.get(f"{MAP}/segments", query_string={"colour": colour, "revision": revision}).get_json()["segments"]
        assert {segment["value"] for segment in listed} == {None}
        n = min(len(listed), legend[0]["n"])
        assert {segment["word"] for segment in listed[:n]} == {legend[0]["word"]}
    last = client.get(
        f"{MAP}/segments", query_string={"colour": "field/artist", "revision": revision, "offset": len(tracks_of_rows(filled)) - 1}
    )
    assert last.get_json()["segments"][0]["word"] is None


@pytest.mark.parametrize("gone", [[], [3]])
def test_columns_that_are_newer_than_the_rows_colour_what_the_rows_tell(filled: Session, tmp_path: Path, gone: list[int]) -> None:
    if gone:
        tracks.forget(filled, gone)
        filled.commit()
    editions = Editions(tmp_path / "cache")
    network = spaces.stored(filled, "msd-musicnn")
    table = editions.rows(filled, network)
    space = spaces.by_name(filled, SpaceName.parse("msd-musicnn/activations"))
    late = collection.add_track(filled, "late.wav")
    collection.add_features(filled, space, {late.id: np.full((30, 50), 0.5)})
    filled.commit()
    columns = editions.columns(filled, spaces.stored(filled, "msd-musicnn"), Layer.ACTIVATIONS)
    assert columns.n_rows == table.n_rows + 30
    assert ranks.of(columns, 9, table).n == table.n_segments
    rows = RowsOf(table, network.geometry)
    top = top_tag.of_network(TopName("msd-musicnn"), Rows(rows, rows), columns, space.labels or ())
    assert sum(category.n for category in top.categories) == table.n_segments


def test_what_is_remembered_of_top_tags_is_counted_with_its_tables(filled: Session, client: FlaskClient) -> None:
    ask(client, "top/msd-musicnn")
    assert top_tag._settled.n_bytes > 50 * 65_536 * 4


def test_the_word_of_a_row_is_found_without_looking_at_the_others(
    filled: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editions = Editions(tmp_path / "cache")
    own, other = (
        RowsOf(editions.rows(filled, network), network.geometry)
        for network in (spaces.stored(filled, name) for name in ("msd-musicnn", "mtt-vgg"))
    )
    columns = editions.columns(filled, spaces.stored(filled, "mtt-vgg"), Layer.ACTIVATIONS)
    labels = spaces.by_name(filled, SpaceName.parse("mtt-vgg/activations")).labels or ()
    values = activations(filled, "mtt-vgg")
    strongest = (values * np.log(values / values.mean(0))).argmax(1)
    rows = np.array([0, 7, own.table.n_rows - 1], np.uint32)
    top = top_tag.of_network(TopName("mtt-vgg"), Rows(own, other), columns, labels)
    monkeypatch.delattr(Rows, "take")
    assert top.words(rows) == [labels[strongest[row]] for row in Rows(own, other).at(rows)]
