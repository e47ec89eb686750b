"""The thread of a track: shown for what is pointed at or plays, with every segment, moving with the map."""

import numpy as np

from tests.browser.screen import PATH, VIEW, Points, Screen, around, box_of, read_json, read_points, written

DOTS = "document.querySelector('path.thread-dots:not(.thread-halo)').getAttribute('d').split('M').length - 1"
IS_SHOWN = "!document.querySelector('.thread').hasAttribute('hidden')"
IS_DIMMED = "document.querySelector('.stage').hasAttribute('data-threaded')"
LINES = """() => [...document.querySelectorAll("path.thread-past, path.thread-next")]
  .filter((path) => !path.classList.contains("thread-halo"))
  .map((path) => path.getAttribute("d"))"""
PLACES = """() => {
  const path = document.querySelector("path.thread-dots:not(.thread-halo)");
  const { e, f } = path.getCTM();
  const dots = path.getAttribute("d").split("M").slice(1).map((dot) => dot.replace("h0", "").split(" ").map(Number));
  return dots.map(([x, y]) => [x + e, y + f]);
}"""


def segment_of(address: str, points: Points, row: int) -> dict:
    return read_json(f"{address}/api/segments/msd-musicnn/{row}?revision={points.header['revision']}")


def open_at(screen: Screen, address: str, **view: object) -> tuple[Points, np.ndarray]:
    points = read_points(address, PATH)
    screen.open(address, **VIEW, box=written(around(points)), **view).settle()
    return points, screen.places(points, box_of(screen))


def reachable(screen: Screen, points: Points, places: np.ndarray) -> list[int]:
    """Points that nothing else is near, and nothing over."""
    return [i for i in points.loneliest()[:12] if screen.is_over_the_map(places[i])]


def test_pointing_shows_every_segment_of_the_track_and_leaving_takes_them_away(tones: str, screen: Screen) -> None:
    points, places = open_at(screen, tones)
    index = reachable(screen, points, places)[0]
    row = int(points.rows[index])
    screen.page.mouse.move(*screen.in_window(places[index]))
    screen.wait(IS_SHOWN)
    segment = segment_of(tones, points, row)
    assert screen.page.evaluate(DOTS) == segment["n_segments"]
    first = segment["first_row"]
    own = [int(np.flatnonzero(points.rows == first + i)[0]) for i in range(segment["n_segments"])]
    assert np.abs(np.array(screen.page.evaluate(PLACES)) - places[own]).max() < 0.6
    n_joined = sum(path.count("L") for path in screen.page.evaluate(LINES) if path)
    last = segment["n_segments"] - 1
    assert n_joined == min(segment["index"], 5) + min(last - segment["index"], 5)
    assert screen.page.evaluate(IS_DIMMED)
    screen.wait("getComputedStyle(document.querySelector('.points')).opacity === '0.33'")
    screen.page.mouse.move(5, 5)
    screen.wait(f"!({IS_SHOWN}) && !({IS_DIMMED})")


def test_pointing_at_other_segments_of_a_track_asks_for_its_thread_once(tones: str, screen: Screen) -> None:
    asked: list[str] = []
    screen.page.on("request", lambda request: "/tracks/" in request.url and "pca" in request.url and asked.append(request.url))
    points, places = open_at(screen, tones)
    tracks: dict[int, list[int]] = {}
    for index in reachable(screen, points, places):
        tracks.setdefault(segment_of(tones, points, int(points.rows[index]))["first_row"], []).append(index)
    order = [index for group in tracks.values() for index in group]
    for index in [*order, *order]:
        screen.page.mouse.move(*screen.in_window(places[index]))
        n_segments = segment_of(tones, points, int(points.rows[index]))["n_segments"]
        screen.wait(f"{IS_SHOWN} && {DOTS} === {n_segments}")
    assert len(asked) == len(set(asked)) == len(tracks)


def test_the_thread_of_what_plays_is_a_choice_that_follows_the_map(tones: str, screen: Screen) -> None:
    points, places = open_at(screen, tones, sound="off")
    index = reachable(screen, points, places)[0]
    screen.page.mouse.click(*screen.in_window(places[index]))
    screen.page.mouse.move(5, 5)
    screen.wait("!document.querySelector('.ring-playing').hidden")
    screen.wait(f"!({IS_SHOWN})")
    screen.page.keyboard.press("h")
    screen.wait(IS_SHOWN)
    assert not screen.page.evaluate(IS_DIMMED), "nothing is pointed at: the map stays as it is"
    assert screen.page.locator(".tool-thread").get_attribute("aria-pressed") == "true"
    segment = segment_of(tones, points, int(points.rows[index]))
    own = [int(np.flatnonzero(points.rows == segment["first_row"] + i)[0]) for i in range(segment["n_segments"])]
    for key in ("Shift+ArrowLeft", "+", "Shift+ArrowUp"):
        screen.page.keyboard.press(key)
        screen.settle()
        expected = screen.places(points, box_of(screen))[own]
        assert np.abs(np.array(screen.page.evaluate(PLACES)) - expected).max() < 0.8
    assert screen.view["thread"] == "playing"
    screen.page.locator(".tool-thread").click()
    screen.wait(f"!({IS_SHOWN})")


def test_what_a_map_is_stands_at_its_sentence(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    screen.page.get_by_role("button", name="What is this map?").click()
    terms = screen.page.locator(".about-map dt").all_inner_texts()
    assert terms[:3] == ["MSD MusiCNN", "embeddings", "PCA"]
    assert "Million Song Dataset" in screen.text(".about-map")
    screen.page.keyboard.press("Escape")
    screen.wait("!document.querySelector('.about-map').matches(':popover-open')")
