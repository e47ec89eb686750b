"""One track after the other, sample by sample: no gap, no click, nothing cut off, and nothing that piles up."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app import create_app
from app.store.database import database
from tests import collection
from tests.browser.conftest import Serve
from tests.browser.screen import PATH, VIEW, Screen, around, read_json, read_points, written
from tests.browser.sound import Recorder, Recording, runs
from tests.browser.test_search import enter
from tests.browser.test_sound import LOUD, RATE_HZ, wav

NETWORK = "msd-musicnn"
HOP_S = 2.992
N_TRACKS = 36
N_PLAYED = 30
LONGEST_GAP_S = 0.05
N_NODES_AT_WORK = 10
"""Two voices more or fewer may be at work when it is counted, each with a source, a delay and three gains."""
ATTEMPTS = 3
"""A machine with more to do than it can tears holes into any sound."""

STATE = "document.querySelector('.player').dataset.state"
TITLE = "document.querySelector('.track-title').textContent"
IS_SILENT_SOON = """async () => {
  const isSounding = () => [...document.querySelectorAll(".sounding audio")].some((each) => !each.paused);
  const until_ms = performance.now() + 700;
  while (isSounding() && performance.now() < until_ms) await new Promise((resolve) => setTimeout(resolve, 10));
  return !isSounding();
}"""


def duration_s(number: int) -> float:
    """Of each track another: from 1 to 2 s."""
    return 1 + (number * 7 % 11) / 10


def pitch_hz(number: int) -> float:
    return 220 * 2 ** (number / 12)


def tone(number: int) -> NDArray[np.float64]:
    """A tone that begins and ends in the middle of its swing: every click and every gap is heard."""
    times = np.arange(round(duration_s(number) * RATE_HZ)) / RATE_HZ
    return LOUD * np.cos(2 * np.pi * pitch_hz(number) * times)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory, empty_database: Path, serve: Serve) -> str:
    """The address of 36 tracks of one to two seconds, one segment each."""
    instance = tmp_path_factory.mktemp("short")
    audio = instance / "audio"
    audio.mkdir()
    shutil.copy(empty_database, instance / "tagscape.db")
    with create_app({"TAGSCAPE_INSTANCE_PATH": str(instance)}).app_context():
        session = database.session()
        ids = []
        for number in range(N_TRACKS):
            track = collection.add_track(session, f"{number}.wav", title=f"Short {number}", duration_s=duration_s(number))
            ids.append(track.id)
            (audio / f"{number}.wav").write_bytes(wav(tone(number)))
        random = np.random.default_rng(0)
        for space in collection.add_network(session, NETWORK).values():
            # far from each other: none is taken for the same music as another
            collection.add_features(session, space, {i: random.normal(size=(1, space.n_dims)) for i in ids})
            collection.add_pca(session, space)
        session.commit()
        database.session.remove()
        database.engine.dispose()
    return serve(instance, audio)


def gaps_s(sound: Recording) -> list[float]:
    """How long it is silent between sounds."""
    n = round(0.003 * sound.rate_hz)
    loud = np.convolve(np.abs(sound.samples), np.ones(n) / n, "same") > 0.1 * LOUD
    times = np.flatnonzero(loud)
    return [(end - first) / sound.rate_hz for first, end in runs(~loud[times[0] : times[-1]])]


def lasted_s(sound: Recording) -> float:
    loud = np.flatnonzero(np.abs(sound.samples) > 0.1 * LOUD)
    return float(loud[-1] - loud[0]) / sound.rate_hz


def play_through(screen: Screen, n: int) -> list[str]:
    """Start, and note the titles that are shown until so many were."""
    screen.page.evaluate(
        """() => {
          window.titles = [];
          const title = document.querySelector(".track-title");
          const note = () => title.textContent !== titles.at(-1) && titles.push(title.textContent);
          note();
          new MutationObserver(note).observe(title, { childList: true, characterData: true, subtree: true });
        }"""
    )
    screen.page.keyboard.press(" ")
    screen.wait(f"{STATE} === 'playing'")
    for at in range(2, n + 1):
        screen.wait(f"titles.length >= {at}")
    return [str(title) for title in screen.page.evaluate("titles")]


def open_at(screen: Screen, address: str, track: int, at_end: str, **view: str) -> Recorder:
    recorder = Recorder(screen)
    screen.page.add_init_script(f"localStorage.setItem('tagscape.at-end', '{at_end}')")
    screen.open(address, **VIEW, track=track, segment=0, **view)
    screen.wait("!document.querySelector('.player').hasAttribute('data-idle')")
    return recorder


def held(screen: Screen) -> tuple[int, float]:
    """How many elements sound is played from, and the nodes of the audio graph."""
    devtools = screen.page.context.new_cdp_session(screen.page)
    for _ in range(3):  # what is let go may let go of others
        devtools.send("HeapProfiler.collectGarbage")
        screen.page.wait_for_timeout(50)
    devtools.send("Performance.enable")
    metrics = {each["name"]: each["value"] for each in devtools.send("Performance.getMetrics")["metrics"]}
    return screen.page.locator(".sounding audio").count(), metrics["AudioHandlers"]


def test_thirty_tracks_play_through_without_a_gap_and_nothing_piles_up(short: str, new_screen: Callable[..., Screen]) -> None:
    found = []
    for attempt in range(ATTEMPTS):
        screen = new_screen()
        recorder = open_at(screen, short, 1 + attempt, "wander")
        play_through(screen, 10)
        early = held(screen)
        titles = play_on_to(screen, N_PLAYED)
        screen.page.keyboard.press(" ")
        screen.wait(f"{STATE} === 'paused'")
        recorder.wait_until_recorded(recorder.time_s())
        sound = recorder.take()
        numbers = [int(title.split()[1]) for title in titles[:N_PLAYED]]
        for at, number in enumerate(numbers):
            assert number not in numbers[max(0, at - 20) : at]
        assert early[0] <= 5
        late = held(screen)
        assert late[0] <= 5
        assert late[1] - early[1] <= N_NODES_AT_WORK, "what has played is let go"
        whole_s = sum(map(duration_s, numbers[: N_PLAYED - 1]))
        found.append((max(gaps_s(sound), default=0.0), lasted_s(sound) - whole_s))
        if found[-1][0] <= LONGEST_GAP_S and -0.3 < found[-1][1] < 2.5:
            return
    pytest.fail(f"longest gaps, and how much longer it lasted than the tracks but the last: {found}")


def play_on_to(screen: Screen, n: int) -> list[str]:
    for at in range(2, n + 1):
        screen.wait(f"titles.length >= {at}")
    return [str(title) for title in screen.page.evaluate("titles")]


def test_wandering_begins_nothing_again_and_goes_on_to_what_it_shows(tones: str, screen: Screen) -> None:
    rows = read_json(f"{tones}/api/tracks/5/rows/{NETWORK}")
    screen.page.add_init_script("localStorage.setItem('tagscape.at-end', 'stop')")
    screen.open(tones, **VIEW, track=5, segment=rows["n_segments"] - 3)
    screen.wait("!document.querySelector('.player').hasAttribute('data-idle')")
    screen.record_sound()
    screen.page.keyboard.press(" ")
    screen.wait(f"{STATE} === 'playing'")
    screen.page.keyboard.press("q")
    screen.page.locator("label:has(input[name=then][value=wander])").click()
    screen.wait("document.querySelectorAll('.queue-list li[data-automatic]').length >= 2")
    first = screen.text(".queue-list li:first-child .queue-title")
    screen.wait(f"{TITLE} === {first!r}")
    of_first = [time_s for path, time_s in screen.heard() if path == "/audio/5"]
    assert np.diff(of_first).min() > -0.1
    assert max(of_first) > (rows["n_segments"] - 0.5) * HOP_S, "it played to the end"
    assert first not in screen.page.locator(".queue-list .queue-title").all_inner_texts()


def test_the_queue_is_edited_by_keys_and_pointer_and_played_in_its_order(short: str, screen: Screen) -> None:
    open_at(screen, short, 1, "wander")
    screen.page.keyboard.press("q")
    screen.wait("document.querySelectorAll('.queue-list li').length >= 4")

    def titles() -> list[str]:
        return screen.page.locator(".queue-list .queue-title").all_inner_texts()

    before = titles()
    screen.page.locator(".queue-list li:nth-child(3) .queue-up").focus()
    screen.page.keyboard.press("Enter")
    assert titles()[1] == before[2]
    assert screen.page.evaluate("document.activeElement.closest('li').querySelector('.queue-title').textContent") == before[2]
    screen.page.keyboard.press("Alt+ArrowUp")
    assert titles()[0] == before[2]
    assert screen.text(".queue-list li:first-child .queue-kind") == "chosen"
    # until it has found all that it finds ahead, the lines are made anew
    screen.wait("document.querySelectorAll('.queue-list li[data-automatic]').length >= 5")
    screen.page.locator(".queue-list li:nth-child(1)").scroll_into_view_if_needed()
    handle = screen.page.locator(".queue-list li:nth-child(1) .queue-handle").bounding_box()
    target = screen.page.locator(".queue-list li:nth-child(3)").bounding_box()
    assert handle is not None
    assert target is not None
    screen.page.mouse.move(handle["x"] + 5, handle["y"] + 5)
    screen.page.mouse.down()
    screen.page.mouse.move(handle["x"] + 5, target["y"] + target["height"] - 2, steps=4)
    screen.page.mouse.up()
    assert titles()[2] == before[2]
    screen.page.locator(".queue-list li:nth-child(2) .queue-remove").click()
    left = titles()
    assert before[1] not in left[:2]
    with screen.page.expect_download() as download:
        screen.page.locator(".queue-m3u8").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.startswith("#EXTM3U\n#EXTINF:")
    assert text.count("/audio/") == len(left)
    screen.page.locator(".queue-list li:nth-child(2) .queue-play").click()
    screen.wait(f"{TITLE} === '{left[1]}'")
    assert left[0] not in titles()


def test_only_what_the_filter_keeps_is_found_and_another_filter_finds_anew(short: str, screen: Screen) -> None:
    open_at(screen, short, 1, "wander", filter="title:/1$/")
    titles = "[...document.querySelectorAll('.queue-list .queue-title')].map((each) => each.textContent).sort().join()"
    screen.wait(f"{titles} === 'Short 1,Short 11,Short 21,Short 31'")
    enter(screen, "title:/2$/")
    screen.wait(f"{titles} === 'Short 12,Short 2,Short 22,Short 32'")


def test_wandering_in_a_selection_finds_nothing_else_until_it_is_cleared(short: str, screen: Screen) -> None:
    open_at(screen, short, 1, "stop", selection='filter:"title:/1$/"')
    selected = ["Short 1", "Short 11", "Short 21", "Short 31"]
    titles = "[...document.querySelectorAll('.queue-list .queue-title')].map((each) => each.textContent)"
    screen.page.get_by_role("button", name="Wander in it").click()
    # nothing played: one of the selected tracks does now, and the others are found
    screen.wait(f"{STATE} === 'playing' && {titles}.length === 3 && {titles}.every((each) => {selected}.includes(each))")
    assert screen.page.locator("input[name=then][value=wander]").is_checked()
    assert screen.page.locator(".selection-wander").get_attribute("aria-pressed") == "true"
    screen.page.get_by_role("button", name="Clear", exact=True).click()
    screen.wait(f"{titles}.some((each) => !{selected}.includes(each))")


def test_a_line_that_is_drawn_is_heard_along(short: str, screen: Screen) -> None:
    points = read_points(short, PATH)
    box = around(points)
    open_at(screen, short, 1, "stop", box=written(box), colour="none")
    places = screen.places(points, box)
    free = [i for i in range(len(points.rows)) if screen.is_over_the_map(places[i])]
    one, other = min(free, key=lambda i: places[i][0]), max(free, key=lambda i: places[i][0])
    screen.page.keyboard.press("d")
    screen.page.mouse.move(*screen.in_window(places[one]))
    screen.page.mouse.down()
    screen.page.mouse.move(*screen.in_window(places[other]), steps=12)
    screen.page.mouse.up()
    titles = "[...document.querySelectorAll('.queue-list .queue-title')].map((each) => each.textContent)"
    # the first track begins, the others are ahead
    screen.wait(
        f"{STATE} === 'playing' && {TITLE} === 'Short {points.rows[one]}' && {titles}.at(-1) === 'Short {points.rows[other]}'"
    )
    queued = screen.page.evaluate(titles)
    assert len(set(queued)) == len(queued)
    assert not screen.page.locator(".stage[data-drawing]").count(), "the map moves again"


def test_a_path_leads_from_what_plays_to_a_point_that_is_clicked(short: str, screen: Screen) -> None:
    points = read_points(short, PATH)
    box = around(points)
    Recorder(screen)
    screen.page.add_init_script("localStorage.setItem('tagscape.at-end', 'stop')")
    screen.open(short, **VIEW, track=1, segment=0, box=written(box))
    screen.wait("!document.querySelector('.player').hasAttribute('data-idle')")
    places = screen.places(points, box)
    index = next(i for i in points.loneliest() if screen.is_over_the_map(places[i]) and points.rows[i] != 0)
    screen.page.keyboard.press("q")
    screen.page.locator(".queue-path-steps").fill("3")
    screen.page.locator(".queue-path").click()
    screen.page.locator(".queue-close").click()
    screen.page.mouse.click(*screen.in_window(places[index]))
    screen.wait("document.querySelectorAll('.queue-list li[data-id]').length === 4")
    titles = screen.page.locator(".queue-list .queue-title").all_text_contents()
    assert titles[-1] == f"Short {int(points.rows[index])}"
    assert len({*titles, "Short 0"}) == 5
    assert screen.page.evaluate(STATE) != "playing", "a point that is asked for does not play"
    assert screen.page.locator("input[name=then][value=queue]").is_checked(), "what is chosen is played"


def test_pausing_while_one_track_fades_into_the_next_silences_both(short: str, screen: Screen) -> None:
    screen.page.add_init_script("localStorage.setItem('tagscape.crossfade', '10')")
    # two seconds long: it fades almost from its start
    open_at(screen, short, 4, "wander")
    play_through(screen, 2)
    screen.page.keyboard.press(" ")
    screen.wait(f"{STATE} === 'paused'")
    assert screen.page.evaluate(IS_SILENT_SOON)
