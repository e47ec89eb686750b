"""Resizing keeps what is looked at; wheel, pinch, keys, buttons, drags, drawn boxes and addresses keep some of the map in view."""

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession

from tests.browser.screen import PATH, VIEW, Screen, around, box_of, read_points, written
from tests.browser.test_stage import FRAME, open_two

SIZES = [(800, 500), (390, 844), (844, 390), (1280, 800)]
FAR = 2.05
"""How many times the whole map may be seen at most, and a rounding."""


def resize(screen: Screen, width: int, height: int) -> None:
    before = screen.frame()
    screen.page.set_viewport_size({"width": width, "height": height})
    if (width, height) != screen.page.evaluate("[innerWidth, innerHeight]"):
        screen.wait(f"document.querySelector('.points').getBoundingClientRect().width !== {before['width']}")
    screen.settle()


def measures(screen: Screen) -> tuple[float, float, float, float]:
    """The middle, and units per pixel."""
    x0, x1, y0, y1 = box_of(screen)
    frame = screen.frame()
    return (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / frame["width"], (y1 - y0) / frame["height"]


def test_the_middle_and_the_scale_stay_through_resizes_and_the_view_comes_back(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, box=written(around(read_points(tones, PATH), -0.25))).settle()
    before, view = measures(screen), box_of(screen)
    for size in SIZES:
        resize(screen, *size)
        assert measures(screen) == pytest.approx(before, rel=1e-3, abs=1e-4), size
    assert box_of(screen) == pytest.approx(view, rel=1e-5)


def test_the_whole_map_stays_whole_through_resizes(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    screen.open(tones, **VIEW).settle()
    for size in SIZES:
        resize(screen, *size)
        assert "box" not in screen.view
        assert screen.alpha_sum() > 0
        assert screen.alpha_under(".legend") == 0
    assert points.header["n"] > 0


def test_two_rotations_of_a_phone_show_what_was_seen(tones: str, screen: Screen) -> None:
    open_two(screen, tones)
    screen.page.evaluate("window.stages[1].zoom(0.4)")
    before = screen.page.evaluate(FRAME, 1)
    for width, height in [(280, 500), (700, 280)] * 2:
        screen.page.evaluate(
            "([width, height]) => Object.assign(window.stages[1].element.parentElement.style, { width, height })",
            [f"{width}px", f"{height}px"],
        )
        screen.wait(f"Math.abs(window.stages[1].overlay.getBoundingClientRect().width - {width}) < 1")
        now = screen.page.evaluate(FRAME, 1)
        for axis, side in ((0, "width"), (2, "height")):
            (low, high), (low_before, high_before) = now["view"][axis : axis + 2], before["view"][axis : axis + 2]
            assert (high - low) / now[side] == pytest.approx((high_before - low_before) / before[side])
            assert (low + high) / 2 == pytest.approx((low_before + high_before) / 2, abs=1e-9)
    assert screen.page.evaluate(FRAME, 1)["view"] == pytest.approx(before["view"], abs=1e-9)


def test_the_middle_and_the_scale_stay_beside_the_table_which_keeps_to_the_window(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, box=written(around(read_points(tones, PATH), 0.1))).settle()
    before, frame, view = measures(screen), screen.frame(), box_of(screen)
    screen.page.keyboard.press("t")
    screen.wait("document.querySelectorAll('.table-panel tbody tr').length > 25")
    screen.settle()
    assert screen.frame()["width"] < frame["width"] - 300
    assert screen.frame()["height"] == frame["height"]
    assert measures(screen) == pytest.approx(before, rel=1e-3, abs=1e-4)
    player = screen.page.locator(".player").bounding_box()
    assert player is not None
    assert player["y"] + player["height"] <= 800
    screen.page.locator(".stage").focus()
    screen.page.keyboard.press("t")
    screen.wait(f"document.querySelector('.points').getBoundingClientRect().width === {frame['width']}")
    assert box_of(screen.settle()) == pytest.approx(view, rel=1e-5)


def assert_within_limits(screen: Screen, address: str) -> None:
    """Some of the map is in view, and neither too far nor too close."""
    x0, x1, y0, y1 = read_points(address, PATH).header["extent"]
    box = box_of(screen.settle())
    assert box[0] < x1
    assert box[1] > x0
    assert box[2] < y1
    assert box[3] > y0
    # the whole map has air around it, and stays clear of the legend
    assert 1e-6 * (x1 - x0) < box[1] - box[0] < 3 * FAR * (x1 - x0)
    assert 1e-6 * (y1 - y0) < box[3] - box[2] < 3 * FAR * (y1 - y0)


def middle_of(screen: Screen) -> tuple[float, float]:
    frame = screen.frame()
    return frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2


def by_wheel(step: int) -> Callable[[Screen], None]:
    def turn(screen: Screen) -> None:
        x, y = middle_of(screen)
        screen.page.mouse.move(x + 150, y + 60)
        for _ in range(40):
            screen.page.mouse.wheel(0, step)

    return turn


def by_key(key: str, n_times: int = 40) -> Callable[[Screen], None]:
    def press(screen: Screen) -> None:
        for _ in range(n_times):
            screen.page.keyboard.press(key)

    return press


def by_button(selector: str) -> Callable[[Screen], None]:
    def click(screen: Screen) -> None:
        for _ in range(25):
            screen.page.locator(selector).click()

    return click


def by_drag(dx: int, dy: int) -> Callable[[Screen], None]:
    def drag(screen: Screen) -> None:
        x, y = middle_of(screen)
        for _ in range(8):
            screen.page.mouse.move(x - dx, y - dy)
            screen.page.mouse.down()
            screen.page.mouse.move(x + dx, y + dy, steps=3)
            screen.page.mouse.up()

    return drag


def by_boxes(screen: Screen) -> None:
    screen.page.locator(".tool-box").click()
    for _ in range(6):
        x, y = middle_of(screen)
        screen.page.mouse.move(x + 100, y + 50)
        screen.page.mouse.down()
        screen.page.mouse.move(x + 110, y + 60, steps=3)
        screen.page.mouse.up()


def test_some_of_the_map_stays_in_view_whatever_moves_it(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW).settle()
    for act in (
        by_wheel(600),
        by_wheel(-600),
        by_key("-"),
        by_key("Shift+ArrowRight"),
        by_key("Shift+ArrowUp"),
        by_button(".tool-in"),
        by_button(".tool-out"),
        by_drag(300, 0),
        by_drag(-250, 150),
        by_boxes,
    ):
        screen.page.keyboard.press("0")
        act(screen)
        assert_within_limits(screen, tones)


def test_a_pinch_stops_where_zooming_stops(tones: str, new_screen: Callable[..., Screen]) -> None:
    screen = new_screen(390, 844, has_touch=True, is_mobile=True, device_scale_factor=2)
    screen.open(tones, **VIEW).settle()
    devtools = screen.page.context.new_cdp_session(screen.page)
    for reach in ((10, 150), (150, 10)):
        for _ in range(12):
            pinch(screen, devtools, *reach)
        assert_within_limits(screen, tones)


def pinch(screen: Screen, devtools: CDPSession, before: int, after: int) -> None:
    """Two fingers, that far from the middle at first and at last."""
    x, y = middle_of(screen)

    def touch(kind: str, distances: list[float]) -> None:
        points = [{"x": x + sign * each, "y": y, "id": i} for each in distances for i, sign in enumerate((-1, 1))]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", [before])
    for step in range(1, 6):
        touch("touchMove", [before + (after - before) * step / 5])
    touch("touchEnd", [])


def test_a_hostile_box_in_the_address_shows_some_of_the_map(tones: str, screen: Screen) -> None:
    for box in ("-1e300,1e300,-1.7e308,1.7e308", "0,1e-320,0,1e-320", "0,1e300,0,1"):
        screen.open(tones, **VIEW, box=box)
        assert_within_limits(screen, tones)


def test_a_box_that_shows_nothing_of_the_map_shows_the_whole(tones: str, screen: Screen) -> None:
    for box in ("1e300,1.1e300,0,1", "5000,5001,0,1", "1,0,0,1", "NaN,1,0,1"):
        screen.open(tones, **VIEW, box=box).settle()
        assert "box" not in screen.view
        assert screen.alpha_sum() > 0
