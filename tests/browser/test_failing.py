"""What fails leaves the last good map where it is, says so once, and can be tried again."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Route

from tests.browser.screen import PATH, VIEW, Screen, around, read_points, written
from tests.browser.test_table import NOTE_WAITING, READY

LOCKED = {"error": {"code": "database_locked", "message": "The database is locked.", "hint": "Wait, then run: flask status"}}
GONE = "The server does not answer."
START = {**VIEW, "colour": "msd-musicnn/rock"}

MAPS = "**/api/points/**"
SAID = """() => [".notice", ".toast"].flatMap((name) => [...document.querySelectorAll(name)])
  .filter((each) => !each.hidden).map((each) => each.innerText).join("\\n")"""

BESIDE = """document.querySelector(".points").getBoundingClientRect().right
  <= document.querySelector(".table-panel").getBoundingClientRect().left"""

Break = Callable[[Route], None]
CLOSER = "**/api/points/**box=**"


def refuse(route: Route) -> None:
    route.fulfill(status=503, content_type="application/json", body=json.dumps(LOCKED))


def abort(route: Route) -> None:
    route.abort()


def send_rubbish(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<h1>Sign in to the hotel's network</h1>")


def cut_off(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(status=200, content_type="application/octet-stream", body=answer.body()[:-40])


CASES = [
    (refuse, "The database is locked.", "Colour", "jazz", "jazz"),
    (abort, GONE, "Colour", "jazz", "jazz"),
    (send_rubbish, "answer is broken", "Colour", "jazz", "jazz"),
    (cut_off, "answer is broken", "Colour", "jazz", "jazz"),
    (abort, GONE, "Network", "MTT VGG", "mtt-vgg"),
    (refuse, "The database is locked.", "Projection", "Original", "original"),
]


def pick(screen: Screen, picker: str, option: str) -> None:
    screen.page.get_by_role("button", name=f"{picker}:").click()
    screen.page.keyboard.type(option)
    screen.page.keyboard.press("Enter")


def told(screen: Screen) -> str:
    screen.wait("document.querySelector('.notice').hasAttribute('data-over') && !document.querySelector('.notice').hidden")
    assert screen.page.locator(".notice").get_attribute("role") == "alert"
    return screen.text(".notice")


def what_is_shown(screen: Screen) -> tuple[object, ...]:
    """What must stay: the points, where they are, and all that says what they are."""
    screen.settle()  # a longer sentence may have made the map lower for a moment
    rest = [screen.text(name) for name in (".sentence", ".legend", ".axis-x", ".axis-y")]
    label = screen.page.locator(".stage").get_attribute("aria-label")
    return (screen.alpha_sum(), screen.view, screen.page.title(), label, *rest)


def forget_refusals(screen: Screen) -> None:
    screen.problems = [text for text in screen.problems if "ERR_FAILED" not in text]


@pytest.mark.parametrize(("fail", "message", "picker", "option", "key"), CASES)
def test_a_choice_that_fails_leaves_the_map_and_goes_back(
    tones: str, screen: Screen, fail: Break, message: str, picker: str, option: str, key: str
) -> None:
    screen.open(tones, **START, box=written(around(read_points(tones, PATH), -0.2)))
    before = what_is_shown(screen)
    n_steps = screen.page.evaluate("history.length")
    screen.page.route(MAPS, fail)
    pick(screen, picker, option)
    said = told(screen)
    assert message in said
    assert option in said
    assert said.count(message) == 1
    assert screen.page.evaluate(SAID).count(message) == 1
    screen.rest()
    assert what_is_shown(screen) == before
    assert screen.page.evaluate("history.length") == n_steps
    screen.page.unroute(MAPS)
    screen.page.get_by_role("button", name="Try again").click()
    screen.wait(f"location.search.includes({key!r})")
    screen.rest()
    assert screen.page.locator(".notice").is_hidden()
    assert option in screen.text(".sentence")
    screen.page.go_back()
    screen.wait(f"!location.search.includes({key!r})")
    screen.rest()
    assert what_is_shown(screen) == before
    forget_refusals(screen)


def test_a_choice_that_fails_leaves_the_table(tones: str, screen: Screen) -> None:
    screen.open(tones, **START)
    screen.page.keyboard.press("t")
    screen.wait("document.querySelectorAll('.table-panel tbody tr').length > 0")
    # when the map has made room for it, the table waits for its rows once more
    screen.wait(BESIDE)
    screen.wait(READY)
    table = screen.text(".table-panel")
    screen.page.evaluate(NOTE_WAITING)
    screen.page.route(MAPS, abort)
    pick(screen, "Colour", "jazz")
    assert GONE in told(screen)
    screen.rest()
    assert screen.page.evaluate("window.waited") == [], "the table does not follow the failed choice"
    assert screen.text(".table-panel") == table
    forget_refusals(screen)


def test_back_to_a_map_that_fails_stays_and_history_goes_on_working(tones: str, screen: Screen) -> None:
    screen.open(tones, **START)
    pick(screen, "Layer", "activations")
    screen.wait("location.search.includes('layer=activations')")
    screen.rest()
    before = what_is_shown(screen)
    screen.page.route(MAPS, refuse)
    screen.page.go_back()
    assert "embeddings" in told(screen)
    screen.wait("location.search.includes('layer=activations')")
    assert what_is_shown(screen) == before
    screen.page.unroute(MAPS)
    screen.page.go_back()
    screen.wait("location.search.includes('layer=embeddings')")
    screen.rest()
    assert screen.page.locator(".notice").is_hidden()
    assert "embeddings" in screen.text(".sentence")
    screen.page.go_forward()
    screen.wait("location.search.includes('layer=activations')")
    screen.rest()
    assert what_is_shown(screen) == before


def test_with_the_server_gone_pointing_and_playing_say_nothing_more(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    box = around(points)
    screen.open(tones, **START, box=written(box), sound="point")
    screen.page.route("**/api/**", abort)
    pick(screen, "Colour", "jazz")
    assert GONE in told(screen)
    place = screen.places(points, box)[points.loneliest()[0]]
    with screen.page.expect_event("requestfailed", lambda request: "/api/segments/" in request.url):
        screen.page.mouse.move(*screen.in_window(place))
    screen.page.wait_for_timeout(100)  # a message that comes too much would be there by now
    assert screen.page.evaluate(SAID).count(GONE) == 1
    screen.page.get_by_role("button", name="Dismiss").click()
    assert screen.page.locator(".notice").is_hidden()
    forget_refusals(screen)


def look_closer_in_vain(screen: Screen, tones: str) -> None:
    """Zoom into a map of which only a sample is there, while finer points are refused."""
    screen.page.route(MAPS, lambda route: route.continue_(url=f"{route.request.url}&limit=40"))
    screen.open(tones, **START)
    screen.page.route(CLOSER, refuse)
    screen.page.locator(".tool-in").click()
    screen.page.locator(".tool-in").click()


def test_finer_points_that_fail_are_said_once_and_tried_again(tones: str, screen: Screen) -> None:
    look_closer_in_vain(screen, tones)
    said = told(screen)
    assert "Finer points are not loaded. The database is locked." in said
    assert screen.alpha_sum() > 0
    assert screen.page.locator(".toast").is_hidden()
    screen.page.unroute(CLOSER)
    with screen.page.expect_response(CLOSER):
        screen.page.get_by_role("button", name="Try again").click()
    screen.rest()
    assert screen.page.locator(".notice").is_hidden()


def test_finer_points_that_come_leave_another_failure_told(tones: str, screen: Screen) -> None:
    look_closer_in_vain(screen, tones)
    assert "Finer points are not loaded." in told(screen)
    screen.page.unroute(CLOSER)
    screen.page.route(MAPS, lambda route: route.fallback() if "box=" in route.request.url else route.abort())
    with screen.page.expect_response(CLOSER) as finer:
        pick(screen, "Colour", "jazz")
    finer.value.finished()
    screen.rest()
    assert "Not loaded: " in told(screen)
    forget_refusals(screen)


def test_a_changed_collection_that_cannot_be_read_leaves_the_map(tones: str, screen: Screen) -> None:
    screen.open(tones, **START)
    before = what_is_shown(screen)
    stale = {"error": {"code": "stale_revision", "message": "The collection has changed.", "hint": "Load the map again."}}
    answer = {"status": 409, "content_type": "application/json", "body": json.dumps(stale)}
    screen.page.route("**/api/segments/**", lambda route: route.fulfill(**answer), times=1)
    screen.page.route("**/api/collection", refuse)
    screen.page.keyboard.press("Enter")
    assert "The database is locked." in told(screen)
    assert screen.page.locator(".toast").is_hidden()
    assert what_is_shown(screen) == before
    screen.page.unroute("**/api/collection")
    with screen.page.expect_response(MAPS):
        screen.page.get_by_role("button", name="Try again").click()
    screen.rest()
    assert screen.page.locator(".notice").is_hidden()
    assert what_is_shown(screen) == before


def test_without_a_map_the_notice_fills_the_middle_and_another_choice_is_tried(tones: str, screen: Screen) -> None:
    screen.page.route(MAPS, abort)
    screen.page.goto(f"{tones}/")
    screen.wait(f"document.querySelector('.notice').textContent.includes({GONE!r})")
    assert not screen.page.locator(".notice").evaluate("(notice) => notice.hasAttribute('data-over')")
    assert screen.page.evaluate(SAID).count(GONE) == 1
    pick(screen, "Colour", "jazz")
    screen.wait("location.search.includes('jazz')")
    assert "jazz" in screen.text(".sentence")
    screen.page.unroute(MAPS)
    screen.page.get_by_role("button", name="Try again").click()
    screen.rest()
    assert "jazz" in screen.text(".legend")
    forget_refusals(screen)


def test_a_filter_that_fails_is_taken_back_everywhere(tones: str, screen: Screen) -> None:
    screen.open(tones, **START, filter="rock>p50")
    screen.wait("document.querySelector('.search-state').textContent.includes('match')")
    before = what_is_shown(screen)
    screen.page.route(MAPS, refuse)
    screen.page.fill(".search input", "rock>p90")
    screen.page.press(".search input", "Enter")
    told(screen)
    screen.wait("document.querySelector('.search input').value === 'rock>p50'")
    assert what_is_shown(screen) == before
    forget_refusals(screen)
