"""The page of the collection: how far it has come, what failed, what to run, and the way to every map."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import HOSTILE
from tests.browser.screen import Screen, read_json

FAILURE = {
    "track_id": 1,
    "path": HOSTILE,
    "step": "extract",
    "severity": "error",
    "code": "not_audio",
    "message": f"{HOSTILE} is not audio that can be decoded.",
    "hint": "Copy the file again from where it came.",
    "happened_at": "2026-01-02T03:04:05Z",
}
RUN = {
    "command": "extract-all",
    "started_at": "2026-01-02T03:04:05Z",
    "ended_at": None,
    "n_done": 3,
    "n_skipped": 1,
    "n_failed": 1,
    "error": None,
}


IS_IN_SIGHT = """(notice) => {
  const [own, page] = [notice, notice.closest("main")].map((each) => each.getBoundingClientRect());
  return own.top >= page.top && own.bottom <= page.bottom && own.left >= page.left && own.right <= page.right;
}"""


def open_collection(screen: Screen, address: str) -> Screen:
    screen.page.goto(f"{address}/collection")
    screen.wait("document.querySelector('main').getAttribute('aria-busy') === 'false'")
    return screen


def answer(page: Page, address: str, **changes: Any) -> list[int]:
    """Let the server say something else of its status; gives a list that grows with every question."""
    status = {**read_json(f"{address}/api/status"), **changes}
    asked: list[int] = []

    def reply(route: Route) -> None:
        asked.append(len(asked))
        route.fulfill(status=200, content_type="application/json", body=json.dumps(status))

    page.route("**/api/status", reply)
    return asked


def test_every_network_space_and_map_is_listed_and_leads_to_its_map(tones: str, screen: Screen) -> None:
    status = read_json(f"{tones}/api/status")
    open_collection(screen, tones)
    spaces = screen.page.locator(".space")
    assert spaces.count() == len(status["spaces"])
    for space, text in zip(status["spaces"], spaces.all_inner_texts(), strict=True):
        assert space["name"].split("/")[1] in text
        assert f"{space['n_tracks']} tracks" in text
    assert screen.text(".summary div:has-text('missing') dd") == "1"
    link = screen.page.locator(".network", has_text="MTT VGG").locator(".space", has_text="embeddings")
    link.get_by_role("link", name="PCA").click()
    screen.rest()
    assert {name: screen.view[name] for name in ("network", "layer", "projection")} == {
        "network": "mtt-vgg",
        "layer": "embeddings",
        "projection": "pca",
    }


def test_the_next_command_is_said_and_copied(tones: str, screen: Screen) -> None:
    command = read_json(f"{tones}/api/status")["next_command"]
    screen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_collection(screen, tones)
    assert screen.text(".next-step code >> nth=0") == command
    screen.page.get_by_role("button", name=f"Copy {command}").click()
    screen.wait(f"document.querySelector('.toast').textContent.includes('Copied: {command}')")
    assert screen.page.evaluate("navigator.clipboard.readText()") == command


def test_a_command_is_selected_where_the_clipboard_is_closed(tones: str, screen: Screen) -> None:
    screen.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined });")
    open_collection(screen, tones)
    screen.page.get_by_role("button", name="Copy flask sync").click()
    screen.wait("document.querySelector('.toast').textContent.includes('Ctrl+C')")
    assert screen.page.evaluate("getSelection().toString()") == "flask sync"


def test_with_nothing_left_to_do_the_map_is_next(tones: str, screen: Screen) -> None:
    answer(screen.page, tones, next_command=None)
    open_collection(screen, tones)
    assert "Nothing is left to do" in screen.text(".next-step")
    screen.page.get_by_role("link", name="Look at the map").click()
    screen.rest()


def test_failures_are_listed_with_their_hints_and_stay_text(tones: str, screen: Screen) -> None:
    counts = [{"step": "extract", "severity": "error", "code": "not_audio", "n_tracks": 7}]
    answer(screen.page, tones, failures=[FAILURE], failure_counts=counts)
    open_collection(screen, tones)
    assert "7 errors in extract: not_audio" in screen.text(".kinds")
    line = screen.text(".failures tbody tr")
    assert HOSTILE in line
    assert FAILURE["hint"] in line
    assert "1 of 7 are listed" in screen.text("main")
    assert screen.page.evaluate("window.harmed") is None


def test_while_a_command_is_at_work_the_page_counts_again_until_it_is_left(tones: str, screen: Screen) -> None:
    screen.page.clock.install()
    asked = answer(
        screen.page, tones, runs=[RUN, RUN, {**RUN, "error": "interrupted", "ended_at": RUN["started_at"]}], is_writing=True
    )
    open_collection(screen, tones)
    assert "at work" in screen.text(".runs tbody tr >> nth=0")
    assert "killed" in screen.text(".runs tbody tr >> nth=1")
    assert "interrupted" in screen.text(".runs tbody tr >> nth=2")
    screen.page.clock.run_for(600_000)
    screen.wait("document.querySelector('main').getAttribute('aria-busy') === 'false'")
    n_asked = len(asked)
    assert n_asked >= 2
    screen.page.get_by_role("link", name="Map").click()
    screen.wait("document.querySelector('main').dataset.page === 'map'")
    n_asked = len(asked)
    screen.page.clock.run_for(600_000)
    assert len(asked) == n_asked


def test_an_empty_collection_says_where_to_begin(empty: str, screen: Screen) -> None:
    open_collection(screen, empty)
    assert "No audio is indexed yet" in screen.text(".next-step")
    assert screen.text(".next-step code >> nth=0") == "flask index-all-audio"
    assert screen.page.locator(".summary, .network, .failures").count() == 0


def test_a_collection_that_cannot_be_counted_says_why_and_can_be_tried_again(tones: str, screen: Screen) -> None:
    failure = {"error": {"code": "database_locked", "message": "The database is locked.", "hint": "Wait, then run: flask status"}}
    body = {"status": 503, "content_type": "application/json", "body": json.dumps(failure)}
    screen.page.route("**/api/status", lambda route: route.fulfill(**body))
    open_collection(screen, tones)
    assert "The database is locked." in screen.text("main .notice")
    assert screen.text("main .notice code") == "flask status"
    screen.page.unroute("**/api/status")
    screen.page.get_by_role("button", name="Try again").click()
    screen.wait("document.querySelectorAll('.network').length > 0")
    assert screen.page.locator("main .notice").is_hidden()


LOCKED = {"error": {"code": "database_locked", "message": "The database is locked.", "hint": "Wait, then run: flask status"}}


def lock(route: Route) -> None:
    route.fulfill(status=503, content_type="application/json", body=json.dumps(LOCKED))


@pytest.mark.parametrize("asked", ["status", "collection"])
def test_numbers_that_cannot_be_counted_again_stay_and_the_failure_is_said_once(tones: str, screen: Screen, asked: str) -> None:
    open_collection(screen, tones)
    before = [screen.text(".collection"), screen.text(".read-at")]
    screen.page.route(f"**/api/{asked}", lock)
    for button in ("Count again", "Try again"):
        with screen.page.expect_response(f"**/api/{asked}"):
            screen.page.get_by_role("button", name=button).focus()
            screen.page.keyboard.press("Enter")
        screen.wait("document.querySelector('main').getAttribute('aria-busy') === 'false'")
        assert [screen.text(".collection"), screen.text(".read-at")] == before
        assert screen.text("main").count("The database is locked.") == 1
        assert "Not counted again." in screen.text("main .notice")
        assert screen.page.locator("main .notice").get_attribute("role") == "alert"
        assert screen.page.locator("main .progress").is_hidden()
    assert screen.page.evaluate("document.activeElement.textContent") == "Try again"
    # in sight wherever the page is scrolled to, and above nothing that it does not leave room for
    for place in ("0", "9999"):
        screen.page.evaluate(f"document.querySelector('main').scrollTo(0, {place})")
        assert screen.page.locator("main .notice").evaluate(IS_IN_SIGHT)
    screen.page.unroute(f"**/api/{asked}")
    screen.page.get_by_role("button", name="Try again").click()
    screen.wait("document.querySelector('main .notice').hidden")
    assert screen.text(".collection") == before[0]


def test_the_page_follows_a_command_again_when_the_server_is_back(tones: str, screen: Screen) -> None:
    screen.page.clock.install()
    answer(screen.page, tones, runs=[RUN], is_writing=True)
    open_collection(screen, tones)
    screen.page.route("**/api/collection", lock)
    screen.page.clock.fast_forward(60_000)
    screen.wait("!document.querySelector('main .notice').hidden")
    assert screen.page.locator(".runs, .network").count() > 0
    screen.page.unroute("**/api/collection")
    # twenty times what the last reading took, of which the leap was a part
    screen.page.clock.fast_forward(3_600_000)
    screen.wait("document.querySelector('main .notice').hidden")


def test_a_narrow_and_dark_window_reads_from_top_to_bottom(tones: str, new_screen: Callable[..., Screen]) -> None:
    screen = new_screen(390, 844, color_scheme="dark")
    counts = [{"step": "extract", "severity": "error", "code": "not_audio", "n_tracks": 1}]
    answer(screen.page, tones, failures=[FAILURE], failure_counts=counts, runs=[RUN])
    open_collection(screen, tones)
    assert screen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 21, 28)"
    assert screen.page.locator("main").evaluate("(main) => main.scrollWidth <= 390")
    for name in (".next-step", ".network table", ".failures", ".runs"):
        box = screen.page.locator(name).first.bounding_box()
        assert box is not None
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= 390, name
