"""Histograms beside the map: how the collection spreads, and filters by dragging over it."""

from collections.abc import Callable

from tests.browser.screen import VIEW, Screen, read_json

ROCK = "msd-musicnn/rock"
COUNTED = "document.querySelectorAll('.histogram:not([hidden])').length"


def opened(address: str, screen: Screen, **view: str) -> None:
    screen.open(address, **VIEW, **view)
    screen.page.get_by_role("button", name="Filter by histograms").click()
    screen.wait(f"{COUNTED} >= 3")


def n_matching(address: str, text: str) -> int:
    found: int = read_json(f"{address}/api/filters/msd-musicnn?filter={text}")["n_segments"]
    return found


def test_a_drag_over_bars_filters_the_map_and_a_double_click_takes_it_back(tones: str, screen: Screen) -> None:
    opened(tones, screen, colour=ROCK)
    bars = screen.page.locator(f"[data-of='{ROCK}'] .range-slider").bounding_box()
    assert bars is not None
    y = bars["y"] + 15
    screen.page.mouse.move(bars["x"] + 0.31 * bars["width"], y)
    screen.page.mouse.down()
    screen.page.mouse.move(bars["x"] + 0.62 * bars["width"], y, steps=4)
    assert "filter" not in screen.view
    screen.page.mouse.up()
    screen.wait("document.querySelector('.search-input').value.includes('rock')")
    screen.settle()
    n = n_matching(tones, screen.view["filter"].replace("<", "%3C").replace("=", "%3D"))
    screen.wait(f"document.querySelector('.legend').textContent.includes('{n} match')")
    low = screen.page.get_by_role("slider", name="Lowest rock")
    assert int(low.get_attribute("aria-valuenow") or 0) > 0
    screen.page.mouse.dblclick(
        bars["x"] + 0.9 * bars["width"], screen.page.locator(f"[data-of='{ROCK}'] .range-slider").bounding_box()["y"] + 15
    )  # type: ignore[index]
    screen.wait("document.querySelector('.search-input').value === ''")
    screen.settle()
    assert "filter" not in screen.view


def test_keys_move_a_handle_which_keeps_the_focus_and_the_rest_of_the_filter_stays(tones: str, screen: Screen) -> None:
    opened(tones, screen, colour=ROCK, filter="pop>p10")
    low = screen.page.get_by_role("slider", name="Lowest rock")
    low.focus()
    screen.page.keyboard.press("ArrowRight")
    screen.wait("document.querySelector('.search-input').value.includes('rock')")
    screen.settle()
    assert screen.view["filter"].startswith("pop>p10 rock>=")
    screen.wait("document.activeElement?.getAttribute('aria-label') === 'Lowest rock'")
    assert low.get_attribute("aria-valuenow") == "1"


def test_words_are_asked_for_by_clicks_and_one_panel_stands_beside_the_map(tones: str, screen: Screen) -> None:
    opened(tones, screen)
    words = screen.page.locator("[data-of='artist'] .word")
    name = words.first.locator("bdi").inner_text()
    words.first.click()
    screen.wait("document.querySelector('.search-input').value.startsWith('artist:=')")
    screen.settle()
    assert name in screen.view["filter"]
    screen.wait("document.querySelector(\"[data-of='artist'] .word\").getAttribute('aria-pressed') === 'true'")
    screen.page.keyboard.press("t")
    screen.wait("document.querySelector('.histograms-panel').hidden && !document.querySelector('.table-panel').hidden")
    screen.page.keyboard.press("f")
    screen.wait("!document.querySelector('.histograms-panel').hidden && document.querySelector('.table-panel').hidden")
    screen.page.keyboard.press("s")
    screen.wait("document.querySelector('.histograms-panel').hidden && !document.querySelector('.selection-panel').hidden")


def test_tags_come_and_go_and_the_panel_is_a_sheet_on_a_telephone(tones: str, new_screen: Callable[..., Screen]) -> None:
    screen = new_screen(390, 844)
    opened(tones, screen, colour=ROCK)
    screen.page.get_by_role("button", name="Add a tag").click()
    screen.page.get_by_role("option", name="jazz", exact=True).first.click()
    screen.wait("document.querySelector(\"[data-of$='/jazz']:not([hidden])\")")
    screen.page.get_by_role("button", name="Remove rock").click()
    screen.wait("!document.querySelector(\"[data-of$='/rock']\")")
    panel, stage = (screen.page.locator(name).bounding_box() for name in (".histograms-panel", ".stage"))
    assert panel is not None
    assert stage is not None
    assert panel["width"] == 390
    assert stage["height"] >= 150
    assert panel["y"] >= stage["y"] + stage["height"] - 1
