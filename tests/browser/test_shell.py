"""One shell, many pages: links exchange the page, the player plays on, and nothing of a page stays behind."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from playwright.sync_api import CDPSession, Route

from tests.browser.screen import PATH, VIEW, Screen, around, read_points, written

N_ROUNDS = 50
N_FIRST_ROUNDS = 5
"""Caches of the browser and of BokehJS fill in the first rounds."""

MOST_GROWTH_BYTES = 30_000
"""Per round, with what the browser itself notes: its timings take half of it; one figure that stays behind takes 300 kB."""
MOST_HELD_GROWTH_BYTES = 3_000
"""Per round, of the scripts' own objects and texts."""
BROWSERS_OWN = {"native", "synthetic", "hidden"}
"""Types of a heap snapshot's nodes that no script made."""

PAGES = ("Map", "Collection")

COUNT_CONTEXTS = """
window.contexts = [];
window.workers = { made: 0, ended: 0 };
const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  const context = get.call(this, kind, ...rest);
  if (kind === "webgl2" && !window.contexts.some((known) => known.deref() === context)) window.contexts.push(new WeakRef(context));
  return context;
};
const MakeWorker = window.Worker;
window.Worker = class extends MakeWorker {
  constructor(...rest) { super(...rest); window.workers.made++; }
  terminate() { super.terminate(); window.workers.ended++; }
};
"""
LIVE_CONTEXTS = "window.contexts.filter((each) => each.deref() && !each.deref().isContextLost()).length"
HELD_CONTEXTS = "window.contexts.filter((each) => each.deref()).length"


def follow(screen: Screen, name: str) -> None:
    """Click a view of the header and wait until its page is there."""
    screen.page.get_by_role("navigation", name="Views").get_by_role("link", name=name).click()
    arrived(screen, name)


def arrived(screen: Screen, name: str) -> None:
    screen.wait(f"document.querySelector('main').dataset.page === '{name.lower()}'")
    if name == "Map":
        screen.rest()
    else:
        screen.wait("document.querySelector('main').getAttribute('aria-busy') === 'false'")


def mark_window(screen: Screen) -> None:
    """A page that was loaded anew has no mark."""
    screen.page.evaluate("window.mark = 1")


def is_same_window(screen: Screen) -> bool:
    return bool(screen.page.evaluate("window.mark === 1"))


def test_a_link_exchanges_the_page_and_the_player_plays_on(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, track=3, segment=0)
    mark_window(screen)
    screen.wait("!document.querySelector('.strip').hasAttribute('data-empty')")
    screen.page.locator(".strip").click(position={"x": 4, "y": 4})
    screen.wait("document.querySelector('.player').dataset.state === 'playing'")
    screen.record_sound()
    follow(screen, "Collection")
    assert screen.page.url == f"{tones}/collection"
    assert screen.page.title() == "Collection · Tagscape"
    assert screen.text(".views [aria-current=page]") == "Collection"
    assert screen.page.evaluate("document.activeElement === document.querySelector('main')")
    assert screen.text(".announcer") == "Collection · Tagscape"
    n_heard = len(screen.heard())
    screen.wait(f"window.heard.length > {n_heard}")
    assert screen.text(".track-title") == "Tone 3"
    screen.page.keyboard.press(" ")
    screen.wait("document.querySelector('.player').dataset.state === 'paused'")
    follow(screen, "Map")
    assert is_same_window(screen)
    assert screen.page.locator(".player").get_attribute("data-state") == "paused"
    assert screen.view["track"] == "3"
    assert screen.page.locator(".ring-playing").is_visible()


def test_a_view_is_found_again_where_it_was_left(tones: str, screen: Screen) -> None:
    box = written(around(read_points(tones, PATH), -0.2))
    screen.open(tones, **VIEW, box=box)
    screen.page.keyboard.press("+")
    # at once: what the map would have written a moment later is written when it is left
    follow(screen, "Collection")
    screen.page.locator("input[value=off]").check()
    follow(screen, "Map")
    left = screen.view
    assert left["box"] != box
    assert left["projection"] == "pca"
    assert left["sound"] == "off"
    assert screen.page.locator("input[value=off]").is_checked()


def test_back_and_forward_go_from_page_to_page_and_within_the_map(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    mark_window(screen)
    screen.page.get_by_role("button", name="Layer:").click()
    screen.page.keyboard.type("activations")
    screen.page.keyboard.press("Enter")
    screen.wait("location.search.includes('layer=activations')")
    follow(screen, "Collection")
    screen.page.go_back()
    arrived(screen, "Map")
    assert screen.view["layer"] == "activations"
    screen.page.go_back()
    screen.wait("location.search.includes('layer=embeddings')")
    screen.rest()
    assert "embeddings" in screen.text(".sentence")
    screen.page.go_forward()
    screen.wait("document.querySelector('.sentence').textContent.includes('activations')")
    screen.page.go_forward()
    arrived(screen, "Collection")
    assert is_same_window(screen)


def test_every_page_is_rendered_by_the_server_at_its_own_address(tones: str, screen: Screen) -> None:
    screen.page.goto(f"{tones}/collection")
    arrived(screen, "Collection")
    assert screen.page.title() == "Collection · Tagscape"
    assert screen.text(".views [aria-current=page]") == "Collection"
    follow(screen, "Map")
    assert screen.alpha_sum() > 0


def test_a_modified_click_and_a_link_elsewhere_stay_what_they_are(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    mark_window(screen)
    link = screen.page.get_by_role("link", name="Collection")
    with screen.page.context.expect_page() as opened:
        link.click(modifiers=["Control"])
    assert opened.value.url == f"{tones}/collection"
    opened.value.close()
    assert screen.page.url.startswith(f"{tones}/?")
    screen.page.evaluate("""() => {
      const link = Object.assign(document.createElement("a"), { href: "/api/collection", textContent: "data" });
      document.querySelector(".views").append(link);
    }""")
    screen.page.get_by_role("link", name="data").click()
    screen.page.wait_for_url(f"{tones}/api/collection")


def test_a_page_that_does_not_come_is_said_in_its_place_with_a_way_on(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, track=3, segment=0)
    mark_window(screen)
    screen.wait("!document.querySelector('.player').hasAttribute('data-idle')")
    screen.page.route(f"{tones}/collection", lambda route: route.abort())
    screen.page.get_by_role("link", name="Collection").click()
    screen.wait("document.querySelector('main .notice')?.textContent.includes('The server does not answer.')")
    assert screen.page.locator("main .notice").get_attribute("role") == "alert"
    assert screen.text(".track-title") == "Tone 3"
    screen.page.unroute(f"{tones}/collection")
    screen.page.get_by_role("button", name="Try again").click()
    arrived(screen, "Collection")
    assert is_same_window(screen)
    assert screen.page.url == f"{tones}/collection"
    screen.page.go_back()
    arrived(screen, "Map")
    screen.problems = [text for text in screen.problems if "ERR_FAILED" not in text]


def test_a_page_of_a_renewed_server_is_loaded_as_a_whole(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    mark_window(screen)

    def renew(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("/js/shell.js", "/js/./shell.js"))

    screen.page.route(f"{tones}/collection", renew)
    with screen.page.expect_event("load"):
        screen.page.get_by_role("link", name="Collection").click()
    arrived(screen, "Collection")
    assert not is_same_window(screen)


def test_waiting_for_a_page_is_shown(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    held: list[Route] = []
    screen.page.route(f"{tones}/collection", lambda route: held.append(route))
    screen.page.get_by_role("link", name="Collection").click()
    screen.page.locator(".top .progress").wait_for(state="visible")
    while not held:
        screen.page.wait_for_timeout(20)
    held[0].continue_()
    arrived(screen, "Collection")
    assert screen.page.locator(".top .progress").is_hidden()


def test_the_link_followed_last_wins(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    held: list[Route] = []
    screen.page.route(f"{tones}/collection", lambda route: held.append(route))
    screen.page.get_by_role("link", name="Collection").click()
    while not held:
        screen.page.wait_for_timeout(20)
    screen.page.get_by_role("link", name="Map").click()
    screen.wait("document.activeElement === document.querySelector('main')")
    held[0].abort()
    screen.rest()
    assert screen.page.url.startswith(f"{tones}/?")


def test_pages_mounted_and_disposed_fifty_times_leave_nothing_behind(tones: str, new_screen: Callable[..., Screen]) -> None:
    screen = new_screen(800, 600)
    screen.page.add_init_script(COUNT_CONTEXTS)
    screen.page.goto(f"{tones}/collection")
    arrived(screen, "Collection")
    devtools = screen.page.context.new_cdp_session(screen.page)
    go_round(screen, N_FIRST_ROUNDS)
    before = counts(screen, devtools)
    go_round(screen, N_ROUNDS)
    after = counts(screen, devtools)
    assert after["heap_bytes"] - before["heap_bytes"] < N_ROUNDS * MOST_GROWTH_BYTES, (before, after)
    assert after["held_bytes"] - before["held_bytes"] < N_ROUNDS * MOST_HELD_GROWTH_BYTES, (before, after)
    for kind in ("documents", "nodes", "jsEventListeners", "contexts", "held", "workers"):
        assert after[kind] <= before[kind], kind


def go_round(screen: Screen, n_rounds: int) -> None:
    for _ in range(n_rounds):
        for name in PAGES:
            follow(screen, name)
        # at once: garbage may be collected any time, and browsers allow few contexts
        assert screen.page.evaluate(LIVE_CONTEXTS) == 0


def counts(screen: Screen, devtools: CDPSession) -> dict[str, Any]:
    """What lives on the page once all garbage is collected."""
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
        screen.page.wait_for_timeout(100)  # what finalizers let go of is garbage of the next collection
    sizes = heap_bytes(devtools)
    # functions that run often are compiled anew, over many rounds
    compiled = sizes.pop("code")
    return {
        "heap_bytes": sum(sizes.values()),
        "held_bytes": sum(size for kind, size in sizes.items() if kind not in BROWSERS_OWN),
        "compiled_bytes": compiled,
        **devtools.send("Memory.getDOMCounters"),
        "contexts": screen.page.evaluate(LIVE_CONTEXTS),
        "held": screen.page.evaluate(HELD_CONTEXTS),
        "workers": screen.page.evaluate("window.workers.made - window.workers.ended"),
    }


def heap_bytes(devtools: CDPSession) -> Counter[str]:
    """Bytes on the heap by type of node, from a snapshot of it."""
    chunks: list[str] = []

    def keep(event: dict[str, str]) -> None:
        chunks.append(event["chunk"])

    devtools.on("HeapProfiler.addHeapSnapshotChunk", keep)
    devtools.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    devtools.remove_listener("HeapProfiler.addHeapSnapshotChunk", keep)
    snapshot = json.loads("".join(chunks))
    fields = snapshot["snapshot"]["meta"]["node_fields"]
    [types, *_] = snapshot["snapshot"]["meta"]["node_types"]
    nodes = np.array(snapshot["nodes"]).reshape(-1, len(fields))
    sizes = np.bincount(nodes[:, fields.index("type")], nodes[:, fields.index("self_size")], len(types))
    return Counter(dict(zip(types, sizes.astype(int).tolist(), strict=True)))
