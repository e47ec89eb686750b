"""The legend: what the colours mean, and a control of what is kept of them."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.browser.screen import PATH, VIEW, Points, Screen, around, read_points, written

ROCK = "msd-musicnn/rock"
TOP = "top/msd-musicnn"
FIRST_COLOUR = "getComputedStyle(document.querySelector('.legend-bar')).backgroundImage.match(/rgb\\([^)]*\\)/)[0]"


def lonely(screen: Screen, points: Points) -> NDArray[np.int64]:
    """Points that no other one touches, and nothing lies over."""
    places = screen.places(points, around(points))
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) + 1e9 * np.eye(len(places))
    return np.array([i for i in np.flatnonzero(apart.min(0) > 14) if screen.is_over_the_map(places[i])])


def opened(address: str, screen: Screen, colour: str, **more: str) -> tuple[Points, NDArray[np.int64], NDArray[np.float64]]:
    """A map, its points, those that stand alone, and all their places."""
    points = read_points(address, f"{PATH}&colour={colour}")
    screen.open(address, **VIEW, colour=colour, box=written(around(points)), **more)
    return points, lonely(screen, points), screen.places(points, around(points))


def test_a_handle_dims_what_lies_outside_and_a_double_click_keeps_all(tones: str, screen: Screen) -> None:
    points, alone, places = opened(tones, screen, ROCK)
    assert points.levels is not None
    before = screen.alpha(places[alone])
    track = screen.page.locator(".legend .range-slider").bounding_box()
    handle = screen.page.get_by_role("slider", name="Lowest kept").bounding_box()
    assert track is not None
    assert handle is not None
    screen.page.mouse.move(handle["x"] + 8, handle["y"] + 8)
    screen.page.mouse.down()
    screen.page.mouse.move(track["x"] + track["width"] / 2, handle["y"] + 8, steps=3)
    is_low, is_high = points.levels[alone] < 115, points.levels[alone] > 139
    assert is_low.any()
    assert is_high.any()
    screen.rest()
    assert (screen.alpha(places[alone])[is_low] < before[is_low] / 4).all(), "while it is dragged"
    assert "kept" not in screen.view
    screen.page.mouse.up()
    screen.settle()
    assert 0.4 < float(screen.view["kept"].partition("..")[0]) < 0.6
    assert np.array_equal(screen.alpha(places[alone])[is_high], before[is_high])
    screen.page.mouse.dblclick(track["x"] + track["width"] * 0.75, track["y"] + 10)
    screen.settle()
    assert "kept" not in screen.view
    assert np.array_equal(screen.alpha(places[alone]), before)


def test_handles_are_worked_by_keys_and_say_their_values(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, colour=ROCK)
    high = screen.page.get_by_role("slider", name="Highest kept")
    highest = float(high.get_attribute("aria-valuetext") or "")
    high.focus()
    for key in ("PageDown", "ArrowLeft"):
        screen.page.keyboard.press(key)
    assert high.get_attribute("aria-valuenow") == "227"
    assert float(high.get_attribute("aria-valuetext") or "") < highest
    screen.settle()
    assert screen.view["kept"] == "0..0.894"
    assert "box" not in screen.view, "the map stays where it is"
    assert high.evaluate("(handle) => handle === document.activeElement")


def test_words_are_dropped_and_kept_and_stand_in_the_address(tones: str, screen: Screen, new_screen: Callable[..., Screen]) -> None:
    points, alone, places = opened(tones, screen, TOP)
    assert points.levels is not None
    colour = points.header["colour"]
    first = colour["categories"][0]
    is_first = points.levels[alone] // colour["steps"] == first["colour"]
    assert is_first.any()
    assert (~is_first).any()
    before = screen.alpha(places[alone])
    button = screen.page.get_by_role("button", name=f"{first['word']} {first['n']}")
    button.click()
    screen.settle()
    dropped = screen.alpha(places[alone])
    assert (dropped[is_first] < before[is_first] / 4).all()
    assert np.array_equal(dropped[~is_first], before[~is_first])
    assert button.get_attribute("aria-pressed") == "false"
    button.click(modifiers=["Shift"])
    screen.settle()
    only = screen.alpha(places[alone])
    assert np.array_equal(only[is_first], before[is_first])
    assert (only[~is_first] < before[~is_first] / 4).all()
    assert screen.view["kept"] == first["word"]
    again = new_screen().open(tones, **screen.view)
    assert np.array_equal(again.alpha(places[alone]), only)
    assert again.page.locator(".legend-word[aria-pressed=true]").count() == 1


def test_colours_follow_the_value_or_what_is_shown_by_choice(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, colour=ROCK, kept="0.5..1")
    with screen.page.expect_response(lambda answer: "scale=value" in answer.url):
        screen.page.get_by_role("button", name="Value").click()
    screen.wait("document.querySelector('.legend-scale[aria-pressed=true]').textContent === 'Value'")
    assert "kept" not in screen.view, "another scale has other levels"
    screen.page.get_by_role("button", name="Shown").click()
    screen.wait("location.search.includes('scale=shown')")
    screen.rest()
    whole = screen.text(".legend-marks")
    with screen.page.expect_response(lambda answer: "scale=shown" in answer.url and "box=" in answer.url):
        for _ in range(6):
            screen.page.keyboard.press("+")
    screen.wait(f"document.querySelector('.legend-marks').innerText !== {whole!r}")
    screen.page.go_back()
    screen.wait("document.querySelector('.legend-scale[aria-pressed=true]').textContent === 'Value'")


def test_the_legend_counts_what_is_in_view(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    x0, x1, y0, y1 = around(points)
    box = (x0, (x0 + x1) / 2, y0, (y0 + y1) / 2)
    screen.open(tones, **VIEW, colour=ROCK, box=written(box)).settle()
    seen = tuple(float(edge) for edge in screen.view["box"].split(","))
    inside = (points.x >= seen[0]) & (points.x <= seen[1]) & (points.y >= seen[2]) & (points.y <= seen[3])
    assert 0 < inside.sum() < points.header["n"]
    assert screen.text(".legend-count") == f"{points.header['n']} segments, {inside.sum()} in view"


def test_little_is_pale_on_light_and_dark_pages(tones: str, new_screen: Callable[..., Screen]) -> None:
    for scheme, low in (("light", "rgb(252, 194, 221)"), ("dark", "rgb(17, 76, 95)")):
        screen = new_screen(color_scheme=scheme).open(tones, **VIEW, colour=ROCK)
        found = [int(part) for part in screen.page.evaluate(FIRST_COLOUR)[4:-1].split(",")]
        expected = [int(part) for part in low[4:-1].split(",")]
        assert np.abs(np.subtract(found, expected)).max() <= 12, scheme


def test_on_a_phone_the_legend_is_a_strip_that_opens(tones: str, new_screen: Callable[..., Screen]) -> None:
    screen = new_screen(390, 844).open(tones, **VIEW, colour=TOP)
    words = screen.page.locator(".legend-word").first
    assert not words.is_visible()
    toggle = screen.page.get_by_role("button", name="Legend")
    toggle.click()
    assert words.is_visible()
    assert toggle.get_attribute("aria-expanded") == "true"
    words.click()
    screen.settle()
    assert "kept" in screen.view


@pytest.mark.parametrize(("colour", "label"), [(ROCK, "rock"), (TOP, "top tag")])
def test_the_card_tells_the_colour_and_both_axes_first(tones: str, screen: Screen, colour: str, label: str) -> None:
    points, alone, places = opened(tones, screen, colour)
    screen.page.mouse.move(*screen.in_window(places[alone[0]]))
    screen.wait("!document.querySelector('.hover-card').hidden")
    facts = screen.page.locator(".hover-card .fact-label").all_inner_texts()
    assert facts[0] == label
    assert [fact.partition(" (")[0] for fact in facts[1:]] == ["PCA 1", "PCA 2"]
    first = float(screen.page.locator(".hover-card .fact-value").all_inner_texts()[1])
    assert first == pytest.approx(points.x[alone[0]], abs=0.02)
