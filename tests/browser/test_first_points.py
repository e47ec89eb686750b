"""A large map is seen at once: a first sample is drawn while the others are on their way, and stays when they fail."""

import re

from playwright.sync_api import Route

from tests.browser.screen import VIEW, Screen

DRAWN = "!document.querySelector('.legend').hidden"

NOTE_ORDER = """
window.order = [];
for (const name of ["drawArrays", "drawElements"]) {
  const draw = WebGL2RenderingContext.prototype[name];
  WebGL2RenderingContext.prototype[name] = function (...given) {
    window.order.push("drawn");
    draw.apply(this, given);
  };
}
const { fetch } = window;
window.fetch = (path, ...rest) => {
  if (String(path).includes("/api/points/") && !String(path).includes("first=1")) window.order.push("others");
  return fetch(path, ...rest);
};
const frame = () => {
  window.order.push("frame");
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
"""


def shorten(screen: Screen, held: list[Route]) -> None:
    """Let the first points be few, and hold the request for all."""

    def handle(route: Route) -> None:
        url = route.request.url
        if "first=1" in url:
            route.continue_(url=f"{url}&limit=30")
        elif "box=" in url or "tracks/" in url:
            route.continue_()
        else:
            held.append(route)

    screen.page.route("**/api/points/**", handle)


def test_the_first_points_are_seen_while_the_others_are_on_their_way(tones: str, screen: Screen) -> None:
    held: list[Route] = []
    shorten(screen, held)
    screen.page.goto(f"{tones}/?" + "&".join(f"{name}={value}" for name, value in VIEW.items()))
    screen.wait(DRAWN)
    for _ in range(100):
        if held and screen.alpha_sum() > 0:
            break
        screen.page.wait_for_timeout(20)
    first = screen.alpha_sum()
    assert first > 0
    assert screen.page.locator(".stage").get_attribute("aria-busy") == "true"
    assert "30" in screen.text(".legend-count")
    held.pop().continue_()
    screen.rest()
    assert "30" not in screen.text(".legend-count").split()[0]
    assert screen.alpha_sum() > first


def test_first_points_stay_when_the_others_fail_and_these_can_be_asked_for_again(tones: str, screen: Screen) -> None:
    held: list[Route] = []
    shorten(screen, held)
    screen.page.goto(f"{tones}/?" + "&".join(f"{name}={value}" for name, value in VIEW.items()))
    for _ in range(200):
        if held:
            break
        screen.page.wait_for_timeout(20)
    held.pop().abort()
    screen.wait("document.querySelector('.notice').textContent.includes('Only the first points are loaded.')")
    screen.rest()
    assert screen.alpha_sum() > 0
    screen.page.unroute_all()
    screen.page.get_by_role("button", name="Try again").click()
    screen.wait("document.querySelector('.notice').hidden")
    screen.rest()
    assert "30" not in screen.text(".legend-count").split()[0]


def test_first_points_are_asked_for_once_while_bokehjs_is_on_its_way(tones: str, screen: Screen) -> None:
    held: list[Route] = []
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    screen.page.route("**/bokehjs/**", lambda route: held.append(route))
    with screen.page.expect_response(lambda response: "first=1" in response.url):
        screen.page.goto(f"{tones}/", wait_until="commit")
    held.pop().continue_()
    screen.rest()
    assert sum(url.endswith("/api/collection") for url in asked) == 1
    assert sum("first=1" in url for url in asked) == 1


def test_a_page_asks_for_few_scripts_and_styles(tones: str, screen: Screen) -> None:
    files: list[str] = []
    screen.page.on("request", lambda request: files.append(request.url) if re.search(r"\.(js|css)$", request.url) else None)
    screen.open(tones)
    assert sorted(url.rpartition("/")[2] for url in files) == ["bokeh.min.js", "forced-colours.css", "grid-worker.js", "shell.js"]


def test_the_others_are_asked_for_when_the_first_are_painted(tones: str, screen: Screen) -> None:
    screen.page.add_init_script(NOTE_ORDER)
    held: list[Route] = []
    shorten(screen, held)
    screen.page.goto(f"{tones}/?" + "&".join(f"{name}={value}" for name, value in VIEW.items()))
    screen.wait("window.order.includes('others')")
    order = screen.page.evaluate("window.order")
    drawn = order.index("drawn")
    assert order[drawn : order.index("others")].count("frame") >= 2
    while not held:
        screen.page.wait_for_timeout(20)
    held.pop().continue_()
    screen.rest()
