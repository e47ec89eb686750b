"""Under which names the server answers: nothing at all is told under one that another site could have."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from tests.contracts.test_routes import BAD, GOOD, is_error, is_secured

FOREIGN = ("rebound.example:5000", "127.0.0.1.rebound.example", "music", "localhost.example", "1.2.3", "a b", "/", "[", ":5000", "",
           "[::1].example", "::1", "localhost:5000:80")  # fmt: skip
OWN = ("localhost", "localhost:5000", "LOCALHOST", "tagscape.localhost", "127.0.0.1:8000", "127.0.0.1", "192.168.1.20:5000",
       "[::1]:5000", "[::1]", "[fe80::1]:80")  # fmt: skip
EVERYWHERE = sorted({*GOOD.values(), *BAD.values(), "/audio/1", "/static/favicon.svg", "/no-such-page"})
"""Pages, data, scripts, styles, sound, and what is not there."""

Named = Callable[[str], FlaskClient]


@pytest.fixture
def named(environment: dict[str, str]) -> Named:
    return lambda names: create_app({**environment, "TAGSCAPE_TRUSTED_HOSTS": names}).test_client()


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
@pytest.mark.parametrize("address", EVERYWHERE)
def test_without_a_setting_nothing_is_answered_under_a_foreign_name(client: FlaskClient, address: str, method: str) -> None:
    response = client.open(address, method=method, headers={"Host": "rebound.example:5000"})
    assert response.status_code == 403
    assert is_secured(response)
    if method != "HEAD":
        assert is_error(response)
        assert response.get_json()["error"]["code"] == "untrusted_host"
        assert "'rebound.example:5000'" in response.get_json()["error"]["message"]
        assert "TRUSTED_HOSTS" in response.get_json()["error"]["hint"]


@pytest.mark.parametrize("host", FOREIGN)
def test_a_name_that_may_point_elsewhere_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", OWN)
@pytest.mark.parametrize("names", ["", "music.example"])
def test_names_that_no_one_can_point_elsewhere_are_answered(named: Named, host: str, names: str) -> None:
    """Among them that of the container's health check."""
    client = named(names)
    assert client.get("/healthz", headers={"Host": host}).status_code == 200
    assert client.get("/static/favicon.svg", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("host", "trusted"),
    [
        ("music.example", True),
        ("Music.Example:8443", True),
        ("a.family.example", True),
        ("b.a.family.example:80", True),
        ("family.example", False),
        ("evil-family.example", False),
        ("a.music.example", False),
        ("evil.example", False),
    ],
)
def test_a_name_of_the_setting_is_answered_and_no_other(named: Named, host: str, trusted: bool) -> None:
    response = named("music.example, .family.example").get("/", headers={"Host": host})
    assert response.status_code == (200 if trusted else 403)


def test_flask_itself_leaves_the_names_to_us(app: Flask) -> None:
    assert app.config["TRUSTED_HOSTS"] is None
