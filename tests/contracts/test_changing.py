"""Who may change something over HTTP: our own pages and programs, with JSON, under a trusted name. Tried on routes of its own."""

from typing import Annotated

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec import Meta

from app import create_app
from app.web.edge import openapi
from app.web.edge.answers import Answer
from app.web.edge.changing import READING, is_guarded, same_origin
from app.web.edge.routes import Routes, every

HERE = "http://localhost:5000"
OURS = {"Sec-Fetch-Site": "same-origin", "Origin": HERE}


class Wish(Answer):
    """What is asked for."""

    name: Annotated[str, Meta(min_length=1)]


class Done(Answer):
    """What became of it."""

    name: str


def wishes() -> Routes:
    routes = Routes("wishes")

    @routes.change("POST", "/api/wishes")
    @same_origin
    def add(body: Wish) -> Done:
        """Add a wish."""
        return Done(name=body.name)

    @routes.change("DELETE", "/api/wishes/<number:row>")
    @same_origin
    def remove(row: int) -> Done:
        """Remove a wish."""
        return Done(name=str(row))

    return routes


@pytest.fixture
def app(environment: dict[str, str]) -> Flask:
    app = create_app(environment)
    app.testing = True
    wishes().init_app(app)
    return app


def post(client: FlaskClient, headers: dict[str, str], at: str = HERE, **body: object) -> tuple[int, object]:
    response = client.post("/api/wishes", base_url=at, headers=headers, **(body or {"json": {"name": "more"}}))
    answer = response.get_json()
    return response.status_code, answer["error"]["code"] if "error" in answer else answer


@pytest.mark.parametrize(
    "headers",
    [
        OURS,
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": HERE},
        {},
    ],
    ids=["our page", "our page, no origin", "the person", "an old browser", "a program"],
)
def test_our_own_pages_and_programs_change_something(client: FlaskClient, headers: dict[str, str]) -> None:
    assert post(client, headers) == (200, {"name": "more"})
    assert client.delete("/api/wishes/7", base_url=HERE, headers=headers).get_json() == {"name": "7"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:8080"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost"},
        {"Origin": "http://localhost:5000.evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://["},
    ],
)
def test_pages_of_other_sites_and_other_ports_do_not(client: FlaskClient, headers: dict[str, str]) -> None:
    assert post(client, headers) == (403, "cross_site")
    assert client.delete("/api/wishes/7", base_url=HERE, headers=headers).status_code == 403


def test_who_asks_is_looked_at_before_what_was_sent(client: FlaskClient) -> None:
    assert post(client, {"Origin": "null"}, data=b"{", content_type="text/plain") == (403, "cross_site")


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json+x"]
)
def test_only_json_is_read(client: FlaskClient, kind: str | None) -> None:
    assert post(client, OURS, data=b'{"name": "more"}', content_type=kind) == (415, "not_json")
    response = client.delete("/api/wishes/7", base_url=HERE, headers=OURS, data=b"{}", content_type=kind)
    assert response.status_code == 415


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"name": 7}', b'{"name": ""}', b'{"name": "\xff"}'])
def test_a_body_that_does_not_fit_is_refused(client: FlaskClient, body: bytes) -> None:
    assert post(client, OURS, data=body, content_type="application/json") == (400, "invalid_body")


def test_a_body_has_a_largest_size(client: FlaskClient) -> None:
    assert post(client, OURS, json={"name": "x" * (1 << 20)}) == (413, "request_entity_too_large")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_an_address_that_changes_something_is_not_declared_without_its_guard(method: str) -> None:
    routes = Routes("careless")
    with pytest.raises(TypeError, match=f"{method} /api/wishes changes something: put @same_origin"):

        @routes.change(method, "/api/wishes")
        def add() -> Done:
            """Add a wish."""
            return Done(name="")

    assert routes.declared == []


def test_no_address_of_the_application_changes_something_without_its_guard(app: Flask) -> None:
    changing = [rule for rule in app.url_map.iter_rules() if set(rule.methods or ()) - READING]
    assert {rule.rule for rule in changing} >= {"/api/wishes"}
    assert [rule.rule for rule in changing if not is_guarded(app.view_functions[rule.endpoint])] == []


def test_what_is_sent_and_refused_is_described(app: Flask) -> None:
    document = openapi.document(every(app))
    wish = document["paths"]["/api/wishes"]["post"]
    assert wish["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Wish"}
    assert {"400", "403", "415"} <= set(wish["responses"])
    assert document["components"]["schemas"]["Wish"]["required"] == ["name"]
