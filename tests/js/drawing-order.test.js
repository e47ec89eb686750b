import assert from "node:assert/strict";
import { test } from "node:test";

import { drawOrder } from "../../app/static/js/map/draw-order.js";
import { pointStyle } from "../../app/static/js/map/point-style.js";
import { stackDepth } from "../../app/static/js/map/stack-depth.js";

const order = (values, colour) => [...(drawOrder({ n: values.length, values: Uint8Array.from(values), colour }) ?? [])];

test("high numbers lie on top, equals keep their order, and those without a value lie below", () => {
  assert.deepEqual(order([200, 3, 255, 3, 0], { kind: "number", steps: 1 }), [2, 4, 1, 3, 0]);
});

test("of a difference the far ends lie on top, of words the strong ones, whichever they are", () => {
  assert.deepEqual(order([0, 127, 254, 100], { kind: "difference", steps: 1 }), [1, 3, 0, 2]);
  assert.deepEqual(order([18, 19, 255, 37, 0], { kind: "word", steps: 19 }), [2, 1, 4, 0, 3]);
});

test("points of one colour have no order", () => {
  assert.equal(drawOrder({ n: 2, values: null, colour: null }), null);
});

function scattered(n, spread = 65535) {
  const [x, y] = [new Uint16Array(n), new Uint16Array(n)];
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < n; i++) [x[i], y[i]] = [random() * spread, random() * spread];
  return { n, x, y, box: [0, 1, 0, 1] };
}

test("the depth of a stack is the 95th percentile of the points in a cell that has any", () => {
  const points = { n: 40, x: new Uint16Array(40), y: new Uint16Array(40) };
  // 19 cells with one point, one with 21
  for (let i = 0; i < 19; i++) points.x[i] = 4096 * i - (i > 15 ? 65536 - 100 : 0);
  points.y.fill(40000, 16, 19);
  points.y.fill(60000, 19);
  assert.equal(stackDepth(points, { width: 1 / 16, height: 1 / 16 }), 1);
  assert.equal(stackDepth({ ...points, n: 40 }, { width: 1, height: 1 }), 40);
});

test("a sample tells the depth of all", () => {
  const all = scattered(1_000_000);
  const deep = stackDepth(all, { width: 1 / 64, height: 1 / 64 });
  assert.ok(Math.abs(deep / (1_000_000 / 4096) - 1) < 0.35, String(deep));
});

test("where points lie on each other they are less opaque, and never gone; moving changes nothing", () => {
  const frame = { width: 1000, height: 700 };
  const [few, many, dense] = [scattered(500), scattered(200_000), scattered(200_000, 3000)];
  const alpha = (points, view = [0, 1, 0, 1]) => pointStyle(points, view, frame).alpha;
  assert.ok(alpha(few) > 0.6 && alpha(few) <= 0.9);
  assert.ok(alpha(many) < alpha(few));
  assert.ok(alpha(dense) < alpha(many));
  assert.ok(alpha(dense) >= 0.3);
  assert.equal(alpha(many, [0, 0.25, 0, 0.25]), alpha(many, [0.7, 0.95, 0.3, 0.55]));
  assert.ok(alpha(many, [0, 0.02, 0, 0.02]) > alpha(many));
  assert.ok(Number.isFinite(alpha(scattered(0))));
});

test("a sketch of a large map looks like a map of so many points: it does not grow pale", () => {
  const frame = { width: 1280, height: 614 };
  const [few, many] = [scattered(10_000), scattered(1_000_000)];
  const sketch = pointStyle(many, [0, 1, 0, 1], frame, 10_000);
  const whole = pointStyle(many, [0, 1, 0, 1], frame);
  const alone = pointStyle(few, [0, 1, 0, 1], frame);
  assert.ok(sketch.size > 2 * whole.size && sketch.alpha > 2 * whole.alpha);
  assert.equal(sketch.size, alone.size);
  assert.ok(sketch.alpha >= alone.alpha && sketch.alpha <= 0.9, `${sketch.alpha} ${alone.alpha}`);
});
