"""What the graphics card holds stays the same, however often colours change."""

from tests.browser.screen import Screen
from tests.browser.test_stage import open_two

COUNT = """
window.live = {};
const kinds = ["Texture", "Program", "Shader", "Buffer", "VertexArray"];
for (const kind of kinds) {
  window.live[kind] = 0;
  const { [`create${kind}`]: make, [`delete${kind}`]: drop } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype[`create${kind}`] = function (...rest) {
    window.live[kind]++;
    return make.apply(this, rest);
  };
  WebGL2RenderingContext.prototype[`delete${kind}`] = function (thing) {
    if (thing) window.live[kind]--;
    return drop.call(this, thing);
  };
}
"""
RECOLOUR = """(n) => {
  const [stage] = window.stages;
  const { points } = stage.points.layers.base;
  const values = Uint8Array.from(points.rows, (row) => row % 256);
  for (let i = 0; i < n; i++) stage.setPoints({ ...points, values: i % 2 ? null : values });
}"""
LOSE_AND_RESTORE = """async () => {
  const canvas = window.stages[0].element.querySelector(".points");
  const extension = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
  const happens = (name) => new Promise((resolve) => canvas.addEventListener(name, resolve, { once: true }));
  const lost = happens("webglcontextlost");
  extension.loseContext();
  await lost;
  const restored = happens("webglcontextrestored");
  // a context that is lost holds nothing any more
  const held = { ...window.live };
  setTimeout(() => extension.restoreContext());
  await restored;
  return Object.fromEntries(Object.entries(window.live).map(([kind, n]) => [kind, n - held[kind]]));
}"""


def test_colours_that_change_leave_nothing_on_the_graphics_card(tones: str, screen: Screen) -> None:
    screen.page.add_init_script(COUNT)
    open_two(screen, tones)
    live = "({ ...window.live })"
    before = screen.page.evaluate(live)
    assert before == {"Texture": 2, "Program": 2, "Shader": 0, "Buffer": 4, "VertexArray": 2}
    screen.page.evaluate(RECOLOUR, 20)
    assert screen.page.evaluate(live) == before
    for scheme in ("dark", "light") * 3:
        screen.page.emulate_media(color_scheme=scheme)
    screen.wait("!matchMedia('(prefers-color-scheme: dark)').matches")
    assert screen.page.evaluate(live) == before
    restored = screen.page.evaluate(LOSE_AND_RESTORE)
    assert restored == {kind: n // 2 for kind, n in before.items()}, "what one of the two stages holds"
    screen.page.evaluate("window.stages[1].dispose()")
    assert screen.page.evaluate(live) == before, "what the context took with it was never deleted"
