"""A collection of which as little as possible is known: every null that is sent is declared, and every declared one is sent."""

import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.core.errors import CorruptError
from app.core.spaces import Layer
from app.store import failures, runs
from app.store.tables import Album, Annotation, AnnotationSet, Base, Network, Source, Space, Tag, Track
from app.web.edge.answers import Answer, Binary
from app.web.edge.routes import Route, every
from tests import collection

ROUTES = {route.rule: route for route in every(create_app({"TAGSCAPE_INSTANCE_PATH": "/nonexistent"})) if route.method == "GET"}
HEARD, UNHEARD = "msd-musicnn", "mtt-musicnn"
"""A network that heard all tracks, whose tags have no names; one with named tags that has not heard the third."""

ASKED = {
    "/api/collection": ("/api/collection",),
    "/api/filters/<network>": (f"/api/filters/{HEARD}?filter=zzzz",),
    "/api/filters/<network>/completion": (f"/api/filters/{UNHEARD}/completion?filter=ro&cursor=2",),
    "/api/histograms/<network>": (f"/api/histograms/{UNHEARD}?of=rock&filter=rock>0.1", f"/api/histograms/{HEARD}?of=artist"),
    "/api/histograms/<network>/range": (f"/api/histograms/{UNHEARD}/range?of=rock&low=0.1",),
    "/api/histograms/<network>/word": (f"/api/histograms/{HEARD}/word?of=artist&word=x",),
    "/api/listening/<space:space>/path": (f"/api/listening/{HEARD}/embeddings/path?start=0&end=6&n=1&revision={{0}}",),
    "/api/listening/<space:space>/wander": (f"/api/listening/{HEARD}/embeddings/wander?rows=0&revision={{0}}",),
    "/api/neighbours/<space:space>/<number:row>": (f"/api/neighbours/{HEARD}/embeddings/0?revision={{0}}&same_track=1&tags=3",),
    "/api/points/<space:space>/<projection>": (
        f"/api/points/{HEARD}/embeddings/pca",
        f"/api/points/{HEARD}/embeddings/pca?colour={UNHEARD}/rock",
        f"/api/points/{UNHEARD}/activations/original?colour=top/{UNHEARD}",
    ),
    "/api/points/<space:space>/<projection>/segments": (
        f"/api/points/{HEARD}/embeddings/pca/segments?revision={{0}}",
        f"/api/points/{HEARD}/embeddings/pca/segments?revision={{0}}&colour={UNHEARD}/rock",
        f"/api/points/{UNHEARD}/activations/original/segments?revision={{1}}&colour={UNHEARD}/rock",
    ),
    "/api/points/<space:space>/<projection>/tracks/<number:track_id>": (
        f"/api/points/{HEARD}/embeddings/pca/tracks/2?revision={{0}}",
    ),
    "/api/regions/<space:space>/<projection>": (
        f"/api/regions/{HEARD}/embeddings/pca",
        f"/api/regions/{UNHEARD}/activations/original",
    ),
    "/api/regions/<space:space>/<projection>/<number:region>": (f"/api/regions/{UNHEARD}/activations/original/0",),
    "/api/regions/<space:space>/<projection>/matching": (f"/api/regions/{HEARD}/embeddings/pca/matching?filter=title:tone",),
    "/api/segments/<network>": (f"/api/segments/{HEARD}?rows=0,5&revision={{0}}",),
    "/api/segments/<network>/<number:row>": (f"/api/segments/{UNHEARD}/0?revision={{1}}",),
    "/api/selections/<network>": (f"/api/selections/{HEARD}?selection=track:1",),
    "/api/selections/<network>/rows": (f"/api/selections/{HEARD}/rows?selection=track:1",),
    "/api/selections/<network>/tags": (f"/api/selections/{HEARD}/tags?selection=track:1",),
    "/api/selections/<network>/tracks": (f"/api/selections/{HEARD}/tracks?selection=track:1",),
    "/api/status": ("/api/status",),
    "/api/tracks/<number:track_id>/rows/<network>": (f"/api/tracks/3/rows/{HEARD}",),
    "/api/tracks/<number:track_id>/taggram/<network>": (f"/api/tracks/1/taggram/{UNHEARD}",),
    "/api/views": ("/api/views",),
    "/healthz": ("/healthz",),
}
"""Requests by address. {0} and {1} are the revisions of the two networks."""

ELSEWHERE = {"/api/openapi.json", "/api/selections/<network>/file", "/audio/<number:track_id>"}
"""They send nothing that is stored in tables; a missing track has no sound."""

NEVER_HERE = {("Status", "next_command"), ("ColourCategory", "word"), ("Regions", "made"), ("Regions", "named_by")}
"""Null when nothing is left to do, when a legend has more words than colours, when no network names tags: here is more and less."""


def add_features(session: Session, network: str, values: dict[int, float], n_segments: int = 3) -> dict[Layer, Space]:
    """Silence as a network may hear it: all vectors of a track are the same, and so is all that is in them."""
    added = collection.add_network(session, network)
    for space in added.values():
        collection.add_features(session, space, {i: np.full((n_segments, space.n_dims), value) for i, value in values.items()})
    return added


@pytest.fixture
def bare(session: Session, runner: FlaskCliRunner) -> Session:
    """Three tracks of which nothing is known: a missing file, a present one, and one that no source is left of."""
    tracks = [Track(), Track(), Track()]
    session.add_all([*tracks, Album(title="Untitled"), Tag(name="rock", category="genre"), AnnotationSet(name="mine")])
    session.flush()
    session.add(Source(track=tracks[0], kind="file", path="a.mp3", size_bytes=1, mtime_ns=1, state="missing"))
    session.add(Source(track=tracks[1], kind="elsewhere", external_id="1"))
    session.add(Annotation(track_id=1, tag_id=1, annotation_set_id=1))
    spaces = add_features(session, HEARD, {1: 0, 2: 0, 3: 0})
    spaces[Layer.ACTIVATIONS].labels = None
    add_features(session, UNHEARD, {1: 0, 2: 0.5}, 9)  # as many as make a region of each, and one of both
    projection = collection.add_projection(session, spaces[Layer.EMBEDDINGS], "pca", 2)
    collection.add_coordinates(session, projection, {i: np.zeros((3, 2)) for i in (1, 2, 3)})
    failures.record(session, 3, "extract", CorruptError("no_sound", "It is silent."))
    runs.begin(session, "extract-all")
    session.commit()
    assert runner.invoke(args=["index-all-embeddings"]).exit_code == 0
    return session


def nulls(answer: object) -> Iterator[tuple[str, str]]:
    """(type, field) of everything in an answer that is null."""
    if isinstance(answer, Answer):
        for field in answer.__struct_fields__:
            value = getattr(answer, field)
            yield from [(type(answer).__name__, field)] if value is None else nulls(value)
    elif isinstance(answer, list | tuple):
        for part in answer:
            yield from nulls(part)


def answers(client: FlaskClient, session: Session, route: Route) -> Iterator[Answer]:
    """What an address really sends, read as what it declares."""
    revisions = {network.name: network.revision for network in session.scalars(select(Network))}
    for address in ASKED[route.rule]:
        response = client.get(address.format(revisions[HEARD], revisions[UNHEARD]))
        assert response.status_code == 200, response.text
        if isinstance(route.answer, Binary):
            assert route.answer.header is not None
            (n_bytes,) = struct.unpack_from("<I", response.data, 4)
            sent, kind = json.loads(response.data[8 : 8 + n_bytes]), route.answer.header
        else:
            sent, kind = response.get_json(), route.answer
        # from JSON, and strictly: a number that is not one has become a null by now
        yield msgspec.convert(sent, kind)


def declared_nulls() -> set[tuple[str, str]]:
    """(type, field) of everything that may be null in the types of the browser."""
    page = (Path(__file__).parents[2] / "app/static/js/types/api.d.ts").read_text(encoding="utf-8")
    return {
        (name, field)
        for name, body in re.findall(r"export interface (\w+) \{\n(.*?)\n\}", page, re.DOTALL)
        for field in re.findall(r"^  (\w+)\??: .*\| null;$", body, re.MULTILINE)
    }


def test_every_address_is_asked_of_the_bare_collection() -> None:
    assert set(ASKED) | ELSEWHERE == set(ROUTES)


def test_whatever_the_tables_let_be_null_is_null_in_the_bare_collection(bare: Session) -> None:
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns if column.nullable]
    assert len(columns) > 15
    assert [str(column) for column in columns if None not in bare.scalars(select(column)).all()] == []


@pytest.mark.parametrize("rule", ASKED)
def test_no_null_is_sent_that_is_not_declared(bare: Session, client: FlaskClient, rule: str) -> None:
    assert {null for answer in answers(client, bare, ROUTES[rule]) for null in nulls(answer)} <= declared_nulls()


def test_every_declared_null_is_sent(bare: Session, client: FlaskClient) -> None:
    sent = {null for rule in ASKED for answer in answers(client, bare, ROUTES[rule]) for null in nulls(answer)}
    assert sent == declared_nulls() - NEVER_HERE
