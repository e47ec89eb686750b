"""The table of what is in view: beside the map, exact, sorted by its headers, read on while one scrolls."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import HOSTILE
from tests.browser.screen import PATH, VIEW, Screen, around, read_json, read_points, written

PAGE = "**/segments?**"
READY = "document.querySelector('.table-panel').getAttribute('aria-busy') === 'false'"
ROWS = "[...document.querySelectorAll('.table-panel tbody tr')].map((row) => Number(row.dataset.row))"
FOCUSED = "document.activeElement.className"
SCROLL_TO_THE_END = """(host, n) => new Promise((done) => {
  const on = () => {
    host.scrollTop = host.scrollHeight;
    if (host.querySelectorAll("tbody tr").length < n) setTimeout(on, 20);
    else done();
  };
  on();
})"""
NOTE_WAITING = """() => {
  const panel = document.querySelector(".table-panel");
  window.waited = [];
  const note = () => {
    const now = panel.getAttribute("aria-busy");
    if (window.waited.at(-1) !== now) window.waited.push(now);
  };
  new MutationObserver(note).observe(panel, { attributeFilter: ["aria-busy"] });
}"""
PAN_OFTEN = """() => {
  for (let i = 0; i < 8; i++)
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", shiftKey: true, bubbles: true, cancelable: true }));
}"""
PAN_AND_SCROLL = """() => {
  window.asked = [];
  const { fetch } = window;
  window.fetch = (path, options) => {
    window.asked.push(String(path));
    return fetch(path, options);
  };
  window.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", shiftKey: true, bubbles: true }));
  const scroll = document.querySelector(".table-scroll");
  scroll.scrollTop = scroll.scrollHeight;
  scroll.dispatchEvent(new Event("scroll"));
  return window.asked;
}"""
SORT_AND_PAN = """() => {
  let signal = null;
  const { fetch } = window;
  window.fetch = (path, options) => {
    signal = options.signal;
    return fetch(path, options);
  };
  document.querySelector(".table-panel th[data-sort=title] button").click();
  const before = signal.aborted;
  window.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", shiftKey: true, bubbles: true }));
  return [before, signal.aborted];
}"""
LOCKED = {"error": {"code": "database_locked", "message": "The database is locked.", "hint": "Wait, then try again."}}


def open_table(screen: Screen) -> Screen:
    screen.page.locator(".tool-table").click()
    screen.wait("document.querySelectorAll('.table-panel tbody tr').length > 0")
    return ready(screen)


def ready(screen: Screen) -> Screen:
    screen.wait(READY)
    return screen


def rows(screen: Screen) -> list[int]:
    return screen.page.evaluate(ROWS)


def head(screen: Screen, name: str) -> Any:
    return screen.page.locator(f".table-panel th[data-sort={name}]")


def listed(address: str, **query: object) -> dict[str, Any]:
    asked = "&".join(f"{name}={value}" for name, value in {"revision": revision(address), **query}.items())
    return read_json(f"{address}/api/points/msd-musicnn/embeddings/pca/segments?{asked}")


def revision(address: str) -> int:
    return read_points(address, PATH).header["revision"]


def seen(screen: Screen) -> str:
    """The box that the figure shows, as the page asked for it last."""
    with screen.page.expect_request(PAGE) as asked:
        screen.page.keyboard.press("Shift+ArrowLeft")
    ready(screen)
    return parse_qs(urlsplit(asked.value.url).query)["box"][0]


def test_the_table_lies_beside_the_map_and_counts_what_is_seen(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    open_table(screen.open(tones, **VIEW, box=written(around(points, -0.05))))
    area, panel, player = (screen.page.locator(name).bounding_box() for name in (".map-area", ".table-panel", ".player"))
    assert area["y"] + area["height"] == panel["y"] + panel["height"] == player["y"], "its rows make the page no higher"
    assert player["y"] + player["height"] == 800
    assert area["x"] + area["width"] <= panel["x"]
    assert screen.frame()["x"] + screen.frame()["width"] <= panel["x"]
    box = seen(screen)
    x0, x1, y0, y1 = map(float, box.split(","))
    inside = (points.x >= x0) & (points.x <= x1) & (points.y >= y0) & (points.y <= y1)
    found = listed(tones, box=box)
    assert inside.sum() == pytest.approx(found["n_inside"], abs=1), "points are told in 65 536 steps"
    assert 0 < found["n_inside"] < len(points.rows)
    tracks = "1 track" if found["n_tracks"] == 1 else f"{found['n_tracks']} tracks"
    assert screen.text(".table-panel h2") == f"{found['n_inside']} segments of {tracks} in view"
    assert set(rows(screen)) == {segment["row"] for segment in found["segments"]}


def test_headers_sort_the_table_and_the_playing_row_stays_marked(tones: str, screen: Screen) -> None:
    open_table(screen.open(tones, **VIEW, colour="msd-musicnn/jazz", sound="segment"))
    colour = "msd-musicnn/jazz"
    assert head(screen, "value").inner_text().split() == ["jazz"]
    assert head(screen, "value").get_attribute("aria-sort") == "descending"
    assert rows(screen) == [segment["row"] for segment in listed(tones, colour=colour)["segments"]]
    line = screen.page.locator(".table-panel tbody tr:has(button:not([disabled]))").nth(3)
    row = int(line.get_attribute("data-row"))
    line.locator("td").nth(1).click()
    screen.wait("document.querySelector('.player').dataset.state === 'playing'")
    assert screen.text(".track-title") == line.get_by_role("button").inner_text()
    for name, descending in (("title", 0), ("title", 1), ("artist", 0), ("start", 0), ("value", 1), ("value", 0)):
        with screen.page.expect_response(PAGE):
            head(screen, name).get_by_role("button").click()
        ready(screen)
        order = "descending" if descending else "ascending"
        screen.wait(f"document.querySelector('.table-panel th[data-sort={name}]').getAttribute('aria-sort') === '{order}'")
        expected = listed(tones, colour=colour, sort=name, descending=descending)["segments"]
        assert rows(screen) == [segment["row"] for segment in expected]
        assert screen.page.locator(".table-panel [aria-sort=ascending], .table-panel [aria-sort=descending]").count() == 1
        assert screen.page.locator(".table-panel tr[data-playing]").get_attribute("data-row") == str(row)


def small_pages(screen: Screen, size: int = 20) -> None:
    screen.page.route(PAGE, lambda route: route.continue_(url=route.request.url.replace("limit=100", f"limit={size}")))


def test_more_rows_come_while_one_scrolls_until_all_are_there(tones: str, screen: Screen) -> None:
    small_pages(screen)
    open_table(screen.open(tones, **VIEW))
    n = read_points(tones, PATH).header["n_total"]
    assert len(rows(screen)) < n
    screen.page.locator(".table-scroll").evaluate(SCROLL_TO_THE_END, n)
    assert len(set(rows(screen))) == len(rows(screen)) == n


def test_a_collection_that_grows_while_one_scrolls_is_listed_anew(tones: str, screen: Screen) -> None:
    changed = []

    def grown(route: Route) -> None:
        answer = route.fetch(url=route.request.url.replace("limit=100", "limit=40"))
        body = answer.json()
        body["edition"] += "b" if changed else "a"
        if "offset=0" not in route.request.url:
            changed.append(route.request.url)
            body["edition"] = "another"
        route.fulfill(json=body)

    screen.page.route(PAGE, grown, times=4)
    open_table(screen.open(tones, **VIEW))
    screen.page.locator(".table-scroll").evaluate("(host) => { host.scrollTop = host.scrollHeight; }")
    screen.wait(f"{ROWS}.length > 60")
    ready(screen)
    assert len(set(rows(screen))) == len(rows(screen))
    assert changed
    screen.page.unroute_all(behavior="wait")


def test_until_the_table_follows_the_map_no_more_rows_are_read_and_late_ones_are_dropped(tones: str, screen: Screen) -> None:
    small_pages(screen)
    open_table(screen.open(tones, **VIEW).settle())
    screen.settle()
    ready(screen)
    assert screen.page.evaluate(PAN_AND_SCROLL) == []
    screen.wait("window.asked.some((path) => path.includes('/segments?'))")
    assert "offset=0" in next(path for path in screen.page.evaluate("window.asked") if "/segments?" in path)
    ready(screen)
    assert screen.page.evaluate(SORT_AND_PAN) == [False, True]
    ready(screen)


def test_a_row_of_the_map_before_plays_nothing(tones: str, screen: Screen) -> None:
    open_table(screen.open(tones, **VIEW))
    held: list[Route] = []
    screen.page.route(PAGE, lambda route: held.append(route))
    screen.page.get_by_role("button", name="Network:").click()
    screen.page.keyboard.type("MTT VGG")
    screen.page.keyboard.press("Enter")
    screen.wait("location.search.includes('mtt-vgg')")
    screen.rest()
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url) if "/api/segments/" in request.url else None)
    playable = screen.page.locator(".table-panel tbody tr:has(button:not([disabled]))").first
    playable.click()
    screen.page.locator(".table-panel h2").hover()
    assert asked == []
    assert screen.page.evaluate("document.querySelector('.player').hasAttribute('data-idle')")
    screen.page.unroute(PAGE)
    seen(screen)
    playable.click()
    screen.wait("document.querySelector('.player').dataset.state === 'playing'")


def test_a_collection_that_is_empty_now_empties_the_table(tones: str, empty: str, screen: Screen) -> None:
    open_table(screen.open(tones, **VIEW))
    stale = {"error": {"code": "stale_revision", "message": "The collection has changed.", "hint": "Load the points again."}}
    screen.page.route(PAGE, lambda route: route.fulfill(status=409, content_type="application/json", body=json.dumps(stale)))
    nothing = read_json(f"{empty}/api/collection")
    screen.page.route("**/api/collection", lambda route: route.fulfill(json=nothing))
    head(screen, "title").get_by_role("button").click()
    screen.wait("document.querySelector('.notice').innerText.includes('flask')")
    screen.wait(f"{ROWS}.length === 0")
    ready(screen)
    assert screen.text(".table-panel h2") == "Segments in view"


@pytest.mark.parametrize("choice", ["row", "Enter"])
def test_with_sound_off_a_choice_is_shown_and_not_heard(tones: str, screen: Screen, choice: str) -> None:
    open_table(screen.open(tones, **VIEW, sound="off"))
    if choice == "row":
        screen.page.locator(".table-panel tbody tr:has(button:not([disabled])) td").first.click()
    else:
        screen.page.locator(".stage").focus()
        screen.page.keyboard.press(choice)
    screen.wait("location.search.includes('track=')")
    assert screen.page.evaluate("document.querySelector('.player').dataset.state") not in ("playing", "loading")


def test_an_open_table_leaves_no_key_behind(tones: str, screen: Screen) -> None:
    open_table(screen.open(tones, **VIEW))
    screen.page.keyboard.press("?")
    assert "close the table" in screen.text(".help")
    screen.page.keyboard.press("Escape")
    screen.page.get_by_role("link", name="Collection").click()
    screen.wait("document.querySelector('main').dataset.page === 'collection'")
    screen.page.keyboard.press("?")
    assert "close the table" not in screen.text(".help")


def test_escape_closes_the_table_and_gives_the_focus_back(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    button = screen.page.locator(".tool-table")
    button.focus()
    screen.page.keyboard.press("Enter")
    screen.wait("document.querySelectorAll('.table-panel tbody tr').length > 0")
    assert "table-panel" in screen.page.evaluate(FOCUSED)
    screen.page.keyboard.press("Tab")
    screen.page.keyboard.press("Escape")
    assert screen.page.locator(".table-panel").is_hidden()
    assert "tool-table" in screen.page.evaluate(FOCUSED)
    assert button.get_attribute("aria-pressed") == "false"
    for expected in (True, False):
        screen.page.keyboard.press("t")
        assert screen.page.locator(".table-panel").is_visible() == expected


def test_rows_are_walked_and_played_by_keys(tones: str, screen: Screen) -> None:
    open_table(screen.open(tones, **VIEW))
    screen.page.locator(".table-panel tbody button:not([disabled])").first.focus()
    screen.page.keyboard.press("ArrowDown")
    row = screen.page.evaluate("Number(document.activeElement.closest('tr').dataset.row)")
    assert row == [r for r in rows(screen) if screen.page.locator(f"tr[data-row='{r}'] button").is_enabled()][1]
    screen.page.keyboard.press("Enter")
    screen.wait(f"document.querySelector('tr[data-playing]')?.dataset.row === '{row}'")


def test_the_row_under_the_pointer_is_ringed_on_the_map(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    open_table(screen.open(tones, **VIEW, box=written(around(points))))
    line = screen.page.locator(".table-panel tbody tr").nth(2)
    line.hover()
    ring = screen.page.locator(".ring-hovered").bounding_box()
    index = points.rows.tolist().index(int(line.get_attribute("data-row")))
    box = tuple(map(float, screen.view["box"].split(",")))
    x, y = screen.in_window(screen.places(points, box)[index])
    assert (ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2) == pytest.approx((x, y), abs=1.5)
    screen.page.locator(".table-panel h2").hover()
    assert screen.page.locator(".ring-hovered").is_hidden()


def test_a_failure_is_told_in_the_table_and_its_rows_stay(tones: str, screen: Screen) -> None:
    open_table(screen.open(tones, **VIEW))
    before = rows(screen)
    screen.page.route(PAGE, lambda route: route.fulfill(status=503, content_type="application/json", body=json.dumps(LOCKED)))
    head(screen, "title").get_by_role("button").click()
    screen.wait("!document.querySelector('.table-problem').hidden")
    assert "The database is locked. Wait, then try again." in screen.text(".table-problem")
    assert rows(screen) == before
    assert head(screen, "title").get_attribute("aria-sort") == "none", "the rows are still in the order of before"
    assert screen.page.locator(".toast").is_hidden()
    assert screen.page.locator(".notice").is_hidden()
    screen.page.unroute(PAGE)
    screen.page.locator(".table-problem button").click()
    screen.wait("document.querySelector('.table-panel th[data-sort=title]').getAttribute('aria-sort') === 'ascending'")
    assert screen.page.locator(".table-problem").is_hidden()


def test_while_the_map_moves_the_table_waits_and_shows_it(tones: str, screen: Screen) -> None:
    open_table(screen.open(tones, **VIEW))
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url) if "/segments?" in request.url else None)
    screen.page.evaluate(NOTE_WAITING)
    with screen.page.expect_response(PAGE):
        screen.page.evaluate(PAN_OFTEN)
    ready(screen)
    assert screen.page.evaluate("window.waited") == ["true", "false"]
    assert len(asked) == 1


@pytest.mark.parametrize("size", [(390, 844), (640, 400)])
def test_in_a_small_window_table_and_map_share_the_height_or_the_table_takes_it(
    tones: str, new_screen: Callable[..., Screen], size: tuple[int, int]
) -> None:
    screen = open_table(new_screen(*size).open(tones, **VIEW))
    panel = screen.page.locator(".table-panel").bounding_box()
    area = screen.page.locator(".map-area").bounding_box()
    assert (panel["x"], panel["width"]) == (0, size[0])
    assert panel["height"] >= 140
    if size[1] > 560:
        assert area["y"] + area["height"] <= panel["y"]
        assert screen.frame()["height"] > 100
    assert screen.page.evaluate(f"document.documentElement.scrollWidth <= {size[0]}")
    screen.page.locator(".table-close").click()
    assert screen.page.locator(".table-panel").is_hidden()


def test_names_that_run_from_right_to_left_leave_the_other_columns_alone(tones: str, screen: Screen) -> None:
    screen.page.route(PAGE, turned)
    open_table(screen.open(tones, **VIEW))
    line = screen.page.locator(".table-panel tbody tr").first
    assert line.locator("td").nth(1).inner_text().startswith("0:00.0")
    left = [line.locator(part).bounding_box()["x"] for part in ("th", "td:nth-of-type(1)", "td:nth-of-type(2)")]
    assert left == sorted(left)
    assert line.locator("th bdi, td bdi").count() == 3, "title, artist and the word that colours the map"


def turned(route: Route) -> None:
    body = route.fetch().json()
    body["segments"] = [body["segments"][0]]
    body["segments"][0]["track"] |= {"title": "اللحن 7 \u202e!", "artist": "\u202eأم كلثوم"}
    body["segments"][0] |= {"start_s": 0.0, "end_s": 2.992}
    route.fulfill(json=body)


def test_markup_in_a_title_stays_text_in_the_table(tones: str, screen: Screen) -> None:
    open_table(screen.open(tones, **VIEW))
    head(screen, "title").get_by_role("button").click()
    screen.wait(
        f"[...document.querySelectorAll('.table-panel tbody bdi')].some((name) => name.textContent === {json.dumps(HOSTILE)})"
    )
    assert screen.page.locator(".table-panel tbody img").count() == 0
    assert screen.page.evaluate("window.harmed") is None
