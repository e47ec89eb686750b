"""What plays outside the view is pointed to by an arrow that goes there, and nothing outside the view is chosen."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.browser.screen import PATH, VIEW, Box, Points, Screen, box_of, read_points, written
from tests.browser.test_listening import audible, segment_of

ARROW = ".edge-arrow"
CLICK_AND_LOOK = """(arrow) => {
  arrow.click();
  return arrow.hidden;
}"""


def opened_beside(screen: Screen, address: str, shift: tuple[float, float]) -> tuple[tuple[float, float], Box]:
    """A point that is in the player, and a view that is so many of its sizes away from it."""
    points = read_points(address, PATH)
    index = audible(address, points)
    segment = segment_of(address, points, int(points.rows[index]))
    x, y = float(points.x[index]), float(points.y[index])
    x0, x1, y0, y1 = points.header["extent"]
    width, height = (x1 - x0) / 40, (y1 - y0) / 40
    # of the two sides of the point, the one that shows something of the map
    box = next(
        box
        for sign in (1, -1)
        if x0 < (box := beside(x, y, sign * shift[0] * width, sign * shift[1] * height, width, height))[0] < x1 and y0 < box[2] < y1
    )
    screen.open(address, **VIEW, box=written(box), track=segment["track"]["id"], segment=segment["index"])
    screen.wait("!document.querySelector('.player').hasAttribute('data-idle')")
    return (x, y), box


def beside(x: float, y: float, dx: float, dy: float, width: float, height: float) -> Box:
    return x + dx - width / 2, x + dx + width / 2, y + dy - height / 2, y + dy + height / 2


def overlap(screen: Screen, one: str, other: str) -> bool:
    a, b = (screen.page.locator(each).bounding_box() for each in (one, other))
    assert a is not None
    assert b is not None
    return (
        a["x"] < b["x"] + b["width"]
        and b["x"] < a["x"] + a["width"]
        and a["y"] < b["y"] + b["height"]
        and b["y"] < a["y"] + a["height"]
    )


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_an_arrow_points_to_what_plays_outside_the_view(
    tones: str, new_screen: Callable[..., Screen], size: tuple[int, int]
) -> None:
    screen = new_screen(*size)
    for shift in ((3, 0), (0, 3), (2, 1), (-1.3, 1.2)):
        place, box = opened_beside(screen, tones, shift)
        assert screen.page.locator(ARROW).is_visible()
        for other in (".legend", ".tools"):
            assert not overlap(screen, ARROW, other), (shift, other)
        arrow = screen.page.locator(ARROW).bounding_box()
        frame = screen.frame()
        assert arrow is not None
        assert arrow["x"] >= frame["x"]
        assert arrow["x"] + arrow["width"] <= frame["x"] + frame["width"]
        across, down = (
            arrow["x"] + arrow["width"] / 2 - frame["x"] - frame["width"] / 2,
            arrow["y"] + arrow["height"] / 2 - frame["y"] - frame["height"] / 2,
        )
        # from the middle of the view to the point, in pixels
        way = (
            (place[0] - (box[0] + box[1]) / 2) / (box[1] - box[0]) * frame["width"],
            -(place[1] - (box[2] + box[3]) / 2) / (box[3] - box[2]) * frame["height"],
        )
        assert np.cos(np.arctan2(down, across) - np.arctan2(way[1], way[0])) > 0.999


def test_the_arrow_is_a_button_that_goes_there_and_keeps_the_zoom(tones: str, screen: Screen) -> None:
    place, box = opened_beside(screen, tones, (3, 0))
    button = screen.page.get_by_role("button", name="The playing segment is outside the view: go there")
    screen.page.locator(".stage").focus()
    screen.page.keyboard.press("Tab")
    assert button.evaluate("(button) => button === document.activeElement")
    screen.page.keyboard.press("Enter")
    screen.wait("document.querySelector('.edge-arrow').hidden")
    now = box_of(screen.settle())
    assert ((now[0] + now[1]) / 2, (now[2] + now[3]) / 2) == pytest.approx(place, abs=(box[1] - box[0]) / 100)
    assert (now[1] - now[0], now[3] - now[2]) == pytest.approx((box[1] - box[0], box[3] - box[2]), rel=1e-3)
    assert screen.page.locator(".ring-playing").is_visible()
    assert screen.page.evaluate("document.activeElement === document.querySelector('.stage')")
    for _ in range(5):
        screen.page.keyboard.press("Shift+ArrowRight")
    assert screen.page.locator(ARROW).is_visible()


@pytest.mark.parametrize(("motion", "is_there_at_once"), [("reduce", True), ("no-preference", False)])
def test_the_way_there_is_seen_unless_motion_is_not_wanted(
    tones: str, new_screen: Callable[..., Screen], motion: str, is_there_at_once: bool
) -> None:
    screen = new_screen(reduced_motion=motion)
    opened_beside(screen, tones, (3, 0))
    assert screen.page.locator(ARROW).evaluate(CLICK_AND_LOOK) == is_there_at_once
    screen.wait("document.querySelector('.edge-arrow').hidden")


def emptiest(points: Points) -> Box:
    """A small box inside the map in which no point is."""
    x0, x1, y0, y1 = points.header["extent"]
    places = np.random.default_rng(0).uniform((x0, y0), (x1, y1), (2000, 2))
    away = np.hypot((places[:, :1] - points.x) / (x1 - x0), (places[:, 1:] - points.y) / (y1 - y0)).min(1)
    x, y = places[away.argmax()]
    dx, dy = (x1 - x0) * away.max() / 4, (y1 - y0) * away.max() / 4
    return x - dx, x + dx, y - dy, y + dy


def test_where_no_segment_is_in_view_nothing_plays_and_the_next_step_is_said(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, box=written(emptiest(read_points(tones, PATH))))
    screen.page.keyboard.press("Enter")
    screen.wait("document.querySelector('.toast').textContent.includes('press 0')")
    assert screen.page.locator(".toast").is_visible()
    screen.page.locator(".play").click()
    assert screen.page.locator(".player").get_attribute("data-idle") is not None
    screen.page.keyboard.press("0")
    screen.page.keyboard.press("Enter")
    screen.wait("!document.querySelector('.player').hasAttribute('data-idle')")


def test_enter_takes_a_segment_in_view_though_one_outside_is_nearer(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    frame = screen.open(tones, **VIEW).frame()
    box, row = outside_is_nearer(points, frame["width"], frame["height"])
    screen.open(tones, **VIEW, box=written(box))
    screen.page.keyboard.press("Enter")
    screen.wait("!document.querySelector('.player').hasAttribute('data-idle')")
    segment = segment_of(tones, points, row)
    screen.wait(f"location.search.includes('track={segment['track']['id']}&segment={segment['index']}')")


def outside_is_nearer(points: Points, width: float, height: float) -> tuple[Box, int]:
    """A view that is wide, with a point above or below it nearer to its middle than any inside; and the nearest inside."""
    x0, x1, y0, y1 = points.header["extent"]
    for x, y in np.random.default_rng(1).uniform((x0, y0), (x1, y1), (5000, 2)):
        dx, dy = (x1 - x0) / 8, (y1 - y0) / 8
        across, up = np.abs(points.x - x) / dx, np.abs(points.y - y) / dy
        distances = np.hypot(across * width, up * height)
        is_inside = (across < 0.98) & (up < 0.98)
        nearest = distances.argmin()
        if is_inside.any() and up[nearest] > 1.05:
            return (x - dx, x + dx, y - dy, y + dy), int(points.rows[np.where(is_inside, distances, np.inf).argmin()])
    raise AssertionError("no such view")
