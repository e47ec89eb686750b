import assert from "node:assert/strict";
import { test } from "node:test";

import { nearest, sorted, within } from "../../app/static/js/map/grid.js";

/** Numbers from a seed, the same on every machine (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function columns(n, seed) {
  const next = random(seed);
  const column = () => Uint16Array.from({ length: n }, () => Math.floor(next() * 65536));
  return { x: column(), y: column() };
}

test("every point is in its cell, and none is lost", () => {
  const { x, y } = columns(5000, 1);
  const { n_cells, start, order } = sorted(x, y);
  assert.equal(start.length, n_cells ** 2 + 1);
  assert.equal(start[n_cells ** 2], 5000);
  assert.deepEqual(
    [...order].sort((a, b) => a - b),
    [...order.keys()],
  );
  for (let cell = 0; cell < n_cells ** 2; cell++)
    for (let k = start[cell]; k < start[cell + 1]; k++) {
      const [across, up] = [x, y].map((column) => Math.floor((column[order[k]] * n_cells) / 65536));
      assert.equal(up * n_cells + across, cell);
    }
});

test("the nearest point is the one that a look at all of them finds", () => {
  const points = columns(2000, 2);
  const grid = sorted(points.x, points.y);
  const next = random(3);
  const stepPx = { x: 0.02, y: 0.01 };
  for (let trial = 0; trial < 300; trial++) {
    const [x, y, radiusPx] = [next() * 80000 - 7000, next() * 80000 - 7000, next() * 60];
    const distances = [...points.x.keys()].map((i) => Math.hypot((points.x[i] - x) * stepPx.x, (points.y[i] - y) * stepPx.y));
    const least = Math.min(...distances);
    const found = nearest(grid, points, x, y, stepPx, radiusPx);
    if (least > radiusPx) assert.equal(found, -1);
    else assert.equal(distances[found], least);
  }
});

test("points at the edges and a grid of none are found as they are", () => {
  const points = { x: Uint16Array.of(0, 65535), y: Uint16Array.of(0, 65535) };
  const grid = sorted(points.x, points.y);
  assert.equal(nearest(grid, points, -3, -3, { x: 1, y: 1 }, 10), 0);
  assert.equal(nearest(grid, points, 65540, 65540, { x: 1, y: 1 }, 10), 1);
  const none = { x: new Uint16Array(0), y: new Uint16Array(0) };
  assert.equal(nearest(sorted(none.x, none.y), none, 5, 5, { x: 1, y: 1 }, 1e6), -1);
});

test("the points around a place are those that a look at all of them finds", () => {
  const points = columns(2000, 3);
  const grid = sorted(points.x, points.y);
  const stepPx = { x: 0.02, y: 0.01 };
  for (const [x, y] of [
    [0, 0],
    [30000, 41000],
    [65535, 100],
  ]) {
    const near = [...points.x.keys()].filter((i) => Math.hypot((points.x[i] - x) * stepPx.x, (points.y[i] - y) * stepPx.y) <= 90);
    assert.ok(near.length > 0);
    assert.deepEqual(
      within(grid, points, x, y, stepPx, 90).sort((a, b) => a - b),
      near,
    );
  }
});
