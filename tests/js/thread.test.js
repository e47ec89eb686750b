import assert from "node:assert/strict";
import { test } from "node:test";

import { NEAR, pathsOf } from "../../app/static/js/map/thread.js";

const places = Array.from({ length: 20 }, (_, i) => [10 * i, i]);
const count = (data, letter) => data.split(letter).length - 1;

test("every segment is a dot, and those around one are joined in the order of time", () => {
  const { whole, past, next, dots, near } = pathsOf(places, 8, false);
  assert.equal(whole, "");
  assert.equal(count(dots, "M"), places.length);
  assert.equal(count(near, "M"), 2 * NEAR + 1);
  assert.equal(past, "M30 3L40 4L50 5L60 6L70 7L80 8");
  assert.ok(next.startsWith("M80 8L90 9"));
  assert.equal(count(next, "L"), NEAR);
});

test("at the ends of a track only what is there is joined", () => {
  assert.deepEqual([pathsOf(places, 0, false).past, count(pathsOf(places, 0, false).next, "L")], ["", NEAR]);
  assert.deepEqual([count(pathsOf(places, 19, false).past, "L"), pathsOf(places, 19, false).next], [NEAR, ""]);
});

test("a segment without a place joins nothing, and the whole is joined where that is asked for", () => {
  const { whole, past, next, near, dots } = pathsOf(places, -1, true);
  assert.deepEqual([past, next, near], ["", "", ""]);
  assert.equal(count(whole, "L"), places.length - 1);
  assert.equal(count(dots, "M"), places.length);
});
