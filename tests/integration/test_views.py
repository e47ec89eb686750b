"""Views that are kept under a name."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.store import views


def names(client: FlaskClient) -> list[str]:
    return [view["name"] for view in client.get("/api/views").get_json()["views"]]


def test_views_are_saved_listed_renamed_and_deleted(session: Session, client: FlaskClient) -> None:
    assert names(client) == []
    rock = client.post("/api/views", json={"name": " Rock ", "query": "colour=msd-musicnn%2Frock"}).get_json()
    assert rock == {"id": rock["id"], "name": "Rock", "query": "colour=msd-musicnn%2Frock"}
    client.post("/api/views", json={"name": "Élan", "query": "x=1"})
    client.post("/api/views", json={"name": "calm", "query": "x=2"})
    assert names(client) == ["calm", "Rock", "Élan"]
    renamed = client.patch(f"/api/views/{rock['id']}", json={"name": "Ballads"}).get_json()
    assert renamed == {**rock, "name": "Ballads"}
    left = client.delete(f"/api/views/{rock['id']}").get_json()["views"]
    assert [view["name"] for view in left] == names(client) == ["calm", "Élan"]


def test_a_view_of_the_same_name_however_it_is_spelt_is_replaced(session: Session, client: FlaskClient) -> None:
    first = client.post("/api/views", json={"name": "Élan", "query": "x=1"}).get_json()
    second = client.post("/api/views", json={"name": "ÉLAN", "query": "x=2"}).get_json()
    assert second == {"id": first["id"], "name": "ÉLAN", "query": "x=2"}
    assert names(client) == ["ÉLAN"]


def test_a_view_may_change_the_case_of_its_name_but_not_take_that_of_another(session: Session, client: FlaskClient) -> None:
    calm = client.post("/api/views", json={"name": "calm", "query": "x=1"}).get_json()["id"]
    client.post("/api/views", json={"name": "rock", "query": "x=1"})
    assert client.patch(f"/api/views/{calm}", json={"name": "Calm"}).status_code == 200
    response = client.patch(f"/api/views/{calm}", json={"name": "ROCK"})
    assert (response.status_code, response.get_json()["error"]["code"]) == (400, "name_taken")
    assert names(client) == ["Calm", "rock"]


def test_two_tabs_that_keep_a_view_under_one_name_at_once_keep_the_last(
    monkeypatch: pytest.MonkeyPatch, session: Session, client: FlaskClient
) -> None:
    first = client.post("/api/views", json={"name": "calm", "query": "x=1"}).get_json()
    blind_once(monkeypatch)
    response = client.post("/api/views", json={"name": "Calm", "query": "x=2"})
    assert (response.status_code, response.get_json()) == (200, {"id": first["id"], "name": "Calm", "query": "x=2"})
    assert names(client) == ["Calm"]


def test_a_name_that_another_tab_takes_at_once_is_refused(
    monkeypatch: pytest.MonkeyPatch, session: Session, client: FlaskClient
) -> None:
    client.post("/api/views", json={"name": "calm", "query": "x=1"})
    rock = client.post("/api/views", json={"name": "rock", "query": "x=1"}).get_json()["id"]
    blind_once(monkeypatch)
    response = client.patch(f"/api/views/{rock}", json={"name": "CALM"})
    assert (response.status_code, response.get_json()["error"]["code"]) == (400, "name_taken")
    assert names(client) == ["calm", "rock"]


def blind_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look the name up before the other tab has written it."""
    real = views._named
    seen = iter([False])
    monkeypatch.setattr(views, "_named", lambda session, name: real(session, name) if next(seen, True) else None)


def test_what_is_no_view_is_refused(session: Session, client: FlaskClient) -> None:
    assert client.post("/api/views", json={"name": "  ", "query": "x=1"}).status_code == 400
    assert client.post("/api/views", json={"name": "x" * 101, "query": "x=1"}).status_code == 400
    assert client.post("/api/views", json={"name": "x", "query": "x" * 9000}).status_code == 400
    for response in (client.patch("/api/views/7", json={"name": "x"}), client.delete("/api/views/7")):
        assert (response.status_code, response.get_json()["error"]["code"]) == (404, "no_view")


def test_only_our_own_pages_save_views(session: Session, client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert client.post("/api/views", json={"name": "x", "query": ""}, headers=headers).status_code == 403
    assert client.delete("/api/views/1", headers=headers).status_code == 403
    assert names(client) == []
