"""Text goes out in fewer bytes, and HTTP stays right: which representation, until when, in ranges, and only where it is read."""

import gzip
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.web.edge import compression
from app.web.pages.assets import BOKEH_URL
from tests import collection

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}
BROWSER = "gzip, deflate, br, zstd"
JOINED = ("/assets/0/joined/js/map/stage.js", "/assets/0/joined/css/tokens.css+css/base.css")
FILES = ("asset:js/map/stage.js", "asset:css/player.css", "/static/js/map/stage.js", BOKEH_URL, *JOINED)


@pytest.fixture
def ask(app: Flask, client: FlaskClient):
    def asked(address: str, encodings: str | None = None, method: str = "GET", **headers: str) -> TestResponse:
        if address.startswith("asset:"):
            with app.test_request_context():
                address = app.jinja_env.globals["asset"](address.removeprefix("asset:"))
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if encodings is not None:
            sent["Accept-Encoding"] = encodings
        return client.open(address, method=method, headers=sent)

    return asked


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    ("encodings", "expected"),
    [
        (BROWSER, "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0.2, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("br;q=0, gzip;q=0", None),
        ("identity", None),
        ("", None),
        (None, None),
    ],
)
def test_scripts_and_styles_go_packed_to_those_who_can_read_it(ask, file: str, encodings: str | None, expected: str | None) -> None:
    plain, answer = ask(file), ask(file, encodings)
    assert (plain.status_code, answer.status_code) == (200, 200)
    assert answer.headers.get("Content-Encoding") == expected
    assert answer.mimetype == plain.mimetype
    assert answer.headers["Cache-Control"] == plain.headers["Cache-Control"]
    assert answer.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    if expected:
        assert UNPACK[expected](answer.data) == plain.data
        assert len(answer.data) < len(plain.data) / 1.8


def test_bokehjs_is_a_quarter_of_itself_and_stays_for_good(ask) -> None:
    plain, packed = ask(BOKEH_URL), ask(BOKEH_URL, BROWSER)
    assert len(packed.data) < 350_000 < 1_000_000 < len(plain.data)
    assert packed.cache_control.immutable


@pytest.mark.parametrize("file", FILES)
def test_each_representation_has_a_name_of_its_own_and_is_not_sent_again(ask, file: str) -> None:
    names = {ask(file, encodings).headers["ETag"] for encodings in (None, "gzip", "br")}
    assert len(names) == 3
    etag = ask(file, "br").headers["ETag"]
    again = ask(file, "br", If_None_Match=etag)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert again.headers["Vary"] == "Accept-Encoding"
    assert ask(file, "gzip", If_None_Match=etag).status_code == 200
    assert ask(file, If_None_Match=etag).status_code == 200


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("encodings", [None, "gzip", "br"])
def test_head_and_ranges_are_those_of_what_is_sent(ask, file: str, encodings: str | None) -> None:
    whole, head = ask(file, encodings), ask(file, encodings, "HEAD")
    assert head.data == b""
    for name in ("Content-Length", "Content-Encoding", "ETag", "Vary", "Content-Type"):
        assert head.headers.get(name) == whole.headers.get(name)
    part = ask(file, encodings, Range="bytes=100-299")
    assert (part.status_code, part.data) == (206, whole.data[100:300])
    assert part.headers["Content-Range"] == f"bytes 100-299/{len(whole.data)}"


def test_a_file_is_packed_once_and_anew_when_it_changes(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    packed = []
    pack = compression._pack
    monkeypatch.setattr(compression, "_pack", lambda *given: packed.append(given[0]) or pack(*given))
    for text in ("let a;\n" * 1000, "let b;\n" * 1001):
        (tmp_path / "one.js").write_text(text)
        for _ in range(3):
            answer = client.get("/static/one.js", headers={"Accept-Encoding": "br"})
            assert brotli.decompress(answer.data) == text.encode()
    assert len(packed) == 2


def test_what_is_small_or_no_text_goes_as_it_is(ask, client: FlaskClient, session: Session, environment: dict[str, str]) -> None:
    collection.synthesise(session, 1, ("msd-musicnn",))
    collection.write_tones(session, Path(environment["TAGSCAPE_AUDIO_DIR"]))
    for address in ("/healthz", "/static/favicon.svg", "/audio/1", "/api/points/msd-musicnn/embeddings/pca"):
        answer = ask(address, BROWSER)
        assert answer.status_code == 200, address
        assert "Content-Encoding" not in answer.headers
    sound = ask("/audio/1", BROWSER, Range="bytes=0-99")
    assert (sound.status_code, len(sound.data)) == (206, 100)
    assert "Vary" not in sound.headers


@pytest.mark.parametrize("address", ["/", "/api/openapi.json", "/api/points/msd-musicnn/embeddings/pca/segments?revision=1"])
@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_answers_of_some_size_go_packed(ask, session: Session, address: str, encoding: str) -> None:
    collection.synthesise(session, 12, ("msd-musicnn",))
    plain, packed = ask(address), ask(address, encoding)
    assert packed.headers["Content-Encoding"] == encoding
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert UNPACK[encoding](packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2


def test_no_file_outside_the_folder_is_sent(ask) -> None:
    for name in ("../__init__.py", "..%2f__init__.py", "css", "", "js/none.js", "%00.js"):
        assert ask(f"/static/{name}", "br").status_code == 404
        assert ask(f"/assets/0/{name}", "br").status_code == 404
