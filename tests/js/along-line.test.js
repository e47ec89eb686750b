import assert from "node:assert/strict";
import { test } from "node:test";

import { firstOfTracks, walked } from "../../app/static/js/pages/map/along-line.js";

test("places on a line are at most a step apart, from its first corner to its last", () => {
  const line = [
    [0, 0],
    [100, 0],
    [100, 35],
    [100, 35],
  ];
  const places = walked(line, 12);
  assert.deepEqual([places[0], places.at(-1)], [line[0], line[3]]);
  for (const [i, [x, y]] of places.slice(1).entries()) assert.ok(Math.hypot(x - places[i][0], y - places[i][1]) <= 12);
  for (const corner of line) assert.ok(places.some(([x, y]) => x === corner[0] && y === corner[1]));
  assert.deepEqual(walked([[3, 4]], 12), [[3, 4]]);
});

test("each track is heard once, where the line meets it first, if it has a sound", () => {
  const segment = (id, row, audio = "/audio/1") => ({ row, track: { id, audio } });
  const found = [segment(1, 10), segment(2, 20, null), segment(3, 30), segment(1, 11), segment(2, 21, null)];
  assert.deepEqual(
    firstOfTracks(found).map(({ row }) => row),
    [10, 30],
  );
});
