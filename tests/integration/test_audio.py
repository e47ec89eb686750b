"""The sound of tracks: in ranges, of AUDIO_DIR only."""

import io
import os
import threading
import urllib.request
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app.audio import decode
from app.providers import playable
from app.store.database import database
from app.web.media import sound
from tests import collection

SOUND = collection.tone(2.0, 440)

Add = Callable[..., str]


@pytest.fixture
def audio_dir(environment: dict[str, str]) -> Path:
    return Path(environment["TAGSCAPE_AUDIO_DIR"])


@pytest.fixture
def add(session: Session, audio_dir: Path) -> Add:
    """Store a track, with a file unless `content` is None, and give its address."""

    def add(path: str, content: bytes | None = SOUND) -> str:
        if content is not None:
            (audio_dir / path).parent.mkdir(parents=True, exist_ok=True)
            (audio_dir / path).write_bytes(content)
        track = collection.add_track(session, path)
        session.commit()
        return f"/audio/{track.id}"

    return add


def encoded(path: Path, codec: str, n_channels: int = 2, rate_hz: int = 44100) -> bytes:
    """A tone in another format, at `path`."""
    time_s = np.arange(rate_hz) / rate_hz
    samples = np.tile(8000 * np.sin(2 * np.pi * 440 * time_s), (n_channels, 1)).astype(np.int16)
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[n_channels]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate_hz, layout=layout)
        stream.bit_rate = 128_000
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T).reshape(1, -1), "s16", layout)
        frame.sample_rate = rate_hz
        for part in (frame, None):
            container.mux(stream.encode(part))
    return path.read_bytes()


def test_a_file_comes_whole_with_its_type(client: FlaskClient, add: Add) -> None:
    response = client.get(add("a.wav"))
    assert (response.status_code, response.data, response.content_type) == (200, SOUND, "audio/wav")
    assert response.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("0-0", 0, 0), ("100-299", 100, 299), (f"{len(SOUND) - 10}-", len(SOUND) - 10, len(SOUND) - 1),
     ("-50", len(SOUND) - 50, len(SOUND) - 1), (f"5-{len(SOUND) + 999}", 5, len(SOUND) - 1)],
)  # fmt: skip
def test_a_range_comes_alone(client: FlaskClient, add: Add, asked: str, first: int, last: int) -> None:
    response = client.get(add("a.wav"), headers={"Range": f"bytes={asked}"})
    assert response.status_code == 206
    assert response.data == SOUND[first : last + 1]
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/{len(SOUND)}"


def test_a_range_beyond_the_end_is_refused_with_the_size(client: FlaskClient, add: Add) -> None:
    response = client.get(add("a.wav"), headers={"Range": f"bytes={len(SOUND)}-"})
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(SOUND)}"
    assert response.get_json()["error"]["code"] == "requested_range_not_satisfiable"


def test_head_tells_the_size_without_the_sound(client: FlaskClient, add: Add) -> None:
    response = client.head(add("a.wav"))
    assert (response.status_code, response.data, response.content_length) == (200, b"", len(SOUND))


def test_a_range_of_a_changed_file_brings_the_whole_new_file(client: FlaskClient, add: Add, audio_dir: Path) -> None:
    address = add("a.wav")
    etag = client.head(address).headers["ETag"]
    fresh = client.get(address, headers={"Range": "bytes=0-9", "If-Range": etag})
    assert fresh.status_code == 206
    other = collection.tone(1.0, 220)
    (audio_dir / "a.wav").write_bytes(other)
    stale = client.get(address, headers={"Range": "bytes=0-9", "If-Range": etag})
    assert (stale.status_code, stale.data) == (200, other)


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient, add: Add) -> None:
    address = add("a.wav")
    etag = client.head(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("name", ["ä ö/日本.wav", "two\nlines.wav", "100%.wav", "'\"<b>;.wav", "UPPER.WAV", "..wav", "a/../b.wav"])
def test_any_name_plays(client: FlaskClient, add: Add, audio_dir: Path, name: str) -> None:
    (audio_dir / "a").mkdir()
    response = client.get(add(name))
    assert (response.status_code, response.data, response.mimetype) == (200, SOUND, "audio/wav")


ESCAPES = ("../outside.wav", "a/../../outside.wav", "{outside}", "link.wav", "linked/outside.wav")
NO_FILES = ("loop.wav", "pipe.wav", "folder.wav", "gone.wav", "no\0name.wav", "x" * 300 + ".wav", "")


@pytest.mark.parametrize("path", [*ESCAPES, *NO_FILES])
def test_nothing_outside_the_folder_is_ever_reached(client: FlaskClient, add: Add, audio_dir: Path, path: str) -> None:
    outside = audio_dir.parent / "outside.wav"
    outside.write_bytes(b"secret")
    (audio_dir / "a").mkdir()
    (audio_dir / "folder.wav").mkdir()
    (audio_dir / "link.wav").symlink_to(outside)
    (audio_dir / "linked").symlink_to(audio_dir.parent)
    (audio_dir / "loop.wav").symlink_to("loop.wav")
    os.mkfifo(audio_dir / "pipe.wav")
    response = client.get(add(path.format(outside=outside), content=None))
    assert (response.status_code, response.get_json()["error"]["code"]) == (404, "no_audio")
    assert str(audio_dir.parent) not in response.get_json()["error"]["message"].replace(str(outside), "")


def test_a_sibling_folder_whose_name_begins_alike_is_outside(client: FlaskClient, add: Add, audio_dir: Path) -> None:
    sibling = audio_dir.with_name(audio_dir.name + "-private")
    sibling.mkdir()
    (sibling / "a.wav").write_bytes(b"secret")
    assert client.get(add(f"../{sibling.name}/a.wav", content=None)).status_code == 404


def test_links_within_the_folder_and_a_linked_folder_play(
    environment: dict[str, str], app: Flask, client: FlaskClient, add: Add, audio_dir: Path, tmp_path: Path
) -> None:
    address = add("a.wav")
    (audio_dir / "b.wav").symlink_to("a.wav")
    linked = tmp_path / "music"
    linked.symlink_to(audio_dir)
    app.config["AUDIO_DIR"] = linked
    assert client.get(address).data == SOUND
    assert client.get(add("b.wav", content=None)).data == SOUND


def test_a_missing_folder_is_said(app: Flask, client: FlaskClient, add: Add, tmp_path: Path) -> None:
    address = add("a.wav")
    app.config["AUDIO_DIR"] = tmp_path / "nowhere"
    response = client.get(address)
    assert (response.status_code, response.get_json()["error"]["code"]) == (503, "no_audio_dir")
    assert str(tmp_path) not in response.text


def test_a_track_that_is_none_is_not_found(client: FlaskClient) -> None:
    for address in ("/audio/77", f"/audio/{10**30}", "/audio/-1", "/audio/a"):
        assert client.get(address).status_code == 404


def test_an_unreadable_file_is_an_error_in_the_one_shape(client: FlaskClient, add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    address = add("a.wav")
    monkeypatch.setattr("app.web.media.sound.send_file", refuse)
    response = client.get(address)
    assert (response.status_code, response.get_json()["error"]["code"]) == (404, "unreadable_audio")


@pytest.mark.parametrize(
    ("suffix", "codec", "n_channels"), [("aiff", "pcm_s16be", 2), ("wma", "wmav2", 1), ("AIF", "pcm_s16be", 6)]
)
def test_what_browsers_do_not_play_comes_as_wav_in_ranges(
    client: FlaskClient, add: Add, tmp_path: Path, suffix: str, codec: str, n_channels: int
) -> None:
    address = add(f"a.{suffix}", encoded(tmp_path / f"a.{suffix.lower()}", codec, n_channels))
    response = client.get(address)
    assert (response.status_code, response.content_type) == (200, "audio/wav")
    with wave.open(io.BytesIO(response.data)) as sound:
        assert (sound.getnchannels(), sound.getframerate()) == (min(n_channels, 2), 44100)
        assert abs(sound.getnframes() - 44100) <= 4096
        samples = np.frombuffer(sound.readframes(44100), "<i2").reshape(-1, min(n_channels, 2))[4096:-4096, 0]
    spectrum = np.abs(np.fft.rfft(samples))
    assert abs(spectrum.argmax() * 44100 / len(samples) - 440) < 3
    part = client.get(address, headers={"Range": "bytes=1000-1999", "If-Range": response.headers["ETag"]})
    assert (part.status_code, part.data) == (206, response.data[1000:2000])


def test_a_file_that_cannot_be_decoded_is_said(client: FlaskClient, add: Add) -> None:
    response = client.get(add("a.wma", b"not a sound" * 100))
    assert (response.status_code, response.get_json()["error"]["code"]) == (500, "undecodable")


def test_a_playlist_that_calls_itself_audio_opens_nothing(client: FlaskClient, add: Add, tmp_path: Path) -> None:
    (tmp_path / "outside.aiff").write_bytes(encoded(tmp_path / "made.aiff", "pcm_s16be"))
    address = add("list.wma", b"ffconcat version 1.0\nfile link.aiff\n")
    audio_dir = Path(client.application.config["AUDIO_DIR"])
    (audio_dir / "link.aiff").symlink_to(tmp_path / "outside.aiff")
    response = client.get(address)
    assert (response.status_code, response.get_json()["error"]["code"]) == (500, "undecodable")


def test_alac_comes_as_wav_though_aac_in_such_a_file_does_not(
    session: Session, client: FlaskClient, add: Add, tmp_path: Path
) -> None:
    for codec, mimetype in (("alac", "audio/wav"), ("aac", "audio/mp4")):
        address = add(f"{codec}.m4a", encoded(tmp_path / f"{codec}.m4a", codec))
        collection.at(session, f"{codec}.m4a").sources[0].codec = decode.probe(tmp_path / f"{codec}.m4a").codec
        session.commit()
        response = client.get(address)
        assert (response.status_code, response.content_type) == (200, mimetype)


def test_a_decoded_copy_can_be_asked_for_of_what_browsers_play(client: FlaskClient, add: Add, tmp_path: Path) -> None:
    address = add("a.flac", encoded(tmp_path / "a.flac", "flac"))
    assert client.get(address).content_type == "audio/flac"
    response = client.get(f"{address}?decoded=1")
    assert response.content_type == "audio/wav"
    with wave.open(io.BytesIO(response.data)) as copy:
        assert abs(copy.getnframes() - 44100) <= 4096


def test_all_who_ask_at_once_for_what_is_decoded_get_it_and_it_is_decoded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, cache = tmp_path / "a.aiff", tmp_path / "cache"
    content = encoded(file, "pcm_s16be")
    at_once, decoded, found = threading.Barrier(8), [], []
    real = playable._decode

    def noted(file: Path, wav: Path) -> None:
        decoded.append(wav)
        real(file, wav)

    def ask() -> None:
        at_once.wait()
        found.append(playable.as_wav(file, cache).read_bytes())

    monkeypatch.setattr(playable, "_decode", noted)
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(found[0]) > len(content) / 2
    assert len(decoded) == 1
    assert len(list(cache.iterdir())) == 1


def test_decoded_files_used_longest_ago_make_room(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    files = [tmp_path / f"{n}.aiff" for n in range(3)]
    for file in files:
        encoded(file, "pcm_s16be")
    wavs = [playable.as_wav(file, cache) for file in files[:2]]
    size = wavs[0].stat().st_size
    for age_s, wav in ((200, wavs[0]), (100, wavs[1])):
        os.utime(wav, (wav.stat().st_atime - age_s, wav.stat().st_mtime))
    assert playable.as_wav(files[0], cache) == wavs[0], "used again"
    newest = playable.as_wav(files[2], cache, limit_bytes=2 * size)
    assert set(cache.iterdir()) == {wavs[0], newest}


@pytest.fixture
def server(app: Flask, session: Session) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_other_requests_are_answered_while_sound_is_on_its_way(server: str, add: Add) -> None:
    address = add("long.wav", SOUND * 1000)
    with urllib.request.urlopen(server + address) as sound:
        assert sound.read(10) == SOUND[:10]
        with urllib.request.urlopen(f"{server}/healthz") as health:
            assert health.status == 200
        assert database.engine.pool.checkedout() <= 1, "a stream holds no connection of the database; the test itself may"
        assert len(sound.read()) == len(SOUND) * 1000 - 10


def test_the_address_of_a_sound_is_what_flask_says_also_below_another_path(app: Flask) -> None:
    for prefix in ("", "/music"):
        with app.test_request_context("/", base_url=f"http://localhost{prefix}/"):
            assert sound.address(7) == url_for("audio.sound", track_id=7) == f"{prefix}/audio/7"
