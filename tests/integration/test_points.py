"""Points over HTTP, read back by a decoder of its own."""

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.cache import cloud
from app.core.geometry import PatchGeometry
from app.core.spaces import SpaceName
from app.store import features, projections, rows, spaces
from app.store.tables import Album, Artist, Network, Space, Track
from tests import collection
from tests.points import Answer, decode

TAGS = "msd-musicnn/activations"


@pytest.fixture
def filled(session: Session) -> Session:
    collection.synthesise(session, 40, ("msd-musicnn", "mtt-vgg"))
    return session


def ask(client: FlaskClient, path: str, **query: object) -> Answer:
    response = client.get(f"/api/points/{path}", query_string=query)
    assert response.status_code == 200, response.text
    assert response.content_type == "application/vnd.tagscape.points"
    return decode(response.data)


def stored(session: Session, name: str) -> np.ndarray:
    """Vectors by row, straight from the database."""
    blocks = features.blocks(session, spaces.by_name(session, SpaceName.parse(name)))
    return np.concatenate([block.vectors for block in blocks]).astype(np.float64)


def scaled(answer: Answer) -> np.ndarray:
    """Points in data units, [n, 2]."""
    x0, x1, y0, y1 = answer.header["box"]
    steps = np.array([answer.columns["x"], answer.columns["y"]]).T / 65535
    return steps * [x1 - x0, y1 - y0] + [x0, y0]


def half_a_step(answer: Answer) -> np.ndarray:
    x0, x1, y0, y1 = answer.header["box"]
    return np.array([x1 - x0, y1 - y0]) / 65535 * 0.5001


def test_every_row_is_there_once_and_where_its_vector_says(filled: Session, client: FlaskClient) -> None:
    vectors = stored(filled, TAGS)
    answer = ask(client, f"{TAGS}/original", x=3, y=11)
    rows = np.array(answer.columns["row"])
    assert sorted(rows.tolist()) == list(range(len(vectors)))
    assert (np.abs(scaled(answer) - vectors[rows][:, [3, 11]]) <= half_a_step(answer)).all()
    assert answer.header["n"] == answer.header["n_inside"] == answer.header["n_total"] == len(vectors)
    assert (
        answer.header["box"]
        == answer.header["extent"]
        == [*np.percentile(vectors[:, 3], [0, 100]), *np.percentile(vectors[:, 11], [0, 100])]
    )


def test_a_projection_is_drawn_at_its_coordinates(filled: Session, client: FlaskClient) -> None:
    space = spaces.by_name(filled, SpaceName.parse(TAGS))
    projection = projections.by_method(filled, space, "pca")
    coordinates = np.concatenate([xy for _, xy in projections.blocks(filled, projection)])
    answer = ask(client, f"{TAGS}/pca", x=2, y=0)
    assert (np.abs(scaled(answer) - coordinates[list(answer.columns["row"])][:, [2, 0]]) <= half_a_step(answer)).all()


def test_the_name_of_a_space_is_read_once_for_each_request(
    filled: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, parse = [], SpaceName.parse
    monkeypatch.setattr(SpaceName, "parse", lambda text: read.append(text) or parse(text))
    ask(client, f"{TAGS}/pca", colour="mtt-vgg/rock")
    assert read == [TAGS]


def test_both_layers_share_their_rows_and_their_order(filled: Session, client: FlaskClient) -> None:
    tags, embeddings = ask(client, f"{TAGS}/original"), ask(client, "msd-musicnn/embeddings/pca")
    assert tags.columns["row"] == embeddings.columns["row"]


def test_any_prefix_is_a_uniform_sample(filled: Session, client: FlaskClient) -> None:
    rows = np.array(ask(client, f"{TAGS}/original").columns["row"])
    for n in (50, 200, 400):
        # the mean of n draws without replacement from 0 … N-1 stays within five standard errors
        error = len(rows) / np.sqrt(12 * n)
        assert abs(rows[:n].mean() - (len(rows) - 1) / 2) < 5 * error
        counts = np.histogram(rows[:n], bins=5, range=(0, len(rows)))[0]
        assert ((counts - n / 5) ** 2 / (n / 5)).sum() < 25


def test_a_limit_sends_a_prefix(filled: Session, client: FlaskClient) -> None:
    whole, some = ask(client, f"{TAGS}/original"), ask(client, f"{TAGS}/original", limit=100)
    assert some.header["n"] == 100
    assert some.header["n_inside"] == some.header["n_total"] == whole.header["n_total"]
    assert all(some.columns[name] == whole.columns[name][:100] for name in whole.columns)


@pytest.mark.parametrize("indexed", [False, True], ids=["scanned", "indexed"])
def test_a_box_sends_the_points_inside_quantised_to_it(
    filled: Session, client: FlaskClient, indexed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cloud, "INDEX_FROM", 1 if indexed else 1 << 30)
    xy = stored(filled, TAGS)[:, [5, 6]]
    (x0, y0), (x1, y1) = np.percentile(xy, [30, 70], axis=0)
    answer = ask(client, f"{TAGS}/original", x=5, y=6, box=f"{x0},{x1},{y0},{y1}")
    rows = np.array(answer.columns["row"])
    inside = ((xy >= [x0, y0]) & (xy <= [x1, y1])).all(1)
    assert sorted(rows.tolist()) == np.flatnonzero(inside).tolist()
    assert answer.header["n_inside"] == inside.sum() < answer.header["n_total"]
    assert (np.abs(scaled(answer) - xy[rows]) <= half_a_step(answer)).all()


def test_a_box_without_points_is_an_empty_answer(filled: Session, client: FlaskClient) -> None:
    answer = ask(client, f"{TAGS}/original", box="7,8,7,8", colour="msd-musicnn/rock")
    assert answer.header["n"] == answer.header["n_inside"] == 0
    assert answer.columns == {"row": (), "x": (), "y": (), "colour": ()}


def test_a_single_point_has_a_map_around_it(session: Session, client: FlaskClient) -> None:
    track = collection.add_track(session, "a.wav")
    space = collection.add_network(session, "msd-musicnn")["activations"]
    collection.add_features(session, space, {track.id: np.full((1, 50), 0.25)})
    session.commit()
    answer = ask(client, f"{TAGS}/original")
    assert answer.columns == {"row": (0,), "x": (32768,), "y": (32768,)}
    assert answer.header["extent"] == [-0.25, 0.75, -0.25, 0.75]


def test_colours_are_the_activations_of_the_same_rows(filled: Session, client: FlaskClient) -> None:
    for tag_space, space in ((TAGS, "msd-musicnn/embeddings"), ("mtt-vgg/activations", TAGS)):
        labels = spaces.by_name(filled, SpaceName.parse(tag_space)).labels
        label = labels[9]
        values = stored(filled, tag_space)[:, 9]
        name = f"{tag_space.partition('/')[0]}/{label}"
        answer = ask(client, f"{space}/original", colour=name, scale="value")
        scale = answer.header["colour"]
        assert (scale["name"], scale["unit"], scale["n_without"]) == (name, "activation", 0)
        high = min(np.ceil(np.percentile(values, 99.9, method="inverted_cdf") * 10 - 1e-9) / 10, 1)
        expected = np.clip(values[list(answer.columns["row"])] / high, 0, 1) * 254
        assert np.abs(np.array(answer.columns["colour"]) - expected).max() <= 0.5001


def test_a_network_of_another_geometry_colours_by_time(session: Session, client: FlaskClient) -> None:
    random = np.random.default_rng(5)
    tracks = [collection.add_track(session, f"{n}.wav", duration_s=60.0) for n in range(3)]
    tags = collection.add_network(session, "msd-musicnn")["activations"]
    short = Network(name="short", weights_sha256="1" * 64, precision="f32", runtime="essentia", sample_rate_hz=16000,
                    window_samples=400, hop_samples=160, n_bands=64, frames_per_patch=96, patch_hop_frames=96)  # fmt: skip
    space = Space(network=short, layer="embeddings", n_dims=2)
    session.add(space)
    session.flush()
    values = {track.id: random.uniform(0, 1, (20, 50)) for track in tracks[:2]}
    collection.add_features(session, tags, values)
    collection.add_features(session, space, {track.id: random.normal(size=(62, 2)) for track in tracks})
    session.commit()
    answer = ask(client, "short/embeddings/original", colour="msd-musicnn/jazz", scale="value")
    high = 1.0
    hop_s = PatchGeometry(16000, 512, 256, 96, 187, 187).hop_s
    for row, level in zip(answer.columns["row"], answer.columns["colour"], strict=True):
        track, index = tracks[row // 62], row % 62
        if track is tracks[2]:
            assert level == 255
        else:
            segment = min(int((index * 0.96 + 0.48) / hop_s), 19)
            assert abs(min(values[track.id][segment, 9] / high, 1) * 254 - level) <= 1
    assert answer.header["colour"]["n_without"] == 62


def test_tracks_without_a_place_in_the_map_are_left_out(filled: Session, client: FlaskClient) -> None:
    space = spaces.by_name(filled, SpaceName.parse(TAGS))
    before = space.network.n_rows
    gone = dict(zip(("first", "n"), rows.of_tracks(filled, space.network_id, [3])[3], strict=True))
    late = collection.add_track(filled, "a-late.wav")
    collection.add_features(filled, space, {late.id: np.full((5, 50), 0.5)})
    collection.add_features(filled, space, {3: np.full((4, 50), 0.25)})
    filled.commit()
    whole, mapped = ask(client, f"{TAGS}/original"), ask(client, f"{TAGS}/pca", colour="msd-musicnn/pop", scale="value")
    old = set(range(before)) - set(range(gone["first"], gone["first"] + gone["n"]))
    assert set(whole.columns["row"]) == old | set(range(before, before + 9)), (
        "old rows keep their numbers, new ones come behind them"
    )
    assert set(mapped.columns["row"]) == old
    assert mapped.header["n_total"] == len(old)
    vectors = np.full((before, 50), np.nan)
    for track_id, (first, n) in rows.of_tracks(filled, space.network_id, range(1, 41)).items():
        if first < before:
            vectors[first : first + n] = features.read(filled, space, track_id)
    high = np.ceil(np.nanpercentile(vectors[:, 1], 99.9) * 10) / 10
    expected = np.clip(vectors[list(mapped.columns["row"]), 1] / high, 0, 1) * 254
    assert np.abs(np.array(mapped.columns["colour"]) - expected).max() <= 0.5001


def test_coordinates_that_are_no_numbers_are_left_out(filled: Session, client: FlaskClient) -> None:
    space = spaces.by_name(filled, SpaceName.parse(TAGS))
    projection = collection.add_projection(filled, space, "umap", 2)
    sizes = features.sizes(filled, space.id)
    places = {track_id: np.random.default_rng(track_id).normal(size=(n, 2)) for track_id, n in sizes}
    places[sizes[0][0]][0, 1] = np.nan
    collection.add_coordinates(filled, projection, places)
    filled.commit()
    answer = ask(client, f"{TAGS}/umap")
    assert sorted(answer.columns["row"]) == list(range(1, sum(n for _, n in sizes)))


def test_an_unchanged_map_is_not_sent_again(filled: Session, client: FlaskClient) -> None:
    address = f"/api/points/{TAGS}/pca?colour=msd-musicnn/rock"
    etag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert client.get(f"{address}&limit=5", headers={"If-None-Match": etag}).status_code == 200
    rows.raise_revision(filled, [spaces.by_name(filled, SpaceName.parse(TAGS)).network_id])
    filled.commit()
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_another_collection_at_the_same_address_is_sent(filled: Session, client: FlaskClient) -> None:
    address = f"/api/points/{TAGS}/original"
    etag = client.get(address).headers["ETag"]
    for table in (Network, Track, Album, Artist):
        filled.execute(delete(table))
    filled.commit()
    collection.synthesise(filled, 40, ("msd-musicnn", "mtt-vgg"), seed=1, first_revision=1000)
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200
    vectors = stored(filled, TAGS)
    answer = ask(client, f"{TAGS}/original", x=3, y=11)
    assert (np.abs(scaled(answer) - vectors[list(answer.columns["row"])][:, [3, 11]]) <= half_a_step(answer)).all()


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("msd-musicnn/activations/original?x=50", 400, "no_dimension"),
        ("msd-musicnn/activations/pca?y=10", 400, "no_dimension"),
        ("msd-musicnn/activations/original?box=0,1,0", 400, "invalid_parameter"),
        ("msd-musicnn/activations/original?box=1,0,0,1", 400, "invalid_parameter"),
        ("msd-musicnn/activations/original?box=0,nan,0,1", 400, "invalid_parameter"),
        ("msd-musicnn/activations/original?box=0,1e300,0,1", 400, "invalid_parameter"),
        ("msd-musicnn/activations/original?box=0,1e-320,0,1", 400, "invalid_parameter"),
        ("msd-musicnn/activations/original?limit=0", 400, "invalid_parameter"),
        ("msd-musicnn/activations/original?limit=many", 400, "invalid_parameter"),
        ("msd-musicnn/activations/original?color=a/b", 400, "unknown_parameter"),
        ("msd-musicnn/activations/original?colour=rock", 400, "invalid_colour"),
        ("msd-musicnn/activations/original?colour=msd-musicnn/rock&scale=log", 400, "invalid_parameter"),
        ("msd-musicnn/activations/original?colour=top/msd-vgg", 409, "no_features"),
        ("msd-musicnn/activations/original?colour=field/lable", 404, "unknown_field"),
        ("msd-musicnn/activations/original?colour=difference/msd-musicnn/rock", 400, "invalid_colour"),
        ("msd-musicnn/activations/original?colour=difference/msd-musicnn/msd-musicnn/rock", 400, "same_network"),
        ("msd-musicnn/activations/original?colour=difference/msd-musicnn/mtt-vgg/00s", 404, "unknown_tag"),
        ("msd-musicnn/activations/original?colour=msd-musicnn/rokc", 404, "unknown_tag"),
        ("msd-musicnn/activations/original?colour=msd-vgg/rock", 409, "no_features"),
        ("msd-musicnn/activations/umap", 409, "not_reduced"),
        ("msd-musicnn/activations/cubism", 400, "unknown_projection"),
        ("msd-musicnn/feelings/original", 400, "invalid_space"),
        ("msd-vgg/activations/original", 409, "no_features"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_said(filled: Session, client: FlaskClient, address: str, status: int, code: str) -> None:
    response = client.get(f"/api/points/{address}")
    assert (response.status_code, response.get_json()["error"]["code"]) == (status, code)


def test_the_first_points_are_a_part_of_all_that_is_painted_at_once(
    filled: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.api.points.FIRST_POINTS", 7)
    whole, first = ask(client, f"{TAGS}/pca"), ask(client, f"{TAGS}/pca", first=1)
    assert first.columns["row"] == whole.columns["row"][:7]
    assert first.header["n_inside"] == whole.header["n_inside"] > first.header["n"] == 7
    assert first.header["extent"] == whole.header["extent"]
    client.application.config["MAX_POINTS"] = 3
    assert ask(client, f"{TAGS}/pca", first=1).header["n"] == 3
