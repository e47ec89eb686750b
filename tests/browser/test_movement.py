"""Points move to their places on another map, and are there at once where motion is unwelcome."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.browser.screen import PATH, VIEW, Screen, around, box_of, read_points, written

COUNT = """
window.moving = 0;
const { uniformMatrix2fv } = WebGL2RenderingContext.prototype;
WebGL2RenderingContext.prototype.uniformMatrix2fv = function (...rest) {
  window.moving++;
  return uniformMatrix2fv.apply(this, rest);
};
"""
OTHER = PATH.replace("pca?x=0&y=1", "original?x=3&y=7")
LOSE = """async () => {
  const canvas = document.querySelector(".points");
  const extension = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
  const happens = (name) => new Promise((resolve) => canvas.addEventListener(name, resolve, { once: true }));
  const lost = happens("webglcontextlost");
  extension.loseContext();
  await lost;
  const restored = happens("webglcontextrestored");
  setTimeout(() => extension.restoreContext());
  await restored;
}"""


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_points_move_to_the_places_of_another_map(tones: str, new_screen: Callable[..., Screen], motion: str) -> None:
    screen = new_screen(reduced_motion=motion)
    screen.page.add_init_script(COUNT)
    points, other = read_points(tones, PATH), read_points(tones, OTHER)
    screen.open(tones, **VIEW, box=written(around(points)), sound="off", track=3, segment=1).settle()
    assert screen.page.evaluate("window.moving") == 0
    screen.page.get_by_role("button", name="Projection").click()
    screen.page.get_by_role("option", name="original").click()
    screen.wait("new URLSearchParams(location.search).get('projection') === 'original'")
    screen.settle()
    assert (screen.page.evaluate("window.moving") > 0) == (motion == "no-preference")
    shown = read_points(tones, OTHER.replace("x=3&y=7", f"x={screen.view['x']}&y={screen.view['y']}"))
    assert len(shown.rows) == len(other.rows)
    screen.page.keyboard.press("+")
    screen.settle()
    places = screen.places(shown, box_of(screen))
    frame = screen.frame()
    inside = [place for place in places if 4 < place[0] < frame["width"] - 4 and 4 < place[1] < frame["height"] - 4]
    assert len(inside) > 10
    assert (screen.alpha(np.array(inside)) > 0).all()
    assert (screen.view["track"], screen.view["segment"]) == ("3", "1"), "what is in the player stays"


def test_a_context_that_is_lost_comes_back_with_points_and_thread(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    screen.open(tones, **VIEW, box=written(around(points)), sound="off", thread="playing", track=3, segment=1).settle()
    screen.wait("!document.querySelector('.thread').hasAttribute('hidden')")
    before = screen.alpha_sum()
    screen.page.evaluate(LOSE)
    for _ in range(200):
        if abs(screen.alpha_sum() - before) <= before * 0.001:
            break
        screen.page.wait_for_timeout(20)
    assert abs(screen.alpha_sum() - before) <= before * 0.001
    assert not screen.page.locator(".thread").get_attribute("hidden")
