"""Words on the map: few when far and more when near, never over each other, always where their regions are."""

from collections.abc import Callable
from itertools import combinations

import pytest
from playwright.sync_api import Route

from tests.browser.screen import PATH, VIEW, Screen, read_json

BOXES = """() => [...document.querySelectorAll(".map-label[data-shown]")].map((label) => {
  const { left, top, right, bottom } = label.getBoundingClientRect();
  return { text: label.textContent, left, top, right, bottom };
})"""
OVER = """() => [...document.querySelectorAll(".map-label[data-shown]")].map((label) => {
  const { left, top, width, height } = label.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2) === label;
})"""
FRAMES = 30
COST_OF_PANNING_MS = """async (n) => {
  const { Labels } = await import(document.querySelector("script[src*='/shell.js']").src.replace("shell.js", "map/labels.js"));
  const update = Labels.prototype.update;
  const times = [];
  Labels.prototype.update = function (...view) {
    const began = performance.now();
    update.apply(this, view);
    times.push(performance.now() - began);
  };
  const stage = document.querySelector(".stage");
  for (let i = 0; i < n; i++) {
    stage.dispatchEvent(new KeyboardEvent("keydown", { key: i % 2 ? "ArrowLeft" : "ArrowRight", shiftKey: true, bubbles: true }));
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  Labels.prototype.update = update;
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}"""


def boxes(screen: Screen) -> list[dict[str, float]]:
    return screen.page.evaluate(BOXES)


def overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    return a["left"] < b["right"] and b["left"] < a["right"] and a["top"] < b["bottom"] and b["top"] < a["bottom"]


def shown(screen: Screen) -> Screen:
    screen.wait("document.querySelectorAll('.map-label[data-shown]').length > 0")
    return screen


def apart(route: Route) -> None:
    """A page whose modules are asked for one by one, so that others can reach them."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("/joined/js/shell.js", "/js/shell.js"))


@pytest.fixture
def labelled(screen: Screen, music: str) -> Screen:
    return shown(screen.open(music, **VIEW, colour="none", labels="on"))


def test_words_are_those_of_the_largest_regions_and_more_come_when_one_looks_closer(labelled: Screen, music: str) -> None:
    regions = read_json(f"{music}/api/regions/{PATH}")["regions"]
    names = {", ".join(word["label"] for word in region["words"]) for region in regions if region["level"] == 0}
    first = [box["text"] for box in boxes(labelled)]
    assert 3 <= len(first) <= 8
    assert set(first) <= names
    labelled.page.keyboard.press("+")
    labelled.page.keyboard.press("+")
    labelled.wait(f"document.querySelectorAll('.map-label[data-shown]').length > {len(first)}")


def test_no_word_lies_over_another_at_any_zoom_and_none_is_hidden(labelled: Screen) -> None:
    n_seen = 0
    for _ in range(9):
        seen = boxes(labelled)
        n_seen += len(seen)
        assert [(a["text"], b["text"]) for a, b in combinations(seen, 2) if overlap(a, b)] == []
        assert all(labelled.page.evaluate(OVER)), "nothing lies over a word, and no word under legend or tools"
        labelled.page.keyboard.press("+")
        labelled.settle()
    assert n_seen > 50


def test_words_move_with_the_points_and_with_nothing_else(labelled: Screen) -> None:
    labelled.page.keyboard.press("+")
    labelled.settle()
    before, width = {box["text"]: box for box in boxes(labelled)}, labelled.frame()["width"]
    labelled.page.keyboard.press("Shift+ArrowRight")
    labelled.settle()
    after = {box["text"]: box for box in boxes(labelled)}
    both = before.keys() & after.keys()
    assert len(both) > 3
    for text in both:
        assert after[text]["left"] == pytest.approx(before[text]["left"] - 0.15 * width, abs=0.6)
        assert after[text]["top"] == pytest.approx(before[text]["top"], abs=0.6)


def test_a_word_tells_why_and_colours_the_map(labelled: Screen) -> None:
    page = labelled.page
    label = page.locator(".map-label[data-shown]").first
    word = label.inner_text().split(", ")[0]
    label.click()
    card = page.get_by_role("dialog", name=label.inner_text())
    assert card.locator("tr[data-naming] th").first.inner_text() == word
    inside, outside = (int(cell.split()[0].rstrip("\u202f%")) for cell in card.locator("tr[data-naming] td").all_inner_texts()[:2])
    assert inside > outside
    page.keyboard.press("Escape")
    assert card.is_hidden()
    assert label.evaluate("(label) => label === document.activeElement"), "the keyboard is where it was"
    label.press("Enter")
    card.get_by_role("button", name=f"Colour by {word}").click()
    labelled.rest()
    assert labelled.view["colour"] == f"msd-musicnn/{word}"
    assert card.is_hidden()


def test_a_region_is_shown_and_played(labelled: Screen) -> None:
    page = labelled.page
    page.locator(".map-label[data-shown]").first.click()
    page.locator(".why-card [data-action=play]").click()
    labelled.wait("document.querySelector('.ring-playing:not([hidden])')")
    page.locator(".map-label[data-shown]").first.click()
    page.locator(".why-card [data-action=show]").click()
    labelled.wait("location.search.includes('box=')")


def test_one_key_takes_the_words_away_and_the_address_remembers(labelled: Screen) -> None:
    labelled.page.keyboard.press("w")
    assert boxes(labelled) == [] or labelled.page.locator(".labels").is_hidden()
    labelled.settle()
    assert labelled.view["labels"] == "off"
    assert labelled.page.locator(".tool-labels").get_attribute("aria-pressed") == "false"
    labelled.page.reload()
    labelled.rest()
    assert labelled.page.locator(".map-label").count() == 0
    labelled.page.keyboard.press("w")
    shown(labelled)
    assert "labels" not in labelled.settle().view


def test_a_wheel_and_a_drag_over_a_word_are_the_maps(labelled: Screen) -> None:
    page = labelled.page
    box = page.locator(".map-label[data-shown]").first.bounding_box()
    assert box is not None
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*at)
    page.mouse.wheel(0, -240)
    labelled.wait("location.search.includes('box=')")
    labelled.settle()
    before = labelled.view["box"]
    box = page.locator(".map-label[data-shown]").last.bounding_box()
    assert box is not None
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0] + 60, at[1] + 30, steps=6)
    page.mouse.up()
    labelled.settle()
    assert labelled.view["box"] != before
    assert page.locator(".why-card").is_hidden()


def test_a_telephone_has_few_words_and_large_ones(new_screen: Callable[..., Screen], music: str) -> None:
    phone = shown(new_screen(390, 844).open(music, **VIEW, colour="none", labels="on"))
    seen = boxes(phone)
    assert 1 <= len(seen) <= 8
    assert all(round(box["bottom"] - box["top"], 2) >= 36 for box in seen)
    assert all(phone.page.evaluate(OVER))
    phone.page.locator(".map-label[data-shown]").first.click()
    phone.page.locator(".why-card").wait_for()
    card = phone.page.locator(".why-card").bounding_box()
    assert card is not None
    assert card["x"] >= 0
    assert card["x"] + card["width"] <= 390


def test_moving_the_map_costs_the_words_less_than_a_millisecond(labelled: Screen) -> None:
    # joined, the page's modules are its own
    labelled.page.route("**/?*", apart)
    labelled.page.reload()
    shown(labelled.rest())
    for _ in range(4):
        labelled.page.keyboard.press("+")
    labelled.settle()
    assert labelled.page.evaluate(COST_OF_PANNING_MS, FRAMES) <= 1


def test_what_a_word_tells_late_is_not_told_of_another_view(labelled: Screen) -> None:
    page = labelled.page
    held: list[Route] = []
    page.route("**/api/regions/**/pca/**", lambda route: held.append(route))
    page.locator(".map-label[data-shown]").first.click()
    page.keyboard.press("+")
    labelled.settle()
    assert len(held) == 1
    # the page has given it up, or gets its answer now
    held[0].continue_()
    page.unroute("**/api/regions/**/pca/**")
    labelled.settle()
    assert page.locator(".why-card").is_hidden()


def test_a_word_that_leaves_the_view_gives_the_map_the_focus(labelled: Screen) -> None:
    label = labelled.page.locator(".map-label[data-shown]").first
    label.focus()
    for _ in range(6):
        labelled.page.keyboard.press("Shift+ArrowRight")
    labelled.settle()
    assert labelled.page.evaluate("document.querySelectorAll('.map-label[data-shown]:focus').length") == 0
    assert labelled.page.evaluate("document.activeElement.matches('.stage')")


def test_words_step_back_where_a_filter_keeps_nothing(labelled: Screen, music: str) -> None:
    named = [region for region in read_json(f"{music}/api/regions/{PATH}")["regions"] if region["words"] or region["track"]]
    n_matching = read_json(f"{music}/api/regions/{PATH.replace('?', '/matching?')}&filter=rock%3Ep90")["n_matching"]
    n_empty = sum(n_matching[region["id"]] == 0 for region in named)
    assert 0 < n_empty < len(named)
    labelled.page.fill(".search-input", "rock>p90")
    labelled.page.keyboard.press("Enter")
    labelled.wait(f"document.querySelectorAll('.map-label[data-faded]').length === {n_empty}")
    labelled.page.click(".search-clear")
    labelled.wait("document.querySelectorAll('.map-label[data-faded]').length === 0")
