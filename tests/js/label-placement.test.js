import assert from "node:assert/strict";
import { test } from "node:test";

import { inOrder, intervals, isSeen, zoomApart } from "../../app/static/js/map/label-placement.js";

const SECOND = 1.5;
const UNIT = [100, 80];
const FRAME = [1200, 600];
const GAP_PX = 6;

/** Numbers that look random and are the same every time (mulberry32). @param {number} seed */
const random = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};

const candidate = (more) => ({
  x: 0,
  y: 0,
  level: 0,
  parent: null,
  weight: 1,
  text: "rock",
  track: null,
  width: 80,
  height: 24,
  ...more,
});

/** Regions as the server sends them: parents first, children near them, the first one at the same place. */
function forest(seed) {
  const next = random(seed);
  const made = Array.from({ length: 8 }, (_, i) =>
    candidate({ x: next() * 12, y: next() * 8, weight: next() * 1e4, text: `word ${i}`, width: 40 + next() * 160 }),
  );
  for (let parent = 0; made.length < 400; parent++) {
    const { x, y, level, text } = made[parent];
    for (let k = 0; k < 4 && made.length < 400; k++) {
      const apart = k ? 2 ** -level : 0;
      made.push(
        candidate({
          x: x + (next() - 0.5) * apart,
          y: y + (next() - 0.5) * apart,
          level: level + 1,
          parent,
          weight: next() * 1e3,
          text: k === 1 ? text : `word ${made.length}`,
          width: 40 + next() * 160,
        }),
      );
    }
  }
  return made;
}

/** Pairs of labels that overlap on the screen at a zoom. */
function overlaps(candidates, found, zoom, unit) {
  const seen = candidates.filter((_, i) => isSeen(found[i], zoom));
  let n = 0;
  for (const [i, a] of seen.entries())
    for (const b of seen.slice(i + 1)) {
      const across = Math.abs(a.x - b.x) * unit[0] * zoom < (a.width + b.width) / 2;
      const up = Math.abs(a.y - b.y) * unit[1] * zoom < (a.height + b.height) / 2;
      if (across && up) n++;
    }
  return n;
}

test("labels of one line overlap up to the zoom at which a gap fits between them", () => {
  const [a, b] = [candidate({}), candidate({ x: 1, width: 100 })];
  assert.equal(zoomApart(a, b, UNIT), (90 + GAP_PX) / 100);
  assert.equal(zoomApart(a, candidate({ y: 2 }), UNIT), (24 + GAP_PX) / 160, "one above the other");
  assert.equal(zoomApart(a, candidate({}), UNIT), Infinity, "at one place");
});

test("no label overlaps another at any zoom, whatever the axes", () => {
  for (const seed of [1, 2, 3])
    for (const unit of [UNIT, [100, 10], [3, 90]]) {
      const candidates = forest(seed);
      const found = intervals(candidates, unit, SECOND, FRAME);
      for (let zoom = 0.5; zoom < 300; zoom *= 1.07) assert.equal(overlaps(candidates, found, zoom, unit), 0, `at ${zoom}`);
    }
});

test("few are seen of the whole map, more of a part of it, and the deepest stay", () => {
  const candidates = forest(4);
  const found = intervals(candidates, UNIT, SECOND, FRAME);
  const seenAt = (zoom) => found.filter((interval) => isSeen(interval, zoom)).length;
  assert.ok(seenAt(1) >= 4 && seenAt(1) <= 8, `${seenAt(1)} at first`);
  assert.ok(seenAt(2) > seenAt(1) && seenAt(8) > seenAt(2));
  assert.ok(found.some(([from, until]) => from < until && until === Infinity));
});

test("a label has one interval, and one of a level comes no sooner than that level", () => {
  const candidates = forest(5);
  for (const [i, [from, until]] of intervals(candidates, UNIT, SECOND, FRAME).entries()) {
    assert.ok(from <= until);
    const { level } = candidates[i];
    if (from < until && level) assert.ok(from >= SECOND * 2 ** (level - 1));
  }
});

test("of two that are too close the coarser one stays, of one level the larger", () => {
  const coarse = candidate({ level: 0, weight: 1 });
  const large = candidate({ level: 1, weight: 9, x: 0.1 });
  const small = candidate({ level: 1, weight: 5, x: 0.15 });
  assert.deepEqual(inOrder([small, large, coarse]), [2, 1, 0]);
  const found = intervals([coarse, small, large], UNIT, SECOND, FRAME);
  assert.equal(found[0][0], 0);
  assert.ok(found[2][0] < found[1][0]);
});

test("a region without others in it keeps its label, one with others gives way to those in them", () => {
  const found = intervals(
    [candidate({}), candidate({ x: 9, text: "jazz" }), candidate({ level: 1, parent: 1, x: 9, text: "bop" })],
    UNIT,
    SECOND,
  );
  assert.equal(found[0][1], Infinity);
  assert.equal(found[1][1], SECOND * 2);
  assert.deepEqual(found[2], [SECOND * 2, Infinity], "it stands at the same place");
});

test("a region that is called as the one around it is named when that no longer is", () => {
  const around = candidate({});
  const within = candidate({ level: 1, parent: 0, x: 5 });
  const [outer, inner] = intervals([around, within], UNIT, SECOND, FRAME);
  assert.equal(inner[0], outer[1]);
  const [, other] = intervals([around, { ...within, text: "jazz" }], UNIT, SECOND, FRAME);
  assert.equal(other[0], SECOND, FRAME);
});

test("neighbours that are one track are named once in a frame, and again where only one of them is in it", () => {
  const parts = [1, 2, 3].map((i) => candidate({ x: i * 3, weight: 9 - i, text: "one", track: 7 }));
  const [first, second, third] = intervals(parts, UNIT, SECOND, FRAME);
  assert.deepEqual(first, [0, Infinity]);
  assert.deepEqual(second, [4, Infinity], "3 units of 100 px at zoom 4 are as wide as the frame");
  assert.deepEqual(third, [2, Infinity], "6 units from the first, and before the second comes");
  const others = parts.map((part, i) => ({ ...part, track: i }));
  assert.ok(intervals(others, UNIT, SECOND, FRAME)[1][0] < 1, "another track of that name has its own");
});
