import assert from "node:assert/strict";
import { test } from "node:test";

import { joined } from "../../app/static/js/map/line-layer.js";

const END = 0xffffffff;

test("points are joined track by track in the order of time, whatever order they come in", () => {
  const { indices, ages, n_tracks } = joined(Uint32Array.of(7, 2, 9, 8, 0), Uint32Array.of(7, 0));
  // rows 0, 2 of the first track are points 4 and 1; rows 7, 8, 9 of the second are points 0, 3 and 2
  assert.deepEqual([...indices], [4, 1, END, 0, 3, 2, END]);
  assert.deepEqual([...ages], [0, 255, 255, 128, 0]);
  assert.equal(n_tracks, 2);
});

test("a track without points joins nothing, and one point has no line", () => {
  const { indices, n_tracks } = joined(Uint32Array.of(5), Uint32Array.of(0, 3, 9));
  assert.deepEqual([...indices], [0, END]);
  assert.equal(n_tracks, 1);
});
