import assert from "node:assert/strict";
import { test } from "node:test";

import { wholeView } from "../../app/static/js/map/fit.js";
import { limited, readable } from "../../app/static/js/map/limits.js";
import { clipped, panned, size, zoomed } from "../../app/static/js/map/viewport.js";
import { LOW, NARROW, pointsAt, WIDE } from "./stage.js";

const EXTENTS = {
  "around zero": [-4, 4, -3, 2],
  "far from zero": [1000, 1004, -3, 2],
  "a strip": [0, 0.01, -40, 40],
  "a single place": [0, 0, 0, 0],
};

/** What there is to look at, in a frame. */
const ground = (extent, frame, isometric) => {
  const points = pointsAt([[0.5, 0.5]], { box: extent, extent });
  return { extent, whole: wholeView(points, frame, isometric, []), frame, isometric };
};

const sees = (view, { extent: [x0, x1, y0, y1] }) => view[0] < x1 && view[1] > x0 && view[2] < y1 && view[3] > y0;
const grown = ([x0, x1, y0, y1]) => [x0 - 1e-12, x1 + 1e-12, y0 - 1e-12, y1 + 1e-12];

for (const [name, extent] of Object.entries(EXTENTS))
  for (const isometric of [true, false])
    for (const frame of [WIDE, NARROW, LOW]) {
      const map = ground(extent, frame, isometric);
      const where = `${name}, ${isometric ? "without" : "with"} axes, ${frame.width} x ${frame.height}`;

      test(`some of the map stays in view however one moves: ${where}`, () => {
        for (const factor of [0.01, 1, 5])
          for (const [across, up] of [
            [0.3, 0],
            [-0.3, 0],
            [0, 0.3],
            [0, -0.3],
            [0.3, -0.3],
          ]) {
            let view = limited(zoomed(map.whole, factor), map, map.whole);
            for (let i = 0; i < 800; i++) view = limited(panned(view, across, up), map, view);
            assert.ok(sees(view, { extent: grown(extent) }), `${view}`);
          }
      });

      test(`zooming ends somewhat beyond the whole, and where coordinates have no finer steps: ${where}`, () => {
        let view = map.whole;
        for (let i = 0; i < 60; i++) view = limited(zoomed(view, 1 / 0.7), map, view);
        const [whole, far] = [size(map.whole), size(view)];
        for (const side of ["width", "height"]) assert.ok(far[side] > 1.5 * whole[side] && far[side] < 2.5 * whole[side]);
        for (let i = 0; i < 120; i++) view = limited(zoomed(view, 0.7), map, view);
        const near = size(view);
        for (const [side, axis] of [
          ["width", 0],
          ["height", 2],
        ]) {
          assert.ok(near[side] < whole[side] / 10, "one can look closely");
          const edge = Math.max(Math.abs(extent[axis]), Math.abs(extent[axis + 1]));
          const next = new Float32Array([edge, 0]);
          const bits = new Uint32Array(next.buffer);
          bits[1] = bits[0] + 1;
          assert.ok(near[side] / frame[side] >= (next[1] - next[0]) / 2, "steps of coordinates are no wider than two pixels");
          assert.ok(near[side] >= whole[side] * 0.9e-6);
        }
      });
    }

test("the place that one zooms into or out of stays where it is until the limit, and at the limit nothing moves", () => {
  const map = ground(EXTENTS["around zero"], WIDE, true);
  const around = ([x, y], box, factor) => box.map((edge, i) => (i < 2 ? x : y) + factor * (edge - (i < 2 ? x : y)));
  const place = [3.9, 1.9];
  for (const factor of [1.3, 0.6]) {
    let view = map.whole;
    const at = ([x0, x1, y0, y1]) => [(place[0] - x0) / (x1 - x0), (place[1] - y0) / (y1 - y0)];
    const before = at(view);
    for (let i = 0; i < 60; i++) view = limited(around(place, view, factor), map, view);
    assert.ok(
      at(view).every((share, i) => Math.abs(share - before[i]) < 1e-6),
      `${at(view)} was ${before}`,
    );
    const again = limited(around(place, view, factor), map, view);
    assert.ok(again.every((edge, i) => Math.abs(edge - view[i]) < 1e-9));
  }
});

test("a drawn box that is too small ends around it", () => {
  const map = ground(EXTENTS["around zero"], WIDE, true);
  const box = [2, 2 + 1e-9, 1, 1 + 1e-9];
  const view = limited(box, map, map.whole);
  assert.ok(view[0] <= box[0] && view[1] >= box[1] && view[2] <= box[2] && view[3] >= box[3]);
  assert.ok(size(view).width < 0.01);
});

test("a box of an address is shown as far as there is something to see, and one beside the map not at all", () => {
  for (const isometric of [true, false]) {
    const map = ground(EXTENTS["around zero"], WIDE, isometric);
    for (const box of [
      [-1e300, 1e300, -1e300, 1e300],
      [-1.7e308, 1.7e308, -1.7e308, 1.7e308],
      [0, 1e300, 0, 1],
      [0, 5e-324, 0, 5e-324],
      [1, 1 + 2e-16, 0, 1],
      [-1e300, 1e300, 1, 1 + 1e-9],
    ]) {
      const view = readable(box, map);
      assert.ok(view.every(Number.isFinite), `${box} -> ${view}`);
      assert.ok(sees(view, map) && clipped(view, map.extent));
      assert.ok(size(view).width <= 2.001 * size(map.whole).width && size(view).height <= 2.001 * size(map.whole).height);
    }
    for (const box of [
      [1e300, 1.1e300, 1e300, 1.1e300],
      [5, 6, 0, 1],
      [0, 1, 1e6, 2e6],
    ])
      assert.equal(readable(box, map), null, `${box}`);
  }
});
