"""Pickers: what Enter would take is in sight, whatever was typed, pressed, scrolled or resized."""

from collections.abc import Callable

import pytest

from tests.browser.screen import VIEW, Screen

ACTIVE_IS_SEEN = """() => {
  const search = document.querySelector(".picker-popup:popover-open .picker-search");
  const active = document.getElementById(search.getAttribute("aria-activedescendant"));
  const marked = document.querySelectorAll(".picker-popup:popover-open .picker-option.active");
  if (marked.length !== 1 || marked[0] !== active) return "the active option is not the marked one";
  const { left, right, top, bottom } = active.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) return "the active option is outside the window";
  const middle = (left + right) / 2;
  const shown = [top + 2, bottom - 2].every((y) => document.elementFromPoint(middle, y)?.closest(".picker-option") === active);
  return shown ? "" : `${active.textContent} is covered`;
}"""


def open_colours(screen: Screen) -> None:
    screen.page.get_by_role("button", name="Colour:").click()
    screen.page.get_by_role("combobox", name="Colour").wait_for()


def assert_active_is_seen(screen: Screen) -> None:
    assert screen.page.evaluate(ACTIVE_IS_SEEN) == ""


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (640, 360), (320, 256)])
def test_the_active_option_is_in_sight_whatever_is_typed_and_pressed(
    tones: str, new_screen: Callable[..., Screen], size: tuple[int, int]
) -> None:
    screen = new_screen(*size).open(tones, **VIEW, colour="mtt-vgg/techno")
    open_colours(screen)
    assert_active_is_seen(screen)
    # each letter is found in many options, and the one that begins with it need not be among the first
    for text in ("w", "a", "o", "e", "v", "vo", "no v"):
        screen.page.keyboard.press("Control+a")
        screen.page.keyboard.type(text)
        assert_active_is_seen(screen)
    screen.page.keyboard.press("Control+a")
    screen.page.keyboard.press("Delete")
    for key in ("End", "Home", "PageDown", "PageDown", "PageUp", "ArrowUp", "End", "ArrowDown", "PageUp"):
        screen.page.keyboard.press(key)
        assert_active_is_seen(screen)


def test_enter_takes_the_option_that_is_marked_after_typing(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, colour="msd-musicnn/rock")
    open_colours(screen)
    screen.page.keyboard.type("v")
    marked = screen.page.locator(".picker-option.active")
    label = marked.inner_text()
    group = marked.evaluate("(option) => option.parentElement.querySelector('.picker-group').textContent")
    screen.page.keyboard.press("Enter")
    screen.wait("!location.search.includes('rock')")
    assert screen.text(".sentence .keep").startswith(label)
    assert group in ("MSD MusiCNN", *screen.text(".sentence .keep").rstrip(".").split(" of "))


def test_the_active_option_stays_in_sight_when_the_window_shrinks(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    open_colours(screen)
    for _ in range(3):
        screen.page.keyboard.press("PageDown")
    for height in (500, 330, 260):
        screen.page.set_viewport_size({"width": 1280, "height": height})
        screen.wait(f"innerHeight === {height}")
        screen.wait(f"({ACTIVE_IS_SEEN})() === ''")


def test_scrolling_the_list_makes_an_option_in_sight_the_active_one(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    open_colours(screen)
    screen.page.keyboard.press("Home")
    first = screen.text(".picker-option.active")
    screen.page.locator(".picker-popup:popover-open .picker-list").hover()
    screen.page.mouse.wheel(0, 900)
    screen.wait(f"document.querySelector('.picker-option.active').textContent !== {first!r}")
    screen.wait(f"({ACTIVE_IS_SEEN})() === ''")


def test_the_name_of_a_group_comes_into_sight_with_its_first_option(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, colour="mtt-vgg/techno")
    open_colours(screen)
    screen.page.keyboard.press("End")
    while "MSD VGG" not in (active := screen.page.locator(".picker-option.active")).evaluate(
        "(option) => option.previousElementSibling?.textContent ?? ''"
    ):
        screen.page.keyboard.press("ArrowUp")
    title = active.locator("xpath=preceding-sibling::*").bounding_box()
    around = screen.page.locator(".picker-popup:popover-open .picker-list").bounding_box()
    assert title is not None
    assert around is not None
    assert title["y"] >= around["y"]
