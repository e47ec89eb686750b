"""Regions of stored projections: made by commands, kept up, answered."""

from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cache import tags
from app.cache.editions import Editions
from app.core.entities import Outcome
from app.core.errors import NotReadyError
from app.core.progress import Silent
from app.core.spaces import SpaceName
from app.explore.map import points, regions
from app.pipeline import regions as pipeline
from app.store import features, runs, tracks
from app.store.tables import Network, Projection, RegionMap, Space
from tests import collection

NAME = SpaceName.parse("msd-musicnn/embeddings")
ADDRESS = f"/api/regions/{NAME}/pca"


@pytest.fixture
def editions(tmp_path: Path) -> Editions:
    return Editions(tmp_path / "cache")


@pytest.fixture
def filled(session: Session) -> Session:
    collection.synthesise(session, 24, ("msd-musicnn",), mean_segments=20)
    return session


def bring_up(session: Session, editions: Editions) -> None:
    editions.prepare(session, Silent())
    run_id = runs.begin(session, "reduce-all")
    pipeline.bring_up(session, editions, Silent())
    runs.finish(session, run_id, Outcome())
    session.commit()


def stored(session: Session) -> RegionMap:
    projection = session.scalars(select(Projection).join(Space).where(Space.layer == NAME.layer)).one()
    session.expire_all()
    return session.get_one(RegionMap, projection.id)


def add_tracks(session: Session, n: int) -> None:
    """Tracks like some that are there, placed beside them."""
    network = session.scalars(select(Network)).one()
    found = session.scalars(select(Space).order_by(Space.layer)).all()
    random = np.random.default_rng(9)
    sizes = {collection.add_track(session, f"late-{i}.wav", title=f"Late {i}").id: 12 for i in range(n)}
    for space in found:
        vectors = {i: random.uniform(0, 0.2, (size, space.n_dims)) for i, size in sizes.items()}
        collection.add_features(session, space, vectors)
        projection = session.scalars(select(Projection).where(Projection.space_id == space.id)).one()
        places = {i: random.normal(size=(size, projection.n_dims)) for i, size in sizes.items()}
        collection.add_coordinates(session, projection, places)
    session.refresh(network)
    session.commit()


def test_reducing_makes_the_regions_of_every_map(filled: Session, runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["reduce-all", "--projection", "pca"]).exit_code == 0
    found = filled.scalars(select(RegionMap)).all()
    assert len(found) == 2
    assert {each.named_by for each in found} == {"msd-musicnn"}
    assert all(len(each.labels) == 50 for each in found)


def test_every_segment_is_in_one_outermost_region_and_rows_are_those_of_the_tree(filled: Session, editions: Editions) -> None:
    bring_up(filled, editions)
    view = regions.find(filled, editions, NAME, "pca")
    known = view.read()
    assert known is not None
    of, crowd = known.fitted.regions, known.counted.crowd
    rows = {region: set(regions.rows_of(view, region).tolist()) for region in range(len(of))}
    outermost = np.flatnonzero(of.level == 0).tolist()
    n_points = len(points.find(filled, editions, NAME, "pca", points.Query()).points().rows)
    assert len(set().union(*(rows[region] for region in outermost))) == sum(len(rows[region]) for region in outermost) == n_points
    for region, parent in enumerate(of.parent.tolist()):
        assert len(rows[region]) == crowd.n_segments[region]
        assert parent < 0 or rows[region] < rows[parent]


def test_what_is_added_is_counted_into_the_regions_that_are_there(filled: Session, editions: Editions) -> None:
    bring_up(filled, editions)
    before, known = stored(filled).fitted, regions.find(filled, editions, NAME, "pca").read()
    assert known is not None
    add_tracks(filled, 3)
    bring_up(filled, editions)
    view = regions.find(filled, editions, NAME, "pca")
    grown = view.read()
    assert grown is not None
    assert stored(filled).fitted == before
    assert grown.made == known.made
    assert grown.counted.n_points == known.counted.n_points + 36
    for region in range(len(grown.fitted.regions)):
        assert len(regions.rows_of(view, region)) == grown.counted.crowd.n_segments[region]


def test_nothing_is_counted_twice(filled: Session, editions: Editions) -> None:
    bring_up(filled, editions)
    before = stored(filled).counted
    bring_up(filled, editions)
    assert stored(filled).counted == before


def test_tracks_that_are_gone_are_counted_no_longer(filled: Session, editions: Editions) -> None:
    bring_up(filled, editions)
    before = regions.find(filled, editions, NAME, "pca").read()
    tracks.forget(filled, [1, 2])
    filled.commit()
    bring_up(filled, editions)
    view = regions.find(filled, editions, NAME, "pca")
    after = view.read()
    assert before is not None
    assert after is not None
    assert after.made == before.made
    assert after.counted.n_points < before.counted.n_points
    for region in range(len(after.fitted.regions)):
        assert len(regions.rows_of(view, region)) == after.counted.crowd.n_segments[region]


def test_a_projection_that_is_fitted_again_gets_other_regions(filled: Session, editions: Editions, runner: FlaskCliRunner) -> None:
    bring_up(filled, editions)
    before = regions.find(filled, editions, NAME, "pca").read()
    assert runner.invoke(args=["reduce-all", "--projection", "pca", "--force"]).exit_code == 0
    filled.expire_all()
    view = regions.find(filled, editions, NAME, "pca")
    after = view.read()
    assert before is not None
    assert after is not None
    assert after.made != before.made
    with pytest.raises(NotReadyError, match="made anew"):
        regions.rows_of(view, 0, before.made)


def test_a_map_without_stored_regions_gets_them_at_once_while_it_is_small(
    filled: Session, editions: Editions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for method, axes in (("pca", (0, 1)), ("pca", (2, 3)), ("original", (5, 7))):
        found = regions.find(filled, editions, NAME, method, *axes).read()
        assert found is not None
        assert found.counted.n_points > 100
    monkeypatch.setattr(regions, "ON_DEMAND", 100)
    monkeypatch.setattr(tags, "of", lambda *given: pytest.fail("a map without regions waits for its tags"))
    assert regions.find(filled, editions, NAME, "original", 8, 9).read() is None


@pytest.fixture
def served(filled: Session, runner: FlaskCliRunner, client: FlaskClient) -> FlaskClient:
    assert runner.invoke(args=["reduce-all", "--projection", "pca"]).exit_code == 0
    return client


def test_the_answer_tells_names_and_why(served: FlaskClient) -> None:
    answer = served.get(ADDRESS).get_json()
    assert answer["named_by"] == "msd-musicnn"
    named = [region for region in answer["regions"] if region["words"]]
    assert named
    for region in named:
        for word in region["words"]:
            assert word["mean_rank"] >= 0.7
            assert word["inside"] > word["outside"]
    assert all(region["parent"] is None or region["parent"] < region["id"] for region in answer["regions"])


def test_unchanged_regions_are_not_sent_again(served: FlaskClient) -> None:
    etag = served.get(ADDRESS).headers["ETag"]
    again = served.get(ADDRESS, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert served.get(f"{ADDRESS}?x=1&y=0", headers={"If-None-Match": etag}).status_code == 200


def test_a_region_tells_what_to_play_and_where_it_lies(served: FlaskClient) -> None:
    listed = served.get(ADDRESS).get_json()
    region = max(listed["regions"], key=lambda each: each["n_segments"])
    found = served.get(f"{ADDRESS}/{region['id']}?made={listed['made']}").get_json()
    assert found["n_segments"] == region["n_segments"]
    x0, x1, y0, y1 = found["box"]
    assert x0 <= region["x"] <= x1
    assert y0 <= region["y"] <= y1
    assert found["tags"][0]["label"] in {word["label"] for word in region["words"]} or region["by_contrast"] or not region["words"]
    assert served.get(f"/api/segments/msd-musicnn/{found['row']}?revision={found['revision']}").status_code == 200


@pytest.mark.parametrize("axes", [(0, 1), (1, 0)])
def test_what_a_filter_keeps_is_counted_in_every_region(
    filled: Session, editions: Editions, served: FlaskClient, axes: tuple[int, int]
) -> None:
    x, y = axes
    text = "rock>p75"
    view = regions.find(filled, editions, NAME, "pca", x, y, text)
    assert view.view.mask is not None
    keep = view.view.mask.keep
    n_regions = len(served.get(f"{ADDRESS}?x={x}&y={y}").get_json()["regions"])
    answer = served.get(f"{ADDRESS}/matching?x={x}&y={y}&filter={quote(text)}").get_json()
    expected = [int(keep[regions.rows_of(view, region)].sum()) for region in range(n_regions)]
    assert answer["n_matching"] == expected
    assert 0 in expected
    assert max(expected) > 0
    refused = served.get(f"{ADDRESS}/matching?x={x}&y={y}&filter={quote(text)}&made=0123")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "stale_regions")


def test_a_region_of_other_regions_is_refused(served: FlaskClient) -> None:
    response = served.get(f"{ADDRESS}/0?made=0123")
    assert (response.status_code, response.get_json()["error"]["code"]) == (409, "stale_regions")


def test_a_map_without_tags_has_no_regions(filled: Session, app: Flask, client: FlaskClient) -> None:
    filled.scalars(select(Space).where(Space.layer == "activations")).one().labels = None
    filled.commit()
    assert client.get(ADDRESS).get_json() == {"made": None, "named_by": None, "regions": []}


def test_a_network_without_tags_takes_those_that_another_heard_at_the_same_time(
    filled: Session, app: Flask, client: FlaskClient
) -> None:
    own = filled.scalars(select(Space).join(Network).where(Network.name == "msd-musicnn", Space.layer == "activations")).one()
    heard = collection.add_network(filled, "msd-vgg")
    for layer, space in heard.items():
        vectors = {int(block.track_ids[0]): block.vectors for block in features.blocks(filled, own, 1)}
        if layer == "activations":
            collection.add_features(filled, space, vectors)
        else:
            collection.add_features(filled, space, {i: np.zeros((len(each), space.n_dims)) for i, each in vectors.items()})
    labels = own.labels
    own.labels = None
    filled.commit()
    answer = client.get(ADDRESS).get_json()
    assert answer["named_by"] == "msd-vgg"
    named = [word["label"] for region in answer["regions"] for word in region["words"]]
    assert named
    assert set(named) <= set(labels or ())


def hear(session: Session, name: str, n_tracks: int) -> None:
    """What another network heard in the first tracks; it has heard none of them yet."""
    own = session.scalars(select(Space).join(Network).where(Network.name == NAME.network)).first()
    sizes = dict(sorted(features.sizes(session, own.id))[:n_tracks])
    random = np.random.default_rng(3)
    known = {space.layer: space for space in session.scalars(select(Space).join(Network).where(Network.name == name))}
    for space in (known or collection.add_network(session, name)).values():
        heard = dict(features.sizes(session, space.id))
        vectors = {i: random.uniform(0, 1, (n, space.n_dims)) ** 4 for i, n in sizes.items() if i not in heard}
        collection.add_features(session, space, vectors)
    session.commit()


@pytest.fixture
def untagged(filled: Session) -> Session:
    """A network without tags, whose regions others name."""
    filled.scalars(select(Space).where(Space.layer == "activations")).one().labels = None
    filled.commit()
    return filled


def test_regions_are_made_anew_where_another_network_names_them(untagged: Session, editions: Editions) -> None:
    made = []
    for name, n_tracks in (("mtt-vgg", 5), ("msd-vgg", 15), ("mtt-vgg", 24)):
        hear(untagged, name, n_tracks)
        bring_up(untagged, editions)
        view = regions.find(untagged, editions, NAME, "pca")
        known = view.read()
        assert known is not None
        assert stored(untagged).named_by == known.named_by == name
        made.append(known.made)
    assert len(set(made)) == 3
    with pytest.raises(NotReadyError, match="made anew"):
        regions.rows_of(view, 0, made[0])


def test_regions_are_made_anew_once_the_network_that_names_them_has_heard_more(untagged: Session, editions: Editions) -> None:
    made, n_heard = [], []
    for n_tracks in (5, 24, 24):
        hear(untagged, "mtt-vgg", n_tracks)
        bring_up(untagged, editions)
        known = regions.find(untagged, editions, NAME, "pca").read()
        assert known is not None
        made.append(known.made)
        n_heard.append(known.counted.collection.n[0])
    assert n_heard[0] < n_heard[1] == n_heard[2] == known.counted.n_points
    assert made[0] != made[1] == made[2]


def test_a_request_makes_regions_anew_once_the_network_that_names_them_has_heard_more(
    untagged: Session, editions: Editions
) -> None:
    found = []
    for n_tracks in (5, 24, 24):
        hear(untagged, "mtt-vgg", n_tracks)
        found.append(regions.find(untagged, editions, NAME, "pca", 2, 3))
    few, more, same = (view.read() for view in found)
    assert few is not None
    assert more is not None
    assert few.counted.collection.n[0] < more.counted.collection.n[0] == more.counted.n_points
    assert found[0].version != found[1].version == found[2].version
    assert few.made != more.made
    assert same is more
