"""What is heard, sample by sample: nothing clicks, nothing is cut off, and it is the sound of the segment."""

import io
import re
import shutil
import time
import wave
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Route

from app import create_app
from app.store.database import database
from tests import collection
from tests.browser import screen as map_screen
from tests.browser.conftest import ARGUMENTS, Serve
from tests.browser.screen import PATH, PATIENCE_S, Screen, around, read_json, read_points, written
from tests.browser.sound import Recorder, Recording, runs

RATE_HZ = 44100
VIEW = {**map_screen.VIEW, "colour": "none"}
"""Without a legend, whose words would lie over some points."""

NETWORK = "msd-musicnn"
HOP_S = 2.992
N_SEGMENTS = 6
LOUD = 0.25
STEADY, OTHER, MARKED, CLIMBING, BROKEN = range(1, 6)
"""Tracks: two of one pitch each, one of pulses, and twice one whose pitch tells the segment, the second in a damaged file."""

SET_VOLUME = "(slider, level) => { slider.value = level; slider.dispatchEvent(new Event('input')); }"

BREAK_OFF = """() => {
  const playing = [...document.querySelectorAll(".sounding audio")].find((media) => !media.paused);
  Object.defineProperty(playing, "error", { value: { code: MediaError.MEDIA_ERR_NETWORK, message: "The connection is gone." } });
}"""
"""What an element says when its connection is gone; Chromium itself tries again for half a minute first."""

N_INTERRUPTED = 14
GAP_S = 0.02
ATTEMPTS = 3
HEARD_MS = 800
N_TORN = 3
"""A machine with more to do than it can tears holes into any sound: gaps that may be its own."""


def pitch_hz(index: int) -> float:
    """The pitch of a segment of the climbing track."""
    return 300.0 + 150 * index


def steady(frequency_hz: float) -> NDArray[np.float64]:
    return LOUD * np.sin(2 * np.pi * frequency_hz * np.arange(round(N_SEGMENTS * HOP_S * RATE_HZ)) / RATE_HZ)


def climbing() -> NDArray[np.float64]:
    n = round(N_SEGMENTS * HOP_S * RATE_HZ)
    frequencies_hz = pitch_hz(np.minimum(np.arange(n) / RATE_HZ // HOP_S, N_SEGMENTS - 1))
    return LOUD * np.sin(2 * np.pi * np.cumsum(frequencies_hz) / RATE_HZ)


def marked() -> NDArray[np.float64]:
    """Silence, but for a pulse 2 ms behind the start of each segment, and one 4 ms before its end."""
    sound = np.zeros(round(N_SEGMENTS * HOP_S * RATE_HZ))
    for index in range(N_SEGMENTS):
        for at_s in (index * HOP_S + 0.002, (index + 1) * HOP_S - 0.005):
            first = round(at_s * RATE_HZ)
            sound[first : first + round(0.001 * RATE_HZ)] = LOUD
    return sound


def wav(sound: NDArray[np.float64]) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes((32767 * sound).astype("<i2").tobytes())
    return file.getvalue()


def write_without_times(sound: NDArray[np.float64], path: Path) -> None:
    """An Ogg file whose pages tell wrong times: what an encoder makes of a frame that tells none."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("vorbis", rate=RATE_HZ, layout="stereo", options={"strict": "-2"})
        frame = av.AudioFrame.from_ndarray(np.stack([sound, sound]).astype(np.float32), format="fltp", layout="stereo")
        frame.sample_rate = RATE_HZ
        for part in (frame, None):
            container.mux(stream.encode(part))


@pytest.fixture(scope="module")
def sounding(tmp_path_factory: pytest.TempPathFactory, empty_database: Path, serve: Serve) -> str:
    """The address of a collection whose sound is known to the sample."""
    instance = tmp_path_factory.mktemp("sounding")
    audio = instance / "audio"
    audio.mkdir()
    shutil.copy(empty_database, instance / "tagscape.db")
    with create_app({"TAGSCAPE_INSTANCE_PATH": str(instance)}).app_context():
        session = database.session()
        duration_s = N_SEGMENTS * HOP_S
        tracks = [collection.add_track(session, f"{i}.wav", title=f"Sound {i}", duration_s=duration_s) for i in range(1, 6)]
        random = np.random.default_rng(0)
        for space in collection.add_network(session, NETWORK).values():
            collection.add_features(session, space, {track.id: random.random((N_SEGMENTS, space.n_dims)) for track in tracks})
            collection.add_pca(session, space)
        for track, sound in zip(tracks, (steady(110), steady(140), marked(), climbing(), climbing()), strict=True):
            if track.id == BROKEN:
                collection.file_of(track).path = "5.ogg"
                write_without_times(sound, audio / "5.ogg")
            else:
                (audio / f"{track.id}.wav").write_bytes(wav(sound))
        session.commit()
        database.session.remove()
        database.engine.dispose()
    return serve(instance, audio)


def press(screen: Screen, key: str) -> None:
    screen.page.keyboard.press(key)


def has_state(state: str) -> str:
    return f"document.querySelector('.player').dataset.state === '{state}'"


def open_at(screen: Screen, address: str, track: int, segment: int) -> Recorder:
    """Load a page that holds a segment ready, with the audio context running."""
    recorder = Recorder(screen)
    screen.open(address, **VIEW, sound="segment", track=track, segment=segment)
    screen.wait(f"document.querySelector('.track-title').textContent === 'Sound {track}'")
    return recorder


def heard(recorder: Recorder, screen: Screen) -> Recording:
    """Everything up to now."""
    recorder.wait_until_recorded(recorder.time_s())
    return recorder.take()


def steps(sound: Recording) -> list[tuple[float, float]]:
    """Where a sample lies off the line of the two before by more than a low tone ever does, and how far, as a share of its RMS."""
    off = np.abs(np.diff(sound.samples, 2)) * np.sqrt(2) / LOUD
    return [(first / sound.rate_hz, float(off[first:end].max())) for first, end in runs(off > 0.05)]


def silences_s(sound: Recording) -> list[float]:
    """How long it is silent, between sounds."""
    n = round(0.003 * sound.rate_hz)
    loud = np.convolve(np.abs(sound.samples), np.ones(n) / n, "same") > 0.05 * LOUD
    times = np.flatnonzero(loud)
    within = loud[times[0] : times[-1]]
    return [(end - first) / sound.rate_hz for first, end in runs(~within)]


def first_byte(route: Route) -> int:
    asked = re.match(r"bytes=(\d+)-", route.request.headers["range"])
    assert asked is not None
    return int(asked[1])


def answer_range(route: Route, sound: bytes, end: int) -> None:
    """Answer with the bytes of a file up to `end`."""
    first = first_byte(route)
    head = {"Content-Type": "audio/wav", "Content-Range": f"bytes {first}-{end - 1}/{len(sound)}"}
    route.fulfill(status=206, headers=head, body=sound[first:end])


def points_of(screen: Screen, address: str, places: list[tuple[int, int]]) -> list[tuple[float, float]]:
    """Where in the window the points of some segments are, given by track and index."""
    points = read_points(address, PATH)
    at = screen.places(points, around(points))
    found = []
    for track, index in places:
        first_row = read_json(f"{address}/api/tracks/{track}/taggram/{NETWORK}")["first_row"]
        found.append(screen.in_window(at[int(np.flatnonzero(points.rows == first_row + index)[0])]))
    return found


def test_a_segment_that_is_interrupted_fades_into_the_next(sounding: str, new_screen: Callable[..., Screen]) -> None:
    found = []
    for _ in range(ATTEMPTS):
        screen = new_screen()
        recorder = Recorder(screen)
        screen.open(sounding, **VIEW, sound="point", box=written(around(read_points(sounding, PATH))))
        places = points_of(screen, sounding, [(STEADY, 2), (OTHER, 3)])
        for n in range(N_INTERRUPTED + 1):
            screen.page.mouse.move(*places[n % 2])
            screen.wait(f"{has_state('playing')} && document.querySelector('.track-title').textContent === 'Sound {n % 2 + 1}'")
            screen.page.wait_for_timeout(150 + 7 * n)
        sound = heard(recorder, screen)
        found.append((steps(sound), silences_s(sound)))
        n_gaps = sum(silence_s > GAP_S for silence_s in found[-1][1])
        if not found[-1][0] and n_gaps <= N_TORN:
            return
    pytest.fail(f"steps by their time and size, and silences: {found}")


def test_pausing_and_going_on_and_the_volume_make_no_step(sounding: str, new_screen: Callable[..., Screen]) -> None:
    found = []
    for _ in range(ATTEMPTS):
        screen = new_screen()
        recorder = open_at(screen, sounding, STEADY, 1)
        for n in range(4):
            press(screen, " ")
            screen.wait(has_state("playing"))
            screen.page.wait_for_timeout(120)
            screen.page.locator(".volume input").evaluate(SET_VOLUME, 0.2 + 0.2 * n)
            screen.page.wait_for_timeout(120)
            press(screen, " ")
            screen.wait(has_state("paused"))
            screen.page.wait_for_timeout(120)
        sound = heard(recorder, screen)
        assert silences_s(sound), "it does pause"
        found.append(steps(sound))
        if not found[-1]:
            return
    pytest.fail(f"steps by their time and size: {found}")


@pytest.mark.parametrize("segment", [0, 2])
def test_a_segment_is_heard_from_its_first_to_its_last_sample(
    sounding: str, new_screen: Callable[..., Screen], segment: int
) -> None:
    found = []
    for _ in range(ATTEMPTS):
        screen = new_screen()
        recorder = open_at(screen, sounding, MARKED, segment)
        press(screen, " ")
        screen.wait(has_state("playing"))
        screen.wait(has_state("ended"))
        sound = heard(recorder, screen)
        pulses = runs(np.abs(sound.samples) > 0.1 * LOUD)
        peaks = [float(np.abs(sound.samples[first:end]).max()) / LOUD for first, end in pulses]
        times_s = [first / sound.rate_hz for first, _ in pulses]
        found.append(list(zip(times_s, peaks, strict=True)))
        if has_all_of_its_segment(times_s, peaks):
            return
    pytest.fail(f"pulses by time and height: {found}")


def has_all_of_its_segment(times_s: list[float], peaks: list[float]) -> bool:
    """Whether the pulses at the segment's edges are there in full, and of others only what lies in the fades beside them."""
    full_s = [time_s for time_s, peak in zip(times_s, peaks, strict=True) if peak > 0.95]
    pairs = [(a, b) for a in full_s for b in full_s if abs(b - a - (HOP_S - 0.007)) < 0.001]
    return any(all(a - 0.02 < time_s < b + 0.02 for time_s in times_s) for a, b in pairs)


def pitch_of(sound: Recording) -> float:
    """The pitch of the last sound that lasted."""
    loud = runs(np.convolve(np.abs(sound.samples), np.ones(441) / 441, "same") > 0.2 * LOUD)
    first, end = max(loud, key=lambda run: run[1] - run[0])
    part = sound.samples[first + 2000 : end - 2000]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    return float(spectrum.argmax() * sound.rate_hz / len(part))


@pytest.mark.parametrize("track", [CLIMBING, BROKEN])
def test_what_is_heard_is_the_segment_also_where_a_file_leads_to_a_wrong_place(sounding: str, screen: Screen, track: int) -> None:
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    recorder = open_at(screen, sounding, track, 4)
    press(screen, " ")
    screen.wait(has_state("playing"))
    told = screen.page.locator(".toast").text_content() or ""
    assert ("decoded copy" in told) == (track == BROKEN)
    screen.wait(has_state("ended"))
    assert pitch_of(heard(recorder, screen)) == pytest.approx(pitch_hz(4), abs=5)
    assert any(url.endswith(f"/audio/{track}?decoded=1") for url in asked) == (track == BROKEN)


def test_a_file_that_ends_too_soon_for_its_segment_plays_from_a_decoded_copy(sounding: str, screen: Screen) -> None:
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    # the place where the last segment starts is there, its end is not
    shorter = wav(climbing()[: round((N_SEGMENTS - 0.5) * HOP_S * RATE_HZ)])
    screen.page.route(re.compile(rf"/audio/{CLIMBING}$"), lambda route: answer_range(route, shorter, len(shorter)))
    recorder = open_at(screen, sounding, CLIMBING, N_SEGMENTS - 1)
    press(screen, " ")
    screen.wait(has_state("playing"))
    assert "decoded copy" in (screen.page.locator(".toast").text_content() or "")
    screen.wait(has_state("ended"))
    sound = heard(recorder, screen)
    assert pitch_of(sound) == pytest.approx(pitch_hz(N_SEGMENTS - 1), abs=5)
    assert np.count_nonzero(np.abs(sound.samples) > 0.01 * LOUD) / sound.rate_hz > 0.9 * HOP_S
    assert any(url.endswith("?decoded=1") for url in asked)


def test_sound_that_breaks_off_while_it_plays_is_said_and_can_be_tried_again(sounding: str, screen: Screen) -> None:
    open_at(screen, sounding, STEADY, 2)
    press(screen, " ")
    screen.wait(has_state("playing"))
    screen.page.evaluate(BREAK_OFF)
    screen.wait("document.querySelector('.toast').textContent.includes('cannot be played')")
    screen.wait(has_state("idle"))
    press(screen, " ")
    screen.wait(has_state("playing"))


def test_sound_that_could_not_be_loaded_ahead_is_loaded_anew(sounding: str, screen: Screen) -> None:
    screen.open(sounding, **VIEW, sound="on", box=written(around(read_points(sounding, PATH))))
    (place,) = points_of(screen, sounding, [(CLIMBING, 2)])
    file = re.compile(rf"/audio/{CLIMBING}$")
    screen.page.route(file, lambda route: route.fulfill(status=404))
    screen.page.mouse.move(*place)
    screen.wait("!document.querySelector('.hover-card').hidden")
    screen.page.mouse.down()
    screen.wait("document.querySelector('.sounding audio')?.error instanceof MediaError")
    screen.page.unroute(file)
    screen.page.mouse.up()
    screen.wait(has_state("playing"))


def test_the_first_click_switches_the_sound_on(sounding: str, browser: Browser, screen: Screen) -> None:
    view = {**VIEW, "sound": "point", "box": written(around(read_points(sounding, PATH)))}
    screen.open(sounding, **view)
    (first, second) = points_of(screen, sounding, [(STEADY, 2), (CLIMBING, 3)])
    arguments = [argument for argument in ARGUMENTS if "autoplay" not in argument]
    with browser.browser_type.launch(executable_path=shutil.which("chromium"), args=arguments) as strict:
        strict_screen = Screen(strict.new_page(viewport=screen.page.viewport_size))
        recorder = Recorder(strict_screen)
        page = strict_screen.page
        page.goto(f"{sounding}/?{urlencode(view)}")
        # whatever playwright evaluates counts as a gesture; what is asked in this way does not
        devtools = page.context.new_cdp_session(page)

        def is_true(expression: str) -> bool:
            return bool(devtools.send("Runtime.evaluate", {"expression": expression})["result"]["value"])

        def wait(expression: str) -> None:
            deadline = time.monotonic() + PATIENCE_S
            while not is_true(expression):
                assert time.monotonic() < deadline, f"still not true: {expression}"
                time.sleep(0.02)  # between two questions to another process

        wait("document.querySelector('.stage')?.getAttribute('aria-busy') === 'false'")
        page.mouse.move(*first)
        wait("!document.querySelector('.sound-gate').hidden")
        assert not is_true("navigator.userActivation.hasBeenActive")
        page.mouse.click(*first)
        strict_screen.wait(has_state("playing"))
        page.mouse.move(*second)
        strict_screen.wait(f"document.querySelector('.track-title').textContent === 'Sound 4' && {has_state('playing')}")
        strict_screen.page.wait_for_timeout(HEARD_MS)
        assert pitch_of(heard(recorder, strict_screen)) == pytest.approx(pitch_hz(3), abs=5)


def test_the_loudspeaker_rests_when_nothing_has_sounded_for_a_while(sounding: str, screen: Screen) -> None:
    open_at(screen, sounding, STEADY, 2)
    press(screen, " ")
    screen.wait(has_state("playing"))
    assert screen.page.evaluate("recorded.context.state") == "running"
    press(screen, " ")
    screen.wait("recorded.context.state === 'suspended'")
    press(screen, " ")
    screen.wait(f"{has_state('playing')} && recorded.context.state === 'running'")


def test_pointing_loads_no_sound_before_the_button_goes_down(sounding: str, screen: Screen) -> None:
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url) if "/audio/" in request.url else None)
    screen.open(sounding, **VIEW, sound="on", box=written(around(read_points(sounding, PATH))))
    places = points_of(screen, sounding, [(track, index) for track in (STEADY, OTHER, CLIMBING) for index in range(N_SEGMENTS)])
    for place in places:
        screen.page.mouse.move(*place)
        screen.wait("!document.querySelector('.hover-card').hidden")
    assert asked == []
    screen.page.mouse.down()
    screen.wait("document.querySelector('.sounding audio')?.readyState > 1")
    assert {url.partition("/audio/")[2] for url in asked} == {str(CLIMBING)}
    screen.page.mouse.up()
    screen.wait(has_state("playing"))
