"""On a touch screen: a finger that rests opens a loupe, with which points closer than a finger are told apart."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import CDPSession

from tests.browser.screen import PATH, VIEW, Box, Points, Screen, around, box_of, read_points, written
from tests.browser.test_listening import segment_of

PHONE = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
APART_PX = 3.0
SLOWNESS = 3
SWEEP = """([x, y]) => {
  const [glass, target] = [document.querySelector(".loupe-glass"), document.querySelector(".stage")];
  const finger = { pointerId: Number(window.finger), pointerType: "touch", bubbles: true, buttons: 1 };
  const pictures = new Set();
  for (let i = 0; i <= 40; i++) {
    target.dispatchEvent(new PointerEvent("pointermove", { ...finger, clientX: x + 30 * Math.sin(i), clientY: y - i }));
    pictures.add(glass.toDataURL());
  }
  return pictures.size;
}"""
IS_OPEN = "!document.querySelector('.loupe').hidden"
IS_IDLE = "document.querySelector('.player').hasAttribute('data-idle')"


class Fingers:
    """What touches the screen, in CSS pixels of the window."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.devtools: CDPSession = screen.page.context.new_cdp_session(screen.page)

    def send(self, kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        self.devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def hold(self, place: tuple[float, float]) -> None:
        self.send("touchStart", place)
        self.screen.wait(IS_OPEN)

    def slide(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        for share in np.linspace(0, 1, 6)[1:]:
            self.send("touchMove", (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))

    def lift(self) -> None:
        self.send("touchEnd")


@pytest.fixture
def phone(new_screen: Callable[..., Screen]) -> Screen:
    return new_screen(390, 844, **PHONE)


def closest(points: Points) -> tuple[int, int]:
    """Two points much nearer to each other than to any other."""
    distances = np.hypot(points.x[:, None] - points.x, points.y[:, None] - points.y) + np.diag(np.full(len(points.x), np.inf))
    nearest = distances.argmin(1)
    pairs = [(i, int(j)) for i, j in enumerate(nearest) if nearest[j] == i and i < j and distances[i, j] > 0]
    return min(pairs, key=lambda pair: distances[pair] / min(np.sort(distances[i])[1] for i in pair))


def opened_on_two(screen: Screen, address: str) -> tuple[list[int], list[tuple[float, float]]]:
    """Indices and places in the window of two points that are three pixels apart, in the middle of the map."""
    points = read_points(address, PATH)
    pair = list(closest(points))
    frame = screen.open(address, **VIEW).frame()
    x, y = points.x[pair], points.y[pair]
    unit = float(np.hypot(*np.diff([x, y])[:, 0])) / APART_PX
    half_x, half_y = unit * frame["width"] / 2, unit * frame["height"] / 2
    box: Box = (x.mean() - half_x, x.mean() + half_x, y.mean() - half_y, y.mean() + half_y)
    screen.open(address, **VIEW, box=written(box))
    assert box_of(screen.settle()) == pytest.approx(box, rel=1e-3, abs=1e-3)
    places = [screen.in_window(screen.places(points, box)[i]) for i in pair]
    assert np.hypot(*np.subtract(*places)) == pytest.approx(APART_PX, abs=0.1)
    return pair, places


def assert_in_the_player(screen: Screen, address: str, index: int) -> None:
    points = read_points(address, PATH)
    segment = segment_of(address, points, int(points.rows[index]))
    screen.wait(f"location.search.includes('track={segment['track']['id']}&segment={segment['index']}')")


@pytest.mark.parametrize("chosen", [0, 1])
def test_each_of_two_points_three_pixels_apart_can_be_chosen(tones: str, phone: Screen, chosen: int) -> None:
    pair, places = opened_on_two(phone, tones)
    points = read_points(tones, PATH)
    fingers = Fingers(phone)
    start, other = places[1 - chosen], places[chosen]
    fingers.hold(start)
    title = segment_of(tones, points, int(points.rows[pair[1 - chosen]]))["track"]["title"]
    phone.wait("!document.querySelector('.loupe .hover-card').hidden")
    assert title in phone.text(".loupe .hover-card")
    assert phone.page.evaluate(IS_IDLE), "nothing plays before the finger is lifted"
    end = (start[0] + SLOWNESS * (other[0] - start[0]), start[1] + SLOWNESS * (other[1] - start[1]))
    fingers.slide(start, end)
    before = phone.view["box"]
    fingers.lift()
    assert_in_the_player(phone, tones, pair[chosen])
    assert phone.page.locator(".loupe").is_hidden()
    assert phone.view["box"] == before, "the map stands still"


def test_a_loupe_that_sweeps_over_points_asks_only_for_the_one_it_rests_on(tones: str, phone: Screen) -> None:
    points = read_points(tones, PATH)
    box = around(points)
    phone.open(tones, **VIEW, box=written(box)).settle()
    places = phone.places(points, box_of(phone))
    crowded = next(i for i in reversed(points.loneliest()) if phone.is_over_the_map(places[i]))
    place = phone.in_window(places[crowded])
    phone.page.evaluate("addEventListener('pointerdown', ({ pointerId }) => { window.finger = pointerId; }, true)")
    fingers = Fingers(phone)
    fingers.hold(place)
    phone.wait("!document.querySelector('.loupe .hover-card').hidden")
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url) if "/api/segments/" in request.url else None)
    assert phone.page.evaluate(SWEEP, place) > 20, "glass and ring follow at once"
    phone.page.wait_for_timeout(200)  # what it rests on is asked for by now
    assert len(asked) <= 1
    fingers.lift()


def test_the_glass_and_its_caption_stand_clear_of_the_finger(tones: str, phone: Screen) -> None:
    _, places = opened_on_two(phone, tones)
    fingers = Fingers(phone)
    fingers.hold(places[0])
    phone.wait("!document.querySelector('.loupe .hover-card').hidden")
    for selector in (".loupe-glass", ".loupe-caption"):
        box = phone.page.locator(selector).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] < places[0][1] - 20
    fingers.lift()


def test_a_second_finger_or_leaving_the_map_cancels(tones: str, phone: Screen) -> None:
    _, places = opened_on_two(phone, tones)
    fingers = Fingers(phone)
    fingers.hold(places[0])
    fingers.send("touchStart", places[0], (places[0][0] + 60, places[0][1]))
    phone.wait(f"!({IS_OPEN})")
    fingers.lift()
    fingers.hold(places[0])
    fingers.slide(places[0], (places[0][0], 800))
    phone.wait(f"!({IS_OPEN})")
    fingers.lift()
    before = phone.settle().view["box"]
    assert phone.page.evaluate(IS_IDLE)
    # and the next finger is a new one: a drag pans at once
    fingers.send("touchStart", places[0])
    fingers.slide(places[0], (places[0][0] + 60, places[0][1]))
    assert phone.page.locator(".loupe").is_hidden()
    fingers.lift()
    assert box_of(phone.settle())[0] < float(before.split(",")[0])


def test_a_pinch_after_a_loupe_still_zooms(tones: str, phone: Screen) -> None:
    _, places = opened_on_two(phone, tones)
    before = box_of(phone)
    fingers = Fingers(phone)
    fingers.hold(places[0])
    fingers.slide(places[0], (places[0][0], 800))
    fingers.lift()
    x, y = places[0]
    fingers.send("touchStart", (x - 20, y), (x + 20, y))
    for reach in (30, 60, 90):
        fingers.send("touchMove", (x - reach, y), (x + reach, y))
    fingers.lift()
    now = box_of(phone.settle())
    assert now[1] - now[0] < 0.9 * (before[1] - before[0])


def test_pointing_mode_plays_what_the_loupe_chose_only_when_the_finger_is_lifted(tones: str, phone: Screen) -> None:
    pair, places = opened_on_two(phone, tones)
    phone.page.locator("input[value=point]").check()
    fingers = Fingers(phone)
    fingers.hold(places[0])
    phone.wait("!document.querySelector('.loupe .hover-card').hidden")
    phone.page.wait_for_timeout(150)  # to be taken for pointing
    assert phone.page.evaluate(IS_IDLE)
    fingers.lift()
    assert_in_the_player(phone, tones, pair[0])


def test_the_loupe_is_told_of(tones: str, phone: Screen) -> None:
    _, places = opened_on_two(phone, tones)
    assert "hold for a loupe" in phone.page.locator("#map-help").inner_text().lower()
    phone.page.touchscreen.tap(*places[0])
    phone.wait("document.querySelector('.toast').textContent.includes('Hold for a loupe')")
    phone.page.locator(".tool-help").click()
    assert "loupe" in phone.text(".help")


@pytest.mark.parametrize("size", [(390, 844), (320, 640), (800, 500), (860, 700), (1280, 800)])
def test_the_first_play_moves_neither_player_nor_map(tones: str, new_screen: Callable[..., Screen], size: tuple[int, int]) -> None:
    screen = new_screen(*size)
    screen.open(tones, **VIEW).settle()
    heights = "[...document.querySelectorAll('.player, .now, .points')].map((each) => each.offsetHeight)"
    before, view = screen.page.evaluate(heights), screen.view
    screen.page.keyboard.press("Enter")
    screen.wait("!document.querySelector('.strip').hasAttribute('data-empty')")
    assert screen.page.evaluate(heights) == before
    assert {key: value for key, value in screen.settle().view.items() if key in view} == view
    # with a missing file there is more to say
    screen.open(tones, **VIEW, track=2, segment=0)
    screen.wait("document.querySelector('.track-detail').textContent.includes('file is missing')")
    assert screen.page.evaluate(heights) == before
