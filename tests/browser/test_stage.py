"""The stage of the map stands by itself: two of them on a page draw, and answer to the pointer, each on its own."""

import numpy as np
import pytest

from tests.browser.screen import PATH, Points, Screen, read_points

TWO_STAGES = """async ({ bokeh, script, sizes }) => {
  const { Stage } = await import(script + "map/stage.js");
  const { points } = await import(script + "api/points.js");
  const { loadBokeh } = await import(script + "map/bokeh.js");
  await loadBokeh(bokeh);
  const view = { network: "msd-musicnn", layer: "embeddings", projection: "pca", x: 0, y: 1, colour: null };
  const columns = await points(view, null, new AbortController().signal);
  window.stages = [];
  window.told = sizes.map(() => []);
  const main = document.querySelector("main");
  main.replaceChildren();
  for (const [i, [width, height]] of sizes.entries()) {
    const host = document.createElement("div");
    Object.assign(host.style, { position: "relative", width: `${width}px`, height: `${height}px` });
    main.append(host);
    const stage = new Stage(host, { label: `Map ${i}` });
    stage.addEventListener("pointed", ({ detail }) => window.told[i].push(["pointed", detail.row]));
    stage.addEventListener("clicked", ({ detail }) => window.told[i].push(["clicked", detail.row]));
    await stage.show();
    stage.setMap(columns, false, null);
    window.stages.push(stage);
  }
}"""
FRAME = """(i) => {
  const { left, top, width, height } = window.stages[i].overlay.getBoundingClientRect();
  return { left, top, width, height, view: window.stages[i].figure.view };
}"""
ALPHA = """(i) => {
  const points = window.stages[i].element.querySelector(".points");
  const context = new OffscreenCanvas(points.width, points.height).getContext("2d");
  context.drawImage(points, 0, 0);
  return context.getImageData(0, 0, points.width, points.height).data.reduce((sum, value) => sum + value, 0);
}"""
SIZES = [[300, 160], [700, 280]]
PAINTINGS = """
window.paintings = 0;
const { clearRect } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.clearRect = function (...box) {
  if (this.canvas.getRootNode() instanceof ShadowRoot) window.paintings++;
  clearRect.apply(this, box);
};
"""
N_SEEN_LAYERS = """(i) => {
  const inside = (root) =>
    [...root.querySelectorAll("*")].flatMap((each) => [each, ...(each.shadowRoot ? inside(each.shadowRoot) : [])]);
  const layers = inside(window.stages[i].element.querySelector(".figure")).filter((each) => each instanceof HTMLCanvasElement);
  return layers.filter((each) => each.checkVisibility({ visibilityProperty: true })).length;
}"""
ARE_RESTING = "[...document.querySelectorAll('.stage')].every((each) => each.getAttribute('aria-busy') === 'false')"


def open_two(screen: Screen, address: str) -> None:
    """Put two stages where a page was that has none."""
    screen.page.goto(f"{address}/collection")
    screen.wait("document.querySelector('main').getAttribute('aria-busy') === 'false'")
    script = screen.page.locator("script[type=module]").get_attribute("src") or ""
    bokeh = screen.page.locator("body").get_attribute("data-bokeh")
    screen.page.evaluate(TWO_STAGES, {"bokeh": bokeh, "script": script.removesuffix("shell.js"), "sizes": SIZES})
    screen.wait(ARE_RESTING)


def place(screen: Screen, stage: int, points: Points, index: int) -> tuple[float, float]:
    """Where a point is in the window."""
    frame = screen.page.evaluate(FRAME, stage)
    x0, x1, y0, y1 = frame["view"]
    across = (points.x[index] - x0) / (x1 - x0) * frame["width"]
    down = (y1 - points.y[index]) / (y1 - y0) * frame["height"]
    return frame["left"] + float(across), frame["top"] + float(down)


def test_two_stages_on_a_page_draw_and_tell_the_rows_under_the_pointer(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    open_two(screen, tones)
    assert all(screen.page.evaluate(ALPHA, i) > 0 for i in range(2))
    for stage, index in enumerate(points.loneliest()[:2]):
        row = int(points.rows[index])
        screen.page.mouse.move(*place(screen, stage, points, index))
        screen.wait(f"window.told[{stage}].some(([what, row]) => what === 'pointed' && row === {row})")
        screen.page.mouse.down()
        screen.page.mouse.up()
        screen.wait(f"window.told[{stage}].some(([what, row]) => what === 'clicked' && row === {row})")
    clicked = screen.page.evaluate("window.told.map((all) => all.filter(([what]) => what === 'clicked').map(([, row]) => row))")
    assert clicked == [[int(points.rows[i])] for i in points.loneliest()[:2]]


def test_a_stage_moves_and_ends_without_the_other(tones: str, screen: Screen) -> None:
    open_two(screen, tones)
    before = [screen.page.evaluate(FRAME, i)["view"] for i in range(2)]
    screen.page.evaluate("window.stages[0].zoom(0.5)")
    zoomed = screen.page.evaluate(FRAME, 0)["view"]
    assert np.diff(zoomed)[0] < np.diff(before[0])[0]
    assert screen.page.evaluate(FRAME, 1)["view"] == before[1]
    screen.page.evaluate("window.stages[0].dispose()")
    assert screen.page.locator(".stage").count() == 1
    screen.page.evaluate("window.stages[1].mark('playing', 0)")
    assert screen.page.evaluate(ALPHA, 1) > 0
    assert screen.page.locator(".ring-playing").is_visible()


@pytest.mark.parametrize("axes", [False, True])
def test_a_figure_without_axes_is_not_painted_anew_when_the_map_moves(tones: str, screen: Screen, axes: bool) -> None:
    screen.page.add_init_script(PAINTINGS)
    open_two(screen, tones)
    screen.page.evaluate("(axes) => window.stages[1].figure.setAxes(axes)", axes)
    screen.page.evaluate("window.stages[1].zoom(0.4)")
    screen.wait(ARE_RESTING)
    for _ in range(2):
        before = screen.page.evaluate(FRAME, 1)
        x, y = before["left"] + 300, before["top"] + 100
        screen.page.mouse.move(x, y)
        screen.page.evaluate("window.paintings = 0")
        screen.page.mouse.down()
        screen.page.mouse.move(x + 60, y + 30, steps=6)
        screen.page.mouse.up()
        screen.wait(ARE_RESTING)
        assert (screen.page.evaluate("window.paintings") > 0) == axes
        assert screen.page.evaluate(N_SEEN_LAYERS, 1) == int(axes)
        # each drag goes on from where the one before has led
        width = before["view"][1] - before["view"][0]
        moved = before["view"][0] - screen.page.evaluate(FRAME, 1)["view"][0]
        assert moved == pytest.approx(60 * width / before["width"], rel=0.05)
    screen.page.evaluate("window.stages[1].toggleDrag()")
    # what the box is drawn on
    assert screen.page.evaluate(N_SEEN_LAYERS, 1) == 1 + int(axes)
