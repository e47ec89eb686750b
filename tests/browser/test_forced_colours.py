"""Where the system forces few and strong colours, all that colour alone would say can still be told apart."""

from collections.abc import Callable

import pytest

from tests.browser.screen import VIEW, Screen


@pytest.fixture(params=["light", "dark"])
def forced(tones: str, new_screen: Callable[..., Screen], request: pytest.FixtureRequest) -> Screen:
    screen = new_screen(forced_colors="active", color_scheme=request.param)
    screen.open(tones, **VIEW, colour="msd-musicnn/rock", track=3, segment=1)
    screen.wait("!document.querySelector('.strip').hasAttribute('data-empty')")
    assert screen.page.evaluate("matchMedia('(forced-colors: active)').matches")
    return screen


def colours(screen: Screen, selector: str, style: str = "backgroundColor") -> list[str]:
    return list(screen.page.locator(selector).evaluate_all(f"(all) => all.map((each) => getComputedStyle(each).{style})"))


def test_what_is_shown_by_colour_stays(forced: Screen) -> None:
    assert "gradient" in colours(forced, ".legend-bar", "backgroundImage")[0]
    assert colours(forced, ".legend-bar", "forcedColorAdjust") == ["none"]
    # the tags of a segment are of different lengths, and so are their bars
    assert all("gradient" in image for image in colours(forced, ".tag-bar", "backgroundImage"))
    assert set(colours(forced, ".tag-bar", "forcedColorAdjust")) == {"none"}
    assert forced.alpha_sum() > 0


def test_the_play_head_and_the_ring_are_not_of_the_pages_colour(forced: Screen) -> None:
    (page,) = colours(forced, "body")
    assert colours(forced, ".strip-head") != [page]
    assert colours(forced, ".strip-piece", "borderTopColor") != [page]
    assert colours(forced, ".ring-playing", "borderTopColor") != [page]
    assert colours(forced, ".ring-playing", "borderTopColor") != colours(forced, ".ring-hovered", "borderTopColor")


def test_what_is_on_is_told_from_what_is_off(forced: Screen) -> None:
    forced.page.locator(".tool-box").click()
    pressed, other = colours(forced, ".tool-box")[0], colours(forced, ".tool-in")[0]
    assert pressed != other
    current, view = (
        colours(forced, f".views a{which}", "borderBottomColor")[0] for which in ("[aria-current]", ":not([aria-current])")
    )
    assert current != view
    assert view == colours(forced, "body")[0]
    chosen = colours(forced, ".sound-modes label:has(:checked)")[0]
    # a ground that is forced to the page's colour differs from a transparent one in name only
    assert chosen not in [*colours(forced, "body"), *colours(forced, ".sound-modes label:not(:has(:checked))")]
    forced.page.get_by_role("button", name="Colour:").click()
    active = colours(forced, ".picker-popup:popover-open .picker-option.active")[0]
    assert active not in [*colours(forced, "body"), *colours(forced, ".picker-popup:popover-open .picker-option:not(.active)")]


def test_bars_of_a_selection_and_the_option_that_is_meant_are_seen(forced: Screen) -> None:
    forced.page.evaluate(
        "document.querySelector('.selection-tags').innerHTML = '<span class=contrast-bar><span></span><i></i></span>'"
    )
    (ground,) = colours(forced, ".contrast-bar")
    assert colours(forced, ".contrast-bar", "forcedColorAdjust") == ["none"]
    assert ground not in [*colours(forced, ".contrast-bar > span"), *colours(forced, ".contrast-bar > i")]
    forced.page.fill(".search-input", "ro")
    forced.page.get_by_role("option", name="rock").first.wait_for()
    forced.page.keyboard.press("ArrowDown")
    (meant,) = colours(forced, ".search-option[aria-selected=true]")
    assert meant not in [*colours(forced, "body"), *colours(forced, ".search-option[aria-selected=false]")]
