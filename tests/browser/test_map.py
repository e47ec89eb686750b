"""Points are drawn where their coordinates say, and stay so through zooming, a lost graphics context and dark screens."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from tests.browser.screen import PATH, VIEW, Box, Points, Screen, around, box_of, read_points, written

LOSE = """() => {
  window.lost = document.querySelector(".points").getContext("webgl2").getExtension("WEBGL_lose_context");
  window.lost.loseContext();
}"""
WITHOUT_WEBGL2 = """
const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind === "webgl2" ? null : get.call(this, kind, ...rest);
};
"""


def assert_drawn(screen: Screen, points: Points, box: Box) -> None:
    places = screen.places(points, box)
    assert (screen.alpha(places) > 60).all()
    frame = screen.frame()
    rng = np.random.default_rng(0)
    empty = rng.uniform((8, 8), (frame["width"] - 8, frame["height"] - 8), (400, 2))
    distances = np.hypot(*(empty[:, None] - places[None]).transpose(2, 0, 1)).min(1)
    assert (screen.alpha(empty[distances > 12]) == 0).all()


@pytest.mark.parametrize("density", [1, 2])
def test_every_point_is_drawn_where_its_coordinates_say(tones: str, new_screen: Callable[..., Screen], density: int) -> None:
    points = read_points(tones, PATH)
    box = around(points)
    screen = new_screen(device_scale_factor=density).open(tones, **VIEW, box=written(box))
    assert_drawn(screen, points, box)
    assert screen.page.evaluate("document.querySelector('.points').width") == pytest.approx(
        screen.frame()["width"] * density, abs=1
    )


def test_points_come_back_after_the_graphics_context_was_lost(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    box = around(points)
    screen.open(tones, **VIEW, box=written(box))
    screen.page.evaluate(LOSE)
    screen.wait("document.querySelector('.points').getContext('webgl2').isContextLost()")
    screen.page.evaluate("window.lost.restoreContext()")
    screen.wait("!document.querySelector('.points').getContext('webgl2').isContextLost()")
    places = screen.places(points, box)
    while not (screen.alpha(places[:1]) > 60).all():
        screen.page.wait_for_timeout(20)
    assert_drawn(screen, points, box)


def test_the_canvas_follows_the_window(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    screen.open(tones, **VIEW, box=written(around(points, 0.4)))
    before = screen.frame()["width"]
    screen.page.set_viewport_size({"width": 1000, "height": 640})
    screen.wait(f"document.querySelector('.points').getBoundingClientRect().width < {before - 200}")
    assert_drawn(screen, points, box_of(screen.settle()))


def test_a_close_look_asks_for_finer_points_and_picks_the_right_one(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    index = points.loneliest()[0]
    x0, x1, y0, y1 = points.header["extent"]
    dx, dy = (x1 - x0) / 4000, (y1 - y0) / 4000
    box = (points.x[index] - dx, points.x[index] + dx, points.y[index] - dy, points.y[index] + dy)
    with screen.page.expect_response(lambda answer: "/api/points/" in answer.url and "box=" in answer.url) as finer:
        screen.open(tones, **VIEW, box=written(box))
    assert finer.value.ok
    asked = read_points(tones, finer.value.url.split("/api/points/")[1])
    assert int(points.rows[index]) in asked.rows.tolist()
    place = screen.places(asked, box)[asked.rows.tolist().index(int(points.rows[index]))]
    screen.wait("document.querySelector('.stage')?.getAttribute('aria-busy') === 'false'")
    screen.page.mouse.move(*screen.in_window(place))
    screen.wait("!document.querySelector('.hover-card').hidden")


def test_a_sample_is_said_to_be_one_and_filled_in_when_looked_at(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    x0, x1, *_ = points.header["extent"]
    screen.page.route("**/api/points/**", lambda route: route.continue_(url=f"{route.request.url}&limit=40"))
    screen.open(tones, **VIEW)
    assert "40 of" in screen.text(".legend")
    assert "sample" in screen.text(".legend")
    # keys that come slowly are answered one by one: the last of them is close enough
    with screen.page.expect_response(
        lambda answer: float(parse_qs(urlsplit(answer.url).query)["box"][0].split(",")[0]) > x0 if "box=" in answer.url else False
    ) as finer:
        for _ in range(6):
            screen.page.keyboard.press("+")
    asked = read_points(tones, finer.value.url.split("/api/points/")[1])
    assert asked.header["box"][0] > x0
    assert asked.header["box"][1] < x1
    assert asked.header["n_inside"] < points.header["n"]


def test_without_webgl2_the_page_says_so(tones: str, screen: Screen) -> None:
    screen.page.add_init_script(WITHOUT_WEBGL2)
    screen.page.goto(tones)
    screen.wait("document.querySelector('.notice').textContent.includes('WebGL2')")


def test_the_figure_pans_zooms_and_returns_to_the_whole_map(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    frame = screen.frame()
    middle = (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    assert "box" not in screen.view
    screen.page.mouse.move(*middle)
    screen.page.mouse.wheel(0, -400)
    screen.wait("location.search.includes('box=')")
    zoomed = box_of(screen)
    before = screen.view["box"]
    screen.page.mouse.down()
    screen.page.mouse.move(middle[0] + 120, middle[1], steps=4)
    screen.page.mouse.up()
    screen.wait(f"new URLSearchParams(location.search).get('box') !== {before!r}")
    panned = box_of(screen)
    assert panned[0] < zoomed[0]
    assert panned[1] - panned[0] == pytest.approx(zoomed[1] - zoomed[0], rel=1e-3)
    screen.page.locator(".tool-whole").click()
    screen.wait("!location.search.includes('box=')")


def test_a_box_is_drawn_to_zoom_into_it(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    box = around(points)
    screen.open(tones, **VIEW, box=written(box))
    before = screen.view["box"]
    screen.page.locator(".tool-box").click()
    frame = screen.frame()
    screen.page.mouse.move(frame["x"] + frame["width"] * 0.25, frame["y"] + frame["height"] * 0.25)
    screen.page.mouse.down()
    screen.page.mouse.move(frame["x"] + frame["width"] * 0.75, frame["y"] + frame["height"] * 0.75, steps=5)
    screen.page.mouse.up()
    screen.wait(f"new URLSearchParams(location.search).get('box') !== {before!r}")
    expected = [
        box[0] * 0.75 + box[1] * 0.25,
        box[0] * 0.25 + box[1] * 0.75,
        box[2] * 0.75 + box[3] * 0.25,
        box[2] * 0.25 + box[3] * 0.75,
    ]
    assert box_of(screen) == pytest.approx(expected, abs=(box[1] - box[0]) / 100)


@pytest.mark.parametrize(
    ("size", "layer", "projection"),
    [((1280, 800), "activations", "original"), ((390, 844), "embeddings", "pca"), ((640, 400), "activations", "pca")],
)
def test_the_whole_map_shows_every_point_clear_of_legend_and_tools(
    tones: str, new_screen: Callable[..., Screen], size: tuple[int, int], layer: str, projection: str
) -> None:
    screen = new_screen(*size).open(tones, network="msd-musicnn", layer=layer, projection=projection)
    assert screen.alpha_sum() > 0
    for selector in (".legend", ".tools"):
        box = screen.page.locator(selector).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= screen.frame()["y"] + screen.frame()["height"]
        assert screen.alpha_under(selector) == 0, selector


def test_a_narrow_and_dark_window_shows_everything(tones: str, new_screen: Callable[..., Screen]) -> None:
    screen = new_screen(390, 844, color_scheme="dark").open(tones)
    assert screen.page.evaluate("document.documentElement.scrollWidth <= 390")
    assert screen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 21, 28)"
    for name in (".sentence", ".points", ".legend", ".play", ".strip", ".volume input"):
        box = screen.page.locator(name).bounding_box()
        assert box is not None
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= 390, name
        assert box["y"] + box["height"] <= 844, name
    assert screen.frame()["height"] > 300
