import assert from "node:assert/strict";
import { test } from "node:test";

import { wholeView } from "../../app/static/js/map/fit.js";
import { covers, detailBox, fitted, panned, size, squared, suffices, zoomed } from "../../app/static/js/map/viewport.js";
import { pointsAt } from "./stage.js";

const NONE = { left: 0, right: 0, top: 0, bottom: 0 };
const FRAME = { width: 400, height: 200 };

const close = (actual, expected) => {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of actual.entries()) assert.ok(Math.abs(value - expected[i]) < 1e-9, `${actual} is not ${expected}`);
};

test("moving and zooming go by shares of what is seen, around its middle", () => {
  close(panned([0, 4, 0, 2], 0.5, -0.25), [2, 6, -0.5, 1.5]);
  close(zoomed([0, 4, 0, 2], 0.5), [1, 3, 0.5, 1.5]);
  close(zoomed(zoomed([0, 4, 0, 2], 0.7), 1 / 0.7), [0, 4, 0, 2]);
});

test("a unit of a map without axes is as long across as it is up", () => {
  const [x0, x1, y0, y1] = squared([0, 1, 0, 1], FRAME);
  close([x0, x1, y0, y1], [-0.5, 1.5, 0, 1]);
  assert.equal((x1 - x0) / FRAME.width, (y1 - y0) / FRAME.height);
});

test("insets are kept free at every edge", () => {
  const view = fitted([0, 2, 0, 1], FRAME, false, { left: 100, right: 100, top: 50, bottom: 0 });
  close(view, [-1, 3, 0, 4 / 3]);
});

test("points that all lie at one place still have a view around them", () => {
  const view = fitted([3, 3, 0, 0], FRAME, false, NONE);
  assert.ok(size(view).width > 0 && size(view).height > 0);
  assert.ok(view[0] < 3 && view[1] > 3 && view[2] < 0 && view[3] > 0);
});

test("a part covers a view when it holds all of it that has points", () => {
  const extent = [0, 10, 0, 10];
  assert.ok(covers([0, 5, 0, 5], [1, 4, 1, 4], extent));
  assert.ok(covers([0, 5, 0, 5], [-20, 5, -20, 5], extent));
  assert.ok(!covers([0, 5, 0, 5], [1, 6, 1, 4], extent));
  assert.ok(covers([0, 5, 0, 5], [20, 30, 20, 30], extent), "where nothing is, nothing is missing");
});

test("a closer look asks for the view and what is next to it, inside the map", () => {
  close(detailBox([4, 6, 4, 6], [0, 10, 0, 10]), [3, 7, 3, 7]);
  const [x0, , y0] = detailBox([0, 2, 0, 2], [0, 10, 0, 10]);
  assert.ok(x0 > -0.1 && y0 > -0.1);
  assert.equal(detailBox([20, 21, 20, 21], [0, 10, 0, 10]), null);
});

test("points suffice until their steps are as large as pixels, and a sample until it is looked at closely", () => {
  const whole = pointsAt([[0.5, 0.5]]);
  assert.ok(suffices(whole, [0, 2, 0, 1], FRAME));
  assert.ok(!suffices(whole, [1, 1.001, 0.5, 0.501], FRAME));
  const sample = { ...whole, n_matching: 1000 };
  assert.ok(suffices(sample, [0, 2, 0, 1], FRAME));
  assert.ok(!suffices(sample, [0.5, 1, 0.25, 0.5], FRAME));
});

test("the whole map is seen as large as can be with no point behind what lies over it", () => {
  const frame = { width: 800, height: 600 };
  const legend = { left: 10, right: 210, top: 10, bottom: 90 };
  const hidden = (view, points) =>
    [...points.x.keys()].some((i) => {
      const px = (((points.x[i] / 65535) * 2 - view[0]) / size(view).width) * frame.width;
      const py = ((view[3] - points.y[i] / 65535) / size(view).height) * frame.height;
      return px > legend.left && px < legend.right && py > legend.top && py < legend.bottom;
    });
  const clear = pointsAt([
    [0.5, 0.5],
    [1, 1],
    [0, 0],
  ]);
  const corner = pointsAt([
    [0.02, 0.98],
    [1, 0],
    [0, 0],
  ]);
  const [free, beside] = [clear, corner].map((points) => wholeView(points, frame, false, [legend]));
  assert.ok(!hidden(free, clear) && !hidden(beside, corner));
  assert.ok(hidden(free, corner), "the largest view would hide a point in the corner");
  assert.ok(size(beside).width * size(beside).height > size(free).width * size(free).height);
});
