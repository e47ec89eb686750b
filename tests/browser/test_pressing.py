"""While a button is down nothing is pointed at, and what is pointed at is asked for once."""

from collections import Counter

from tests.browser.screen import Screen
from tests.browser.test_listening import audible, open_map

HIDDEN_WHILE_PRESSED = "document.querySelector('.hover-card').hidden && document.querySelector('.ring-hovered').hidden"
LONG_ENOUGH_MS = 200


def test_a_box_drawn_over_points_starts_no_sound(tones: str, screen: Screen) -> None:
    points, places = open_map(screen, tones, sound="point")
    index = audible(tones, points, lambda i: screen.is_over_the_map(places[i]))
    x, y = screen.in_window(places[index])
    screen.record_sound()
    screen.page.locator(".tool-box").click()
    screen.page.mouse.move(x - 20, y - 20)
    screen.page.mouse.down()
    screen.page.mouse.move(x, y, steps=4)
    screen.page.wait_for_timeout(LONG_ENOUGH_MS)  # to be taken for pointing
    assert screen.page.evaluate(HIDDEN_WHILE_PRESSED)
    screen.page.mouse.move(x + 30, y + 30, steps=2)
    screen.page.mouse.up()
    screen.settle()
    assert screen.heard() == []
    assert screen.page.locator(".player").get_attribute("data-idle") is not None


def test_a_drag_that_begins_on_a_point_hides_what_was_shown_of_it(tones: str, screen: Screen) -> None:
    points, places = open_map(screen, tones)
    index = audible(tones, points, lambda i: screen.is_over_the_map(places[i]))
    x, y = screen.in_window(places[index])
    screen.page.mouse.move(x, y)
    screen.wait("!document.querySelector('.hover-card').hidden")
    screen.page.mouse.down()
    assert screen.page.locator(".hover-card").is_hidden()
    for step in range(1, 5):
        screen.page.mouse.move(x + 12 * step, y)
        screen.page.wait_for_timeout(60)  # to be taken for pointing
        assert screen.page.evaluate(HIDDEN_WHILE_PRESSED)
    screen.page.mouse.up()
    screen.page.mouse.move(x + 49, y)
    screen.wait("!document.querySelector('.hover-card').hidden")


def test_a_segment_that_is_pointed_at_and_played_is_asked_for_once(tones: str, screen: Screen) -> None:
    points, places = open_map(screen, tones, sound="point")
    asked: Counter[str] = Counter()
    screen.page.on("request", lambda request: asked.update([request.url.split("?")[0].split("/api/")[-1]]))
    lonely = [i for i in points.loneliest() if screen.is_over_the_map(places[i])][:4]
    for index in lonely:
        screen.page.mouse.move(*screen.in_window(places[index]))
        screen.wait("!document.querySelector('.hover-card').hidden")
    screen.settle()
    rows = {path: n for path, n in asked.items() if path.startswith("segments/")}
    assert rows == {f"segments/msd-musicnn/{int(points.rows[i])}": 1 for i in lonely}


def test_a_button_whose_release_a_menu_swallowed_does_not_end_pointing(tones: str, screen: Screen) -> None:
    points, places = open_map(screen, tones)
    screen.page.locator(".stage").evaluate(
        "(stage) => stage.dispatchEvent(new PointerEvent('pointerdown', { pointerId: 1, pointerType: 'mouse', buttons: 2 }))"
    )
    index = audible(tones, points, lambda i: screen.is_over_the_map(places[i]))
    screen.page.mouse.move(*screen.in_window(places[index]))
    screen.wait("!document.querySelector('.hover-card').hidden")
