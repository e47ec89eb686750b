"""What is declared of every address of the API holds: its answers, its errors, its description for programs."""

import json
import re
import struct
from pathlib import Path
from typing import Any

import msgspec
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from schemathesis.generation import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance
from sqlalchemy.orm import Session

from app import create_app
from app.core.entities import Outcome
from app.core.errors import CorruptError
from app.store import failures, runs, views
from app.web.edge import addresses, openapi
from app.web.edge.answers import Answer, Binary
from app.web.edge.errors import STATUS
from app.web.edge.routes import Route, every
from tests import collection

ROOT = Path(__file__).parents[2]
EMPTY = create_app({"TAGSCAPE_INSTANCE_PATH": "/nonexistent"})
ROUTES = every(EMPTY)
NAMES = [f"{route.method} {route.rule}" for route in ROUTES]
TABLE = "/api/points/msd-musicnn/embeddings/pca/segments"

ASKED = {
    "/api/collection": "/api/collection",
    "/api/filters/<network>": "/api/filters/msd-musicnn?filter=rock>p90",
    "/api/filters/<network>/completion": "/api/filters/msd-musicnn/completion?filter=tone+ro&cursor=7",
    "/api/histograms/<network>": "/api/histograms/msd-musicnn?of=rock&filter=pop>p50",
    "/api/histograms/<network>/range": "/api/histograms/msd-musicnn/range?of=rock&low=0.2",
    "/api/histograms/<network>/word": "/api/histograms/msd-musicnn/word?of=artist&word=Nobody",
    "/api/listening/<space:space>/path": "/api/listening/msd-musicnn/embeddings/path?start=0&end=8&n=1&revision=1",
    "/api/listening/<space:space>/wander": "/api/listening/msd-musicnn/embeddings/wander?rows=0,1&tracks=3&n=2&revision=1",
    "/api/neighbours/<space:space>/<number:row>": "/api/neighbours/msd-musicnn/embeddings/0?revision=1&same_track=1&tags=3",
    "/api/openapi.json": "/api/openapi.json",
    "/api/points/<space:space>/<projection>": "/api/points/msd-musicnn/embeddings/pca?colour=msd-musicnn/rock&box=-1,1,-1,1",
    "/api/points/<space:space>/<projection>/segments": f"{TABLE}?revision=1&colour=msd-musicnn/pop",
    "/api/points/<space:space>/<projection>/tracks/<number:track_id>": "/api/points/msd-musicnn/embeddings/pca/tracks/1?revision=1",
    "/api/regions/<space:space>/<projection>": "/api/regions/msd-musicnn/embeddings/pca",
    "/api/regions/<space:space>/<projection>/<number:region>": "/api/regions/msd-musicnn/embeddings/pca/0",
    "/api/regions/<space:space>/<projection>/matching": "/api/regions/msd-musicnn/embeddings/pca/matching?filter=rock>p90",
    "/api/segments/<network>": "/api/segments/msd-musicnn?rows=0,1&revision=1",
    "/api/segments/<network>/<number:row>": "/api/segments/msd-musicnn/0?revision=1",
    "/api/selections/<network>": "/api/selections/msd-musicnn?selection=track:1",
    "/api/selections/<network>/file": "/api/selections/msd-musicnn/file?selection=track:1&kind=json",
    "/api/selections/<network>/rows": "/api/selections/msd-musicnn/rows?selection=not track:1",
    "/api/selections/<network>/tags": "/api/selections/msd-musicnn/tags?selection=not track:1&limit=2",
    "/api/selections/<network>/tracks": "/api/selections/msd-musicnn/tracks?selection=track:1 plus track:2&sort=artist",
    "/api/status": "/api/status?failures=2",
    "/api/tracks/<number:track_id>/rows/<network>": "/api/tracks/1/rows/msd-musicnn",
    "/api/tracks/<number:track_id>/taggram/<network>": "/api/tracks/1/taggram/msd-musicnn?top=2",
    "/audio/<number:track_id>": "/audio/1",
    "/api/views": "/api/views",
    "/healthz": "/healthz",
}
"""A good request to every declared address that is read."""

CHANGED: dict[str, tuple[str, dict[str, str] | None]] = {
    "POST /api/selections": ("/api/selections", {"text": "track:1 plus track:2"}),
    "POST /api/views": ("/api/views", {"name": "Calm", "query": "network=msd-musicnn"}),
    "PATCH /api/views/<number:view_id>": ("/api/views/1", {"name": "Calmer"}),
    "DELETE /api/views/<number:view_id>": ("/api/views/1", None),
}
"""A good request to every address that changes something, and what is sent with it."""


@pytest.fixture
def filled(session: Session, runner: FlaskCliRunner, environment: dict[str, str]) -> Session:
    collection.synthesise(session, 3, ("msd-musicnn",), mean_segments=4)
    failures.record(session, 2, "extract", CorruptError("no_sound", "It is silent."), content_hash="0")
    runs.finish(session, runs.begin(session, "extract-all"), Outcome(3, 0, 0, 0))
    runs.begin(session, "reduce-all")
    views.save(session, "Mine", "network=msd-musicnn")
    session.commit()
    collection.write_tones(session, Path(environment["TAGSCAPE_AUDIO_DIR"]))
    assert runner.invoke(args=["index-all-embeddings"]).exit_code == 0
    return session


@pytest.fixture
def described(app: Flask, filled: Session) -> Any:
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


def codes_of(route: Route) -> dict[str, int]:
    """Statuses of the errors that an address declares, by code."""
    return {code: STATUS[kind] for kind, codes in route.all_errors.items() for code in codes}


def as_declared(answer: object, kind: type[Answer]) -> object:
    """What is left of an answer when it is read as its declared type."""
    return json.loads(msgspec.json.encode(msgspec.convert(answer, kind)))


def test_every_address_of_the_api_is_declared_and_asked_here() -> None:
    rules = {rule.rule for rule in EMPTY.url_map.iter_rules() if rule.rule.startswith(("/api/", "/audio/", "/healthz"))}
    assert rules == {route.rule for route in ROUTES}
    assert {route.rule for route in ROUTES if route.method == "GET"} == set(ASKED)
    assert {name for name, route in zip(NAMES, ROUTES, strict=True) if route.method != "GET"} == set(CHANGED)


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_every_answer_is_what_is_declared_and_nothing_more(filled: Session, client: FlaskClient, route: Route) -> None:
    address, body = (ASKED[route.rule], None) if route.method == "GET" else CHANGED[f"{route.method} {route.rule}"]
    response = client.open(address, method=route.method, json=body)
    assert response.status_code == 200, response.text
    if not isinstance(route.answer, Binary):
        assert response.mimetype == "application/json"
        assert as_declared(response.get_json(), route.answer) == response.get_json()
    else:
        assert response.mimetype in route.answer.mimetypes
        if route.answer.header is not None:
            (n_bytes,) = struct.unpack_from("<I", response.data, 4)
            header = json.loads(response.data[8 : 8 + n_bytes])
            assert as_declared(header, route.answer.header) == header


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_everything_that_is_asked_for_says_what_it_means(route: Route) -> None:
    assert route.description.endswith(".")
    assert set(route.variables) <= set(addresses.VARIABLES)
    assert all(schema["description"].endswith(".") for schema in openapi.asked_schemas(route.asked).values())


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_declared_errors_are_errors_of_the_code_with_their_kinds(route: Route) -> None:
    page = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\| `(\w+)` \| (\w+) \|", page, re.MULTILINE))
    declared = {(code, kind) for kind, codes in route.all_errors.items() for code in codes} - {("not_found", "not_found")}
    assert declared <= known


def test_the_description_is_openapi(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").get_json()
    validate(document)
    assert document["openapi"].startswith("3.1")
    asked = document["paths"]["/api/segments/{network}"]["get"]["parameters"]
    assert {part["name"]: part["in"] for part in asked} == {
        "network": "path",
        "revision": "query",
        "tags": "query",
        "rows": "query",
    }


def make_real(case: schemathesis.Case) -> None:
    """Turn numbers and names that fit the schema into some that the collection has."""
    real = {"network": "msd-musicnn", "row": 5, "region": 0, "track_id": 2, "view_id": 1, "projection": "pca"}
    case.path_parameters = {name: real.get(name, value) for name, value in case.path_parameters.items()}
    real = {
        "revision": 1,
        "x": 2,
        "y": 0,
        "rows": "1,8",
        "colour": "msd-musicnn/rock",
        "box": "-5,5,-3,8",
        "limit": 7,
        "selection": "track:2",
        "start": 0,
        "end": 8,
        "n": 1,
        "filter": "rock>p90",
        "cursor": 4,
        "of": "artist" if "word" in (case.query or {}) else "rock",
        "low": 0.1,
        "high": 0.9,
    }
    case.query = {name: real.get(name, value) for name, value in (case.query or {}).items()}


@pytest.mark.parametrize("route", [route for route in ROUTES if route.variables], ids=lambda route: f"{route.method} {route.rule}")
def test_whatever_is_asked_the_answer_is_one_that_is_declared(described: BaseSchema, route: Route) -> None:
    """No schema says that x0 < x1, or which dimensions a map has: what fits the schema may still be refused."""
    statuses = set()

    def check(case: schemathesis.Case) -> None:
        response = case.call(headers={"Accept-Encoding": "identity"})
        statuses.add(response.status_code)
        assert response.status_code < 500
        if route.method != "GET" and response.status_code == 405:
            return  # without its variable it is another address, which takes other methods
        case.validate_response(response, excluded_checks=[positive_data_acceptance])
        if response.status_code >= 400:
            assert codes_of(route).get(response.json()["error"]["code"]) == response.status_code

    @settings(max_examples=20, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        fitting=described[route.template][route.method].as_strategy(generation_mode=GenerationMode.POSITIVE),
        unfitting=described[route.template][route.method].as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )
    def ask(fitting: schemathesis.Case, unfitting: schemathesis.Case) -> None:
        check(fitting)
        check(unfitting)
        make_real(fitting)
        check(fitting)

    ask()
    assert 200 in statuses
