"""Segments, taggrams, neighbours and the collection over HTTP."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.spaces import SpaceName
from app.store import features, spaces
from app.store.tables import Album, Artist, Network, Track
from tests import collection
from tests.collection import file_of

TAGS = SpaceName.parse("msd-musicnn/activations")
HOSTILE = "</script><script>alert(1)</script> \" ' \\ \u2028 \x1b[0m \u202e 日本 %s {{7*7}} ' OR 1=1 --"


@pytest.fixture
def filled(session: Session) -> Session:
    collection.synthesise(session, 12, ("msd-musicnn", "mtt-vgg"))
    return session


def get(client: FlaskClient, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return response.get_json()


def test_a_row_is_the_segment_at_its_exact_time_with_its_highest_tags(filled: Session, client: FlaskClient) -> None:
    space = spaces.by_name(filled, TAGS)
    first_row = 0
    for track_id, n_segments in features.sizes(filled, space.id)[:3]:
        for index in (0, n_segments - 1):
            segment = get(client, f"/api/segments/msd-musicnn/{first_row + index}?revision=1&tags=3")
            assert (segment["track"]["id"], segment["index"]) == (track_id, index)
            assert (segment["first_row"], segment["n_segments"]) == (first_row, n_segments)
            assert segment["start_s"] == pytest.approx(index * 187 * 256 / 16000)
            assert segment["end_s"] == pytest.approx((index + 1) * 187 * 256 / 16000)
            values = dict(zip(space.labels, features.read(filled, space, track_id)[index].tolist(), strict=True))
            expected = sorted(values, key=values.get, reverse=True)[:3]
            assert [tag["label"] for tag in segment["tags"]] == expected
            assert [tag["value"] for tag in segment["tags"]] == pytest.approx([values[label] for label in expected], abs=1e-4)
        first_row += n_segments


def test_several_rows_come_in_the_order_asked_for(filled: Session, client: FlaskClient) -> None:
    found = get(client, "/api/segments/msd-musicnn?rows=9,2,9,40&revision=1")["segments"]
    assert [segment["row"] for segment in found] == [9, 2, 9, 40]
    assert found[1] == get(client, "/api/segments/msd-musicnn/2?revision=1")


def test_the_rows_of_a_track_are_those_of_its_segments(filled: Session, client: FlaskClient) -> None:
    segment = get(client, "/api/segments/msd-musicnn/9?revision=1")
    found = get(client, f"/api/tracks/{segment['track']['id']}/rows/msd-musicnn")
    assert found == {"first_row": segment["first_row"], "n_segments": segment["n_segments"]}


def test_rows_of_another_revision_are_refused(filled: Session, client: FlaskClient) -> None:
    filled.execute(update(Network).values(revision=2, rows_since=2))
    filled.commit()
    for address in ("segments/msd-musicnn/2?revision=1", "segments/msd-musicnn?rows=2&revision=1",
                    "neighbours/msd-musicnn/embeddings/2?revision=1"):  # fmt: skip
        response = client.get(f"/api/{address}")
        assert (response.status_code, response.get_json()["error"]["code"]) == (409, "stale_revision")
        assert client.get(f"/api/{address[:-1]}2").get_json().get("error", {}).get("code") != "stale_revision"


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("segments/msd-musicnn/2", 400, "missing_parameter"),
        ("segments/msd-musicnn?revision=1", 400, "missing_parameter"),
        ("segments/msd-musicnn?revision=1&rows=1,x", 400, "invalid_parameter"),
        ("segments/msd-musicnn?revision=1&rows=-1", 400, "invalid_parameter"),
        ("segments/msd-musicnn?revision=1&rows=" + ",".join(["1"] * 101), 400, "too_many"),
        ("segments/msd-musicnn/9999?revision=1", 404, "no_row"),
        ("segments/nothing/1?revision=1", 409, "no_features"),
        ("tracks/999/taggram/msd-musicnn", 404, "no_track"),
        ("tracks/1/taggram/msd-vgg", 409, "no_features"),
        ("tracks/1/taggram/msd-musicnn?top=0", 400, "invalid_parameter"),
        ("neighbours/msd-musicnn/embeddings/1?revision=1&k=0", 400, "invalid_parameter"),
        ("neighbours/msd-musicnn/embeddings/1?revision=1&k=101", 400, "invalid_parameter"),
        ("neighbours/msd-musicnn/embeddings/1?revision=1", 409, "not_indexed"),
    ],
)
def test_what_cannot_be_answered_is_said(filled: Session, client: FlaskClient, address: str, status: int, code: str) -> None:
    response = client.get(f"/api/{address}")
    assert (response.status_code, response.get_json()["error"]["code"]) == (status, code)


def test_rows_keep_their_segments_when_tracks_are_added(filled: Session, client: FlaskClient) -> None:
    before = get(client, "/api/segments/msd-musicnn?rows=0,40,90&revision=1")
    space = spaces.by_name(filled, TAGS)
    collection.add_features(filled, space, {collection.add_track(filled, "late.mp3").id: np.full((3, 50), 0.5)})
    filled.commit()
    assert get(client, "/api/segments/msd-musicnn?rows=0,40,90&revision=1") == before
    assert get(client, f"/api/segments/msd-musicnn/{space.network.n_rows - 1}?revision=2")["track"]["title"] == "late"


def test_a_row_whose_features_were_replaced_is_never_answered_as_another_segment(filled: Session, client: FlaskClient) -> None:
    segment = get(client, "/api/segments/msd-musicnn/40?revision=1")
    collection.add_features(filled, spaces.by_name(filled, TAGS), {segment["track"]["id"]: np.full((3, 50), 0.5)})
    filled.commit()
    for address in (
        "segments/msd-musicnn/40?revision=1",
        "segments/msd-musicnn?rows=0,40&revision=2",
        "neighbours/msd-musicnn/embeddings/40?revision=1",
    ):
        response = client.get(f"/api/{address}")
        assert (response.status_code, response.get_json()["error"]["code"]) == (409, "stale_revision")


def test_texts_of_files_come_through_as_they_are(filled: Session, client: FlaskClient) -> None:
    track = filled.get_one(Track, 1)
    track.title, track.artist, track.year = HOSTILE, Artist(name=f"artist {HOSTILE}"), 1999
    track.album = Album(title=f"album {HOSTILE}", artist=track.artist)
    filled.commit()
    found = get(client, "/api/segments/msd-musicnn/0?revision=1")["track"]
    assert (found["title"], found["artist"]) == (HOSTILE, f"artist {HOSTILE}")
    assert (found["album"], found["year"]) == (f"album {HOSTILE}", 1999)


def test_a_track_without_metadata_is_called_by_its_file(filled: Session, client: FlaskClient) -> None:
    track = filled.get_one(Track, 1)
    track.title, track.artist, track.album = None, None, None
    file_of(track).path = "folder/02 - Intro.v2.mp3"
    filled.commit()
    found = get(client, "/api/segments/msd-musicnn/0?revision=1")["track"]
    assert (found["title"], found["artist"], found["album"]) == ("02 - Intro.v2", None, None)


def test_a_missing_track_stays_on_the_map_without_sound(filled: Session, client: FlaskClient) -> None:
    file_of(filled.get_one(Track, 1)).state = "missing"
    filled.commit()
    found = get(client, "/api/segments/msd-musicnn?rows=0,50&revision=1")["segments"]
    assert [(segment["track"]["state"], segment["track"]["audio"] is None) for segment in found] == [
        ("missing", True),
        ("present", False),
    ]
    assert get(client, "/api/collection")["n_missing"] == 1


def test_a_taggram_is_the_tracks_activations(filled: Session, client: FlaskClient) -> None:
    space = spaces.by_name(filled, TAGS)
    values = features.read(filled, space, 3)
    whole = get(client, "/api/tracks/3/taggram/msd-musicnn")
    np.testing.assert_allclose(whole["values"], values, atol=5.1e-4)
    assert whole["labels"] == space.labels
    assert whole["hop_s"] == whole["segment_s"] == 2.992
    assert get(client, f"/api/segments/msd-musicnn/{whole['first_row']}?revision=1")["track"]["id"] == 3
    best = get(client, "/api/tracks/3/taggram/msd-musicnn?top=4")
    order = np.argsort(-values.mean(0))[:4]
    assert best["labels"] == [space.labels[tag] for tag in order]
    np.testing.assert_allclose(best["values"], values[:, order], atol=5.1e-4)


def test_neighbours_are_of_other_tracks_and_fall_in_similarity(
    filled: Session, client: FlaskClient, runner: FlaskCliRunner
) -> None:
    assert runner.invoke(args=["index-all-embeddings"]).exit_code == 0
    space = spaces.by_name(filled, SpaceName.parse("msd-musicnn/embeddings"))
    sizes = features.sizes(filled, space.id)
    vectors = np.concatenate([features.read(filled, space, track_id) for track_id, _ in sizes]).astype(np.float64)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = get(client, "/api/neighbours/msd-musicnn/embeddings/5?revision=1&k=7&tags=2")["neighbours"]
    similarities = vectors @ vectors[5]
    similarities[: sizes[0][1]] = -1
    best = np.argsort(-similarities)[:7]
    assert [neighbour["similarity"] for neighbour in found] == pytest.approx(similarities[best].tolist(), abs=2e-3)
    assert {neighbour["row"] for neighbour in found} == set(best.tolist())
    assert all(neighbour["track"]["id"] != sizes[0][0] and len(neighbour["tags"]) == 2 for neighbour in found)
    own = get(client, "/api/neighbours/msd-musicnn/embeddings/5?revision=1&same_track=1")["neighbours"]
    assert len(own) == 20
    assert 5 not in {neighbour["row"] for neighbour in own}


def test_the_collection_lists_what_can_be_shown(filled: Session, client: FlaskClient) -> None:
    found = get(client, "/api/collection")
    assert (found["n_tracks"], found["n_missing"], found["n_failed"], found["next_step"]) == (12, 0, 0, None)
    assert [(network["name"], network["title"]) for network in found["networks"]] == [
        ("msd-musicnn", "MSD MusiCNN"),
        ("mtt-vgg", "MTT VGG"),
    ]
    tags, embeddings = found["networks"][0]["spaces"]
    assert (tags["name"], tags["n_dims"], len(tags["labels"])) == ("msd-musicnn/activations", 50, 50)
    assert (embeddings["layer"], embeddings["labels"]) == ("embeddings", None)
    assert tags["n_segments"] == sum(n for _, n in features.sizes(filled, spaces.by_name(filled, TAGS).id))
    original, pca = tags["projections"]
    assert (original["method"], original["n_dims"], original["n_tracks"]) == ("original", 50, 12)
    assert (pca["method"], pca["title"], pca["n_dims"], pca["n_tracks"], pca["n_placed"]) == ("pca", "PCA", 10, 12, 0)
    assert len(pca["explained_variance"]) == 10


def test_an_empty_collection_says_what_to_do_next(session: Session, client: FlaskClient) -> None:
    assert get(client, "/api/collection")["next_step"] == {"message": "No audio is indexed yet.", "hint": "Run: flask sync"}
    collection.add_track(session, "a.mp3")
    session.commit()
    step = get(client, "/api/collection")["next_step"]
    assert step == {"message": "Nothing has been extracted yet.", "hint": "Run: flask extract-all"}


def test_a_network_without_tags_has_segments_without_tags(session: Session, client: FlaskClient) -> None:
    track = collection.add_track(session, "a.mp3")
    embeddings = collection.add_network(session, "audioset-vggish")["embeddings"]
    collection.add_features(session, embeddings, {track.id: np.random.default_rng(0).normal(size=(4, 128))})
    session.commit()
    segment = get(client, "/api/segments/audioset-vggish/3?revision=1")
    assert (segment["tags"], segment["start_s"]) == ([], pytest.approx(3 * 0.96))
    response = client.get(f"/api/tracks/{track.id}/taggram/audioset-vggish")
    assert (response.status_code, response.get_json()["error"]["code"]) == (404, "no_tags")


def test_text_is_sent_in_fewer_bytes_to_those_who_can_read_them(filled: Session, client: FlaskClient) -> None:
    plain = client.get("/api/collection")
    packed = client.get("/api/collection", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert len(packed.data) < len(plain.data) / 2


def test_bokehjs_comes_from_the_installed_package_for_good(client: FlaskClient, app: Flask) -> None:
    from app.web.pages.assets import BOKEH_VERSION

    response = client.get(f"/bokehjs/{BOKEH_VERSION}/bokeh.min.js")
    assert response.status_code == 200
    assert response.mimetype == "text/javascript"
    assert BOKEH_VERSION.encode() in response.data
    assert response.cache_control.immutable
    assert client.get("/bokehjs/1.0.0/bokeh.min.js").status_code == 404
    assert client.get(f"/bokehjs/{BOKEH_VERSION}/../css/x.css").status_code == 404


def test_assets_are_kept_for_good_at_the_address_of_their_content(client: FlaskClient, app: Flask) -> None:
    name = next(Path(app.static_folder).rglob("*.js")).relative_to(app.static_folder).as_posix()
    with app.test_request_context():
        address = app.jinja_env.globals["asset"](name)
    current, stale = client.get(address), client.get(f"/assets/0/{name}")
    assert (current.status_code, current.cache_control.immutable) == (200, True)
    assert stale.data == current.data
    assert stale.cache_control.no_cache
    assert not stale.cache_control.immutable
