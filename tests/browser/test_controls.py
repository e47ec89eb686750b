"""Space and arrows mean the player after a click on any control, and the control itself where the keyboard has led to it."""

import pytest

from tests.browser.screen import VIEW, Screen

CONTROLS = (
    ".play",
    ".transport .next",
    ".transport .previous",
    ".tool-in",
    ".tool-whole",
    ".tool-box",
    ".volume input",
    ".sound-modes label:has(input[value=off])",
    ".sound-modes label:has(input[value=segment])",
    ".mute",
    ".strip",
)
PLAYING = (".play", ".transport .next", ".transport .previous", ".strip")
"""Those of them that begin to play."""
STATE = "document.querySelector('.player').dataset.state"
INDEX = "document.querySelector('.strip').getAttribute('aria-valuenow')"


@pytest.fixture
def listening(tones: str, screen: Screen) -> Screen:
    """A track in the player, at its second segment."""
    screen.open(tones, **VIEW, sound="segment", track=3, segment=1)
    screen.wait("!document.querySelector('.strip').hasAttribute('data-empty')")
    return screen


def assert_keys_mean_the_player(screen: Screen) -> None:
    """Space changes whether it plays; the arrows lead to the next segment and back."""
    was_busy = screen.page.evaluate(f"['playing', 'loading'].includes({STATE})")
    screen.page.keyboard.press(" ")
    screen.wait(f"['playing', 'loading'].includes({STATE}) === {str(not was_busy).lower()}")
    index = int(screen.page.evaluate(INDEX))
    screen.page.keyboard.press("ArrowRight")
    screen.wait(f"{INDEX} === '{index + 1}'")
    screen.page.keyboard.press("ArrowLeft")
    screen.wait(f"{INDEX} === '{index}'")


@pytest.mark.parametrize("control", CONTROLS)
def test_after_a_click_space_and_arrows_mean_the_player(listening: Screen, control: str) -> None:
    listening.page.locator(control).click(position={"x": 8, "y": 8} if control == ".strip" else None)
    if control in PLAYING:
        listening.wait(f"['playing', 'loading'].includes({STATE})")
    settings = "[...document.querySelectorAll('.player input')].map((input) => [input.value, input.checked]).join()"
    chosen = listening.page.evaluate(settings)
    assert_keys_mean_the_player(listening)
    assert listening.page.evaluate(settings) == chosen


def test_after_a_drag_of_the_volume_space_and_arrows_mean_the_player(listening: Screen) -> None:
    slider = listening.page.locator(".volume input").bounding_box()
    assert slider is not None
    y = slider["y"] + slider["height"] / 2
    listening.page.mouse.move(slider["x"] + slider["width"] - 10, y)
    listening.page.mouse.down()
    # the drag ends elsewhere
    listening.page.mouse.move(slider["x"] + 20, y - 120, steps=3)
    listening.page.mouse.up()
    volume = float(listening.page.locator(".volume input").input_value())
    assert volume < 0.5
    assert_keys_mean_the_player(listening)
    assert float(listening.page.locator(".volume input").input_value()) == volume


def test_after_an_option_is_clicked_space_and_arrows_mean_the_player(listening: Screen) -> None:
    listening.page.get_by_role("button", name="Layer:").click()
    listening.page.get_by_role("option", name="activations").click()
    listening.wait("location.search.includes('layer=activations')")
    listening.rest()
    assert_keys_mean_the_player(listening)
    assert listening.page.locator(".picker-popup:popover-open").count() == 0


def test_after_a_link_space_and_arrows_mean_the_player(listening: Screen) -> None:
    listening.page.get_by_role("link", name="Collection").click()
    listening.wait("document.querySelector('main').dataset.page === 'collection'")
    assert_keys_mean_the_player(listening)


def test_where_the_keyboard_has_led_a_control_keeps_its_keys(listening: Screen) -> None:
    box = listening.page.locator(".tool-box")
    listening.page.locator(".tool-out").focus()
    listening.page.keyboard.press("Tab")
    assert box.evaluate("(button) => button === document.activeElement")
    listening.page.keyboard.press(" ")
    assert box.get_attribute("aria-pressed") == "true"
    listening.page.keyboard.press("Enter")
    assert box.get_attribute("aria-pressed") == "false"
    assert listening.page.evaluate(STATE) != "playing"
    index = listening.page.evaluate(INDEX)
    slider = listening.page.locator(".volume input")
    slider.focus()
    before = float(slider.input_value())
    listening.page.keyboard.press("ArrowLeft")
    assert float(slider.input_value()) < before
    listening.page.locator("input[value=point]").focus()
    listening.page.keyboard.press("ArrowRight")
    assert listening.page.locator("input[value=off]").is_checked()
    assert listening.page.evaluate(INDEX) == index


def test_a_pointer_that_goes_down_elsewhere_leaves_the_control_that_the_keyboard_has_led_to(listening: Screen) -> None:
    button = listening.page.locator(".tool-box")
    button.focus()
    # as a finger does that drags: it moves no focus
    listening.page.locator(".sentence").evaluate(
        "(text) => ['down', 'up'].forEach((name) => text.dispatchEvent(new PointerEvent(`pointer${name}`, { bubbles: true })))"
    )
    assert button.evaluate("(button) => button === document.activeElement")


def test_a_click_leaves_the_way_of_the_tab_key_where_it_was(listening: Screen) -> None:
    listening.page.locator(".tool-in").click()
    listening.page.keyboard.press("Tab")
    assert listening.page.locator(".tool-out").evaluate("(button) => button === document.activeElement")
