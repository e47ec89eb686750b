"""What every address has to keep to: it is documented, its errors have the one shape, its answers carry the security headers."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from app.web.edge.security import HEADERS
from tests import collection

DOCUMENT = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
DOCUMENTED = set(re.findall(r"^## [A-Z]+ (/\S*)$", DOCUMENT, re.MULTILINE))
RULES = sorted(rule.rule for rule in create_app({"TAGSCAPE_INSTANCE_PATH": "/nonexistent"}).url_map.iter_rules())

GOOD = {
    "/": "/",
    "/collection": "/collection",
    "/api/collection": "/api/collection",
    "/api/filters/<network>": "/api/filters/msd-musicnn?filter=rock>p90",
    "/api/filters/<network>/completion": "/api/filters/msd-musicnn/completion?filter=ro&cursor=2",
    "/api/histograms/<network>": "/api/histograms/msd-musicnn?of=year",
    "/api/histograms/<network>/range": "/api/histograms/msd-musicnn/range?of=year&high=2000",
    "/api/histograms/<network>/word": "/api/histograms/msd-musicnn/word?of=genre&word=Rock",
    "/api/listening/<space:space>/path": "/api/listening/msd-musicnn/embeddings/path?start=0&end=45&n=1&revision=1",
    "/api/listening/<space:space>/wander": "/api/listening/msd-musicnn/embeddings/wander?rows=0&revision=1",
    "/api/openapi.json": "/api/openapi.json",
    "/api/points/<space:space>/<projection>": "/api/points/msd-musicnn/embeddings/pca",
    "/api/points/<space:space>/<projection>/segments": "/api/points/msd-musicnn/embeddings/pca/segments?revision=1",
    "/api/points/<space:space>/<projection>/tracks/<number:track_id>": "/api/points/msd-musicnn/embeddings/pca/tracks/1?revision=1",
    "/api/regions/<space:space>/<projection>": "/api/regions/msd-musicnn/embeddings/pca",
    "/api/regions/<space:space>/<projection>/<number:region>": "/api/regions/msd-musicnn/embeddings/pca/0",
    "/api/regions/<space:space>/<projection>/matching": "/api/regions/msd-musicnn/embeddings/pca/matching?filter=rock>p90",
    "/api/segments/<network>": "/api/segments/msd-musicnn?rows=0,1&revision=1",
    "/api/segments/<network>/<number:row>": "/api/segments/msd-musicnn/0?revision=1",
    "/api/selections/<network>": "/api/selections/msd-musicnn?selection=track:1",
    "/api/selections/<network>/file": "/api/selections/msd-musicnn/file?selection=track:1",
    "/api/selections/<network>/rows": "/api/selections/msd-musicnn/rows?selection=track:1",
    "/api/selections/<network>/tags": "/api/selections/msd-musicnn/tags?selection=track:1",
    "/api/selections/<network>/tracks": "/api/selections/msd-musicnn/tracks?selection=track:1",
    "/api/status": "/api/status",
    "/api/tracks/<number:track_id>/rows/<network>": "/api/tracks/1/rows/msd-musicnn",
    "/api/tracks/<number:track_id>/taggram/<network>": "/api/tracks/1/taggram/msd-musicnn",
    "/api/views": "/api/views",
    "/healthz": "/healthz",
}
BAD = {
    "/api/collection": "/api/collection?page=2",
    "/api/filters/<network>": "/api/filters/msd-musicnn",
    "/api/filters/<network>/completion": "/api/filters/msd-musicnn/completion?filter=rock",
    "/api/histograms/<network>": "/api/histograms/msd-musicnn?of=nothing",
    "/api/histograms/<network>/range": "/api/histograms/msd-musicnn/range?of=year&low=2000&high=2000",
    "/api/histograms/<network>/word": "/api/histograms/msd-musicnn/word?of=year&word=x",
    "/api/openapi.json": "/api/openapi.json?version=2",
    "/api/listening/<space:space>/path": "/api/listening/msd-musicnn/embeddings/path?start=0&end=45&n=21&revision=1",
    "/api/listening/<space:space>/wander": "/api/listening/msd-musicnn/embeddings/wander?rows=1,2,3,4,5,6&revision=1",
    "/api/neighbours/<space:space>/<number:row>": "/api/neighbours/msd-musicnn/embeddings/0",
    "/api/points/<space:space>/<projection>": "/api/points/%00/<script>/pca",
    "/api/points/<space:space>/<projection>/segments": "/api/points/msd-musicnn/embeddings/pca/segments?revision=1&sort=length",
    "/api/points/<space:space>/<projection>/tracks/<number:track_id>": "/api/points/msd-musicnn/embeddings/pca/tracks/9?revision=1",
    "/api/regions/<space:space>/<projection>": "/api/regions/msd-musicnn/embeddings/pca?x=99",
    "/api/regions/<space:space>/<projection>/<number:region>": "/api/regions/msd-musicnn/embeddings/pca/999",
    "/api/regions/<space:space>/<projection>/matching": "/api/regions/msd-musicnn/embeddings/pca/matching?filter=rock>",
    "/api/segments/<network>": "/api/segments/msd-musicnn?rows=&revision=1",
    "/api/segments/<network>/<number:row>": "/api/segments/msd-musicnn/999999?revision=1",
    "/api/selections/<network>": "/api/selections/msd-musicnn?selection=track:99",
    "/api/selections/<network>/file": "/api/selections/msd-musicnn/file?selection=artist:99",
    "/api/selections/<network>/rows": "/api/selections/msd-musicnn/rows?selection=(track:1",
    "/api/selections/<network>/tags": "/api/selections/msd-musicnn/tags?selection=stored:0123456789abcdef",
    "/api/selections/<network>/tracks": "/api/selections/msd-musicnn/tracks?selection=",
    "/api/status": "/api/status?failures=-1",
    "/api/tracks/<number:track_id>/rows/<network>": "/api/tracks/99/rows/msd-musicnn",
    "/api/tracks/<number:track_id>/taggram/<network>": "/api/tracks/99/taggram/msd-musicnn",
    "/assets/<content>/<path:name>": "/assets/0/../../../etc/passwd",
    "/assets/<content>/joined/<path:names>": "/assets/0/joined/css/none.css",
    "/audio/<number:track_id>": "/audio/1",
    "/bokehjs/<release>/<name>": "/bokehjs/0/secret.js",
    "/static/<path:filename>": "/static/none.js",
}
CHANGING = {"/api/selections", "/api/views/<number:view_id>"}
"""Nothing is read there: tests/integration/test_selections.py and test_views.py try them."""


@pytest.fixture
def filled(session: Session) -> Session:
    collection.synthesise(session, 3, ("msd-musicnn",))
    return session


def is_error(response: TestResponse) -> bool:
    body = response.get_json()
    return (
        response.content_type == "application/json"
        and set(body) == {"error"}
        and list(body["error"]) == ["code", "message", "hint"]
        and all(isinstance(text, str) for text in body["error"].values())
        and re.fullmatch(r"[a-z0-9_]+", body["error"]["code"]) is not None
        and body["error"]["message"].endswith(".")
    )


def is_secured(response: TestResponse) -> bool:
    return all(response.headers.getlist(name) == [value] for name, value in HEADERS.items())


def test_every_route_is_documented_and_every_documented_route_exists() -> None:
    written = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.replace("<space:space>", "<network>/<layer>")) for rule in RULES}
    assert written == DOCUMENTED


def test_every_route_is_tried_here() -> None:
    assert set(GOOD) | set(BAD) | CHANGING == set(RULES)


@pytest.mark.parametrize("rule", GOOD)
def test_good_answers_carry_the_security_headers(filled: Session, client: FlaskClient, rule: str) -> None:
    response = client.get(GOOD[rule])
    assert response.status_code == 200
    assert is_secured(response)


@pytest.mark.parametrize("rule", BAD)
def test_every_error_has_the_one_shape(filled: Session, client: FlaskClient, rule: str) -> None:
    response = client.get(BAD[rule])
    assert response.status_code in (400, 404, 409)
    assert is_error(response)
    assert is_secured(response)


@pytest.mark.parametrize("rule", [rule for rule in BAD if rule.startswith(("/api", "/audio")) and "openapi" not in rule])
def test_a_database_without_tables_is_said_everywhere(app: Flask, environment: dict[str, str], rule: str) -> None:
    (Path(environment["TAGSCAPE_INSTANCE_PATH"]) / "tagscape.db").write_bytes(b"")
    address = {**BAD, **GOOD}[rule] if "neighbours" not in rule else f"{BAD[rule]}?revision=1"
    response = app.test_client().get(address)
    assert (response.status_code, response.get_json()["error"]["code"]) == (409, "no_tables")
    assert is_error(response)


def test_a_database_that_is_none_is_said_without_its_place(app: Flask, environment: dict[str, str]) -> None:
    (Path(environment["TAGSCAPE_INSTANCE_PATH"]) / "tagscape.db").write_bytes(b"no database" * 1000)
    response = app.test_client().get("/healthz")
    assert response.status_code == 500
    assert is_error(response)
    assert environment["TAGSCAPE_INSTANCE_PATH"] not in response.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_is_written_over_http(client: FlaskClient, method: str) -> None:
    response = client.open("/api/collection", method=method)
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert is_error(response)
    assert is_secured(response)


def test_a_fault_of_ours_tells_nothing_of_the_server(app: Flask) -> None:
    @app.get("/fault")
    def fault() -> str:
        raise RuntimeError(f"secret at {app.instance_path}")

    app.testing = False
    response = app.test_client().get("/fault")
    assert response.status_code == 500
    assert is_error(response)
    assert is_secured(response)
    assert "secret" not in response.text
    assert app.instance_path not in response.text


def test_the_policy_lets_no_foreign_and_no_inline_script_run() -> None:
    policy = dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert not [name for name, sources in policy.items() if "*" in sources or "http" in sources or "eval" in sources]
