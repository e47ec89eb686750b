"""One box searches and filters: what it says, what the map shows, and what stays when it is wrong."""

import re
from collections.abc import Callable

from playwright.sync_api import Route

from tests.browser.screen import VIEW, Screen, read_json

BOX = ".search-input"
STATE = ".search-state"
TYPE_ON = """(name) => {
  const box = document.querySelector(name);
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  box.value += " ar";
  box.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def state(screen: Screen) -> str:
    return screen.page.inner_text(STATE)


def enter(screen: Screen, text: str) -> None:
    screen.page.fill(BOX, text)
    screen.page.press(BOX, "Enter")


def n_drawn(screen: Screen) -> int:
    screen.wait("document.querySelector('.stage').getAttribute('aria-busy') === 'false'")
    return int(re.sub(r"\D", "", re.findall(r"([\d\s]+) match", screen.page.inner_text(".legend"))[-1]))


def test_a_filter_is_drawn_counted_kept_in_the_address_and_taken_back(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    expected = read_json(f"{tones}/api/filters/msd-musicnn?filter=rock%3Ep90")
    screen.page.keyboard.press("/")
    screen.page.keyboard.type("rock>p90")
    screen.page.keyboard.press("Enter")
    screen.wait(f"document.querySelector('{STATE}').textContent.includes('{expected['n_segments']} segments')")
    screen.wait("document.querySelector('.legend').textContent.includes('match')")
    assert n_drawn(screen) == expected["n_segments"]
    assert "filter=rock%3Ep90" in screen.page.url
    # a step of the history, and no longer what stands in the box
    screen.page.go_back()
    screen.wait(f"document.querySelector('{BOX}').value === ''")
    screen.wait("!document.querySelector('.legend').textContent.includes('match')")
    screen.page.go_forward()
    screen.wait(f"document.querySelector('{BOX}').value === 'rock>p90'")
    screen.page.click(".search-clear")
    screen.wait("!location.search.includes('filter=')")


def test_the_sentence_says_whether_something_filters_and_leads_to_the_box(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    of = screen.page.locator(".sentence-of")
    assert of.inner_text() == "all tracks"
    of.click()
    screen.wait(f"document.activeElement.matches('{BOX}')")
    enter(screen, "rock>p90")
    screen.wait("document.querySelector('.sentence-of').textContent === 'what matches'")
    assert of.get_attribute("title") == "rock>p90"


def test_what_does_not_match_stays_pale_or_goes(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, filter="rock>p90")
    screen.wait(f"document.querySelector('{STATE}').textContent.includes('match')")
    screen.page.wait_for_selector(".stage[data-ground]")
    screen.settle()
    with_rest = screen.alpha_sum()
    screen.page.get_by_role("button", name="hide the rest").click()
    screen.page.get_by_role("button", name="show the rest").wait_for()
    screen.wait("location.search.includes('rest=hidden')")
    screen.page.wait_for_selector(".stage:not([data-ground])")
    screen.settle()
    without = screen.alpha_sum()
    assert 0 < without < with_rest


def test_an_error_says_where_and_the_last_good_map_stays(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    enter(screen, "title:tone vocal>p90")
    screen.page.wait_for_selector(f"{STATE}[data-problem]")
    assert "`vocal` is no tag of MSD MusiCNN (column 12). Did you mean" in state(screen)
    marked = f"(() => {{ const box = document.querySelector('{BOX}'); return [box.selectionStart, box.selectionEnd]; }})()"
    assert screen.page.evaluate(marked) == [11, 16]
    assert "filter=" not in screen.page.url
    assert screen.alpha_sum() > 0
    enter(screen, "rock>0.999")
    screen.wait(f"document.querySelector('{STATE}').textContent.includes('rock never exceeds')")


def test_suggestions_complete_tags_and_escape_leaves(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    screen.page.keyboard.press("/")
    screen.page.keyboard.type("classic ro")
    screen.page.fill(BOX, "amb")
    screen.page.get_by_role("option", name="ambient").first.wait_for()
    assert screen.page.get_attribute(BOX, "aria-expanded") == "true"
    screen.page.keyboard.press("Escape")
    assert screen.page.get_attribute(BOX, "aria-expanded") == "false"
    screen.page.keyboard.press("ArrowDown")
    screen.page.get_by_role("option", name="ambient").first.wait_for()
    screen.page.keyboard.press("ArrowDown")
    screen.page.keyboard.press("Enter")
    screen.wait("location.search.includes('filter=ambient%3Ep90')")
    screen.page.keyboard.press("Escape")
    screen.page.keyboard.press("Escape")
    assert screen.page.evaluate(f"document.activeElement !== document.querySelector('{BOX}')")


def test_enter_on_a_track_flies_there_and_lists(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    screen.page.keyboard.press("/")
    screen.page.keyboard.type("tone 5")
    screen.page.get_by_role("option", name="Tone 5").first.wait_for()
    screen.page.keyboard.press("ArrowDown")
    screen.page.keyboard.press("Enter")
    screen.page.wait_for_selector(".table-panel tbody tr")
    screen.wait("location.search.includes('box=')")
    screen.wait("[...document.querySelectorAll('.table-panel tbody tr')].some((row) => row.textContent.includes('Tone 5'))")


def test_the_box_fits_a_phone(tones: str, new_screen: Callable[..., Screen]) -> None:
    screen = new_screen(390, 844).open(tones, **VIEW, filter="rock>p90")
    screen.wait(f"document.querySelector('{STATE}').textContent.includes('match')")
    box = screen.page.locator(BOX).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert not screen.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_cross_empties_the_box_also_where_no_filter_is_applied(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    enter(screen, "vocal>p90")
    screen.page.wait_for_selector(f"{STATE}[data-problem]")
    screen.page.click(".search-clear")
    assert screen.page.input_value(BOX) == ""
    assert state(screen) == ""
    assert screen.page.evaluate(f"document.activeElement === document.querySelector('{BOX}')")


def test_a_suggestion_for_another_text_is_not_written(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    screen.page.keyboard.press("/")
    screen.page.keyboard.type("ro")
    screen.page.get_by_role("option", name="rock").first.wait_for()
    screen.page.keyboard.press("ArrowDown")
    screen.page.route("**/completion**", lambda route: None)
    screen.page.keyboard.type("c")
    screen.page.keyboard.press("Tab")
    assert screen.page.input_value(BOX) == "roc"


def test_what_is_typed_while_a_filter_is_checked_or_before_the_rest_is_hidden_stays(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    asked: list[str] = []
    screen.page.on(
        "request", lambda request: asked.append(request.url) if "/api/filters/msd-musicnn?filter=" in request.url else None
    )
    screen.page.focus(BOX)
    screen.page.keyboard.type("rock>p90")
    screen.page.evaluate(TYPE_ON, BOX)
    screen.wait("location.search.includes('filter=rock%3Ep90')")
    assert screen.page.input_value(BOX) == "rock>p90 ar"
    screen.page.get_by_role("option").first.wait_for()
    screen.page.keyboard.press("Escape")
    screen.page.get_by_role("button", name="hide the rest").click()
    screen.wait("location.search.includes('rest=hidden')")
    assert screen.page.input_value(BOX) == "rock>p90 ar"
    assert len(asked) == 1, "a filter is checked once"


def test_a_track_that_is_found_late_moves_no_other_map(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    held: list[Route] = []
    screen.page.route("**/tracks/**", lambda route: held.append(route))
    screen.page.keyboard.press("/")
    screen.page.keyboard.type("tone 5")
    screen.page.get_by_role("option", name="Tone 5").first.wait_for()
    screen.page.keyboard.press("ArrowDown")
    screen.page.keyboard.press("Enter")
    screen.page.get_by_role("button", name="Projection:").click()
    screen.page.keyboard.type("Original")
    screen.page.keyboard.press("Enter")
    screen.wait("location.search.includes('projection=original')")
    screen.settle()
    assert len(held) == 1
    with screen.page.expect_response("**/tracks/**") as answer:
        held[0].continue_()
    answer.value.finished()
    screen.settle()
    assert "box" not in screen.view
    assert screen.page.locator(".table-panel").is_hidden()
