"""Windows as a zoom of 400 % leaves them: everything is there, one way to scroll, and a map that can be looked at."""

from collections.abc import Callable

import pytest

from tests.browser.screen import PATH, VIEW, Screen, around, read_points, written
from tests.browser.test_loupe import Fingers

LOW = [(320, 256), (320, 568), (640, 360)]
SIZES_OF_TOOLS = [(375, 667), (390, 844), (1024, 600), (320, 256), (640, 360), (1280, 800)]
UNREACHED = """() => [...document.querySelectorAll(".tools .tool")].filter((tool) => {
  const area = document.querySelector(".map-area").getBoundingClientRect();
  const { left, top, right, bottom } = tool.getBoundingClientRect();
  return left < area.left || right > area.right || top < area.top || bottom > area.bottom;
}).map((tool) => tool.title)"""
LEAST_MAP_PX = 200
LEAST_STRIP_PX = 24
"""Of the page, for a finger."""

CUT_OFF = """() => getComputedStyle(document.querySelector("main")).overflowY === "auto" ? [] :
  [...document.querySelectorAll("header *, h1, h1 *, .tools *, .player *, main *")]
  .filter((each) => !each.closest(".figure, .marks, .visually-hidden, .picker-popup, .track-tags, .tools .rule, .table-panel"))
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && getComputedStyle(each).opacity !== "0")
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([, { width, height }]) => width > 0 && height > 0)
  .filter(([, { left, right, top, bottom }]) => left < -1 || right > innerWidth + 1 || top + scrollY < -1
    || bottom + scrollY > document.documentElement.scrollHeight + 1)
  .map(([each]) => each.outerHTML.slice(0, 120))"""
SCROLLS_ACROSS = "document.documentElement.scrollWidth > innerWidth || document.querySelector('main').scrollWidth > innerWidth"


def assert_nothing_is_cut_off(screen: Screen) -> None:
    assert not screen.page.evaluate(SCROLLS_ACROSS)
    assert screen.page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("size", LOW)
def test_the_map_keeps_a_height_and_the_window_scrolls(
    tones: str, new_screen: Callable[..., Screen], size: tuple[int, int]
) -> None:
    screen = new_screen(*size).open(tones, **VIEW, colour="mtt-musicnn/classical", track=3, segment=1)
    screen.wait("!document.querySelector('.strip').hasAttribute('data-empty')")
    area = screen.page.locator(".map-area").bounding_box()
    assert area is not None
    assert area["height"] >= LEAST_MAP_PX
    assert screen.alpha_sum() > 0
    assert_nothing_is_cut_off(screen)
    legend, tools = (screen.page.locator(name).bounding_box() for name in (".legend", ".tools"))
    assert legend is not None
    assert tools is not None
    assert legend["x"] + legend["width"] <= tools["x"]
    assert max(each["y"] + each["height"] for each in (legend, tools)) <= area["y"] + area["height"]
    slider = screen.page.locator(".volume input").bounding_box()
    assert slider is not None
    assert slider["width"] >= 60
    screen.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    # nothing stays over the rest: the end of the page is its end
    player = screen.page.locator(".player").bounding_box()
    header = screen.page.locator(".top").bounding_box()
    assert player is not None
    assert header is not None
    assert player["y"] + player["height"] == pytest.approx(size[1], abs=1)
    assert header["y"] == pytest.approx(-screen.page.evaluate("scrollY"), abs=1)


def test_every_tool_is_reached_at_every_size(tones: str, new_screen: Callable[..., Screen]) -> None:
    screen = new_screen().open(tones, **VIEW, colour="mtt-musicnn/classical")
    for width, height in SIZES_OF_TOOLS:
        screen.page.set_viewport_size({"width": width, "height": height})
        assert screen.page.evaluate(UNREACHED) == [], f"at {width}x{height}"
        legend, tools = (screen.page.locator(name).bounding_box() for name in (".legend", ".tools"))
        assert legend is not None
        assert tools is not None
        assert legend["x"] + legend["width"] <= tools["x"], f"at {width}x{height}"


def test_the_sentence_has_one_line_beside_the_box(tones: str, screen: Screen) -> None:
    sentence, box = (screen.open(tones, **VIEW).page.locator(name).bounding_box() for name in (".sentence", ".search-input"))
    assert sentence is not None
    assert box is not None
    assert sentence["height"] < 48
    assert box["y"] < sentence["y"] + sentence["height"]


def test_points_are_found_where_they_are_when_the_window_has_scrolled(tones: str, new_screen: Callable[..., Screen]) -> None:
    points = read_points(tones, PATH)
    box = around(points)
    screen = new_screen(320, 256).open(tones, **VIEW, box=written(box))
    screen.page.locator(".map-area").evaluate("(area) => scrollTo(0, scrollY + area.getBoundingClientRect().top)")
    assert screen.page.evaluate("scrollY") > 0
    shown = tuple(float(edge) for edge in screen.view["box"].split(","))
    places = screen.places(points, shown)
    found = next(i for i in points.loneliest() if screen.is_over_the_map(places[i]))
    with screen.page.expect_response("**/api/segments/**") as asked:
        screen.page.mouse.click(*screen.in_window(places[found]))
    assert f"/{points.rows[found]}?" in asked.value.url


@pytest.mark.parametrize("side", ["start", "center", "end"])
def test_a_finger_finds_a_way_past_a_map_that_fills_the_window(tones: str, new_screen: Callable[..., Screen], side: str) -> None:
    screen = new_screen(320, 256, has_touch=True, is_mobile=True).open(tones, **VIEW)
    screen.page.locator(".map-area").evaluate("(area, block) => area.scrollIntoView({ block, behavior: 'instant' })", side)
    area = screen.page.locator(".map-area").bounding_box()
    above, below = area["y"], 256 - area["y"] - area["height"]
    assert max(above, below) >= LEAST_STRIP_PX
    before = screen.page.evaluate("scrollY")
    y = above / 2 if above >= below else 256 - below / 2
    fingers = Fingers(screen)
    fingers.send("touchStart", (150, y))
    fingers.slide((150, y), (150, y + (60 if y < 128 else -60)))
    fingers.lift()
    screen.wait(f"Math.abs(scrollY - {before}) > 10")


@pytest.mark.parametrize("size", LOW)
def test_the_collection_is_read_to_its_end(tones: str, new_screen: Callable[..., Screen], size: tuple[int, int]) -> None:
    screen = new_screen(*size)
    screen.page.goto(f"{tones}/collection")
    screen.wait("document.querySelector('main').getAttribute('aria-busy') === 'false'")
    assert_nothing_is_cut_off(screen)
    last = screen.page.locator(".network").last
    last.scroll_into_view_if_needed()
    assert last.bounding_box() is not None
    assert not screen.page.locator("main").evaluate("(main) => main.clientHeight < 200")
    # the player stands below all of it, or below the part that scrolls
    seen = "main" if size[1] > 560 else ".collection"
    end, player = (screen.page.locator(name).bounding_box() for name in (seen, ".player"))
    assert end is not None
    assert player is not None
    assert end["y"] + end["height"] <= player["y"] + 0.5


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (1024, 700)])
@pytest.mark.parametrize("path", ["", "collection"])
def test_a_window_with_room_does_not_scroll(
    tones: str, new_screen: Callable[..., Screen], size: tuple[int, int], path: str
) -> None:
    screen = new_screen(*size)
    screen.page.goto(f"{tones}/{path}")
    screen.wait("document.querySelector('main').getAttribute('aria-busy') === 'false' || document.querySelector('.stage')")
    assert screen.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert screen.page.locator(".player").is_visible()


def test_a_message_is_seen_where_the_window_scrolls(tones: str, new_screen: Callable[..., Screen]) -> None:
    screen = new_screen(320, 256).open(tones, network="msd-musicn")
    toast = screen.page.locator(".toast").bounding_box()
    assert toast is not None
    assert toast["y"] >= 0
    assert toast["y"] + toast["height"] <= 256


@pytest.mark.parametrize("width", [861, 900, 960, 1101])
def test_the_player_ends_where_the_window_ends(tones: str, screen: Screen, width: int) -> None:
    screen.page.set_viewport_size({"width": width, "height": 640})
    screen.open(tones, **VIEW)
    box = screen.page.locator(".sound-controls").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= width
