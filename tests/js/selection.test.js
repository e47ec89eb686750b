import assert from "node:assert/strict";
import { test } from "node:test";

import { membership } from "../../app/static/js/api/selections.js";
import {
  box,
  inverted,
  joined,
  MOST_VERTICES,
  ofFilter,
  ofRegion,
  polygon,
  segment,
  simplified,
} from "../../app/static/js/state/selection.js";

const PLACE = { network: "one", layer: "embeddings", projection: "umap", x: 0, y: 1 };

test("areas are written with their map, to seven digits", () => {
  const vertices = /** @type {[number, number][]} */ ([
    [1 / 3, -2],
    [1e-9, 4],
    [5, 6],
  ]);
  assert.equal(polygon(PLACE, vertices), "polygon:one/embeddings/umap/0/1/0.3333333_-2_1e-9_4_5_6");
  assert.equal(box(PLACE, [-1, 2, 0.5, 3]), "box:one/embeddings/umap/0/1/-1_2_0.5_3");
  assert.equal(segment("one", 7, 3), "segments:one/7.3");
  assert.equal(ofRegion(PLACE, 4, "1f3a"), "region:one/embeddings/umap/0/1/4/1f3a");
  assert.equal(ofFilter('title:"a\\b" rock>p90'), 'filter:"title:\\"a\\\\b\\" rock>p90"');
});

test("what joins comes behind, and takes nothing from nothing", () => {
  assert.equal(joined(null, "new", "track:1"), "track:1");
  assert.equal(joined("track:1", "new", "track:2"), "track:2");
  assert.equal(joined(null, "plus", "track:1"), "track:1");
  assert.equal(joined("track:1", "minus", "track:2"), "track:1 minus track:2");
  assert.equal(joined("not (track:1 plus track:2)", "and", "track:3"), "not (track:1 plus track:2) and track:3");
  assert.equal(joined(null, "minus", "track:1"), null);
  assert.equal(joined(null, "and", "track:1"), null);
});

for (const [selected, other] of [
  ["track:1", "not track:1"],
  ["track:1 plus track:2", "not (track:1 plus track:2)"],
  ["not (track:1) and (track:2)", "not (not (track:1) and (track:2))"],
  ["not track:1 plus track:2", "not (not track:1 plus track:2)"],
  ['filter:"rock and (title:\\"a b)\\""', 'not filter:"rock and (title:\\"a b)\\""'],
  ['not (filter:"(") and (track:1)', 'not (not (filter:"(") and (track:1))'],
]) {
  test(`everything but ${selected} is ${other}, and everything but that is what it was`, () => {
    assert.equal(inverted(selected), other);
    assert.equal(inverted(other), selected);
  });
}

test("a line keeps its corners and loses what lies on it", () => {
  const line = /** @type {[number, number][]} */ ([...Array(50).keys()].map((i) => (i < 25 ? [i, 0] : [24, i - 24])));
  assert.deepEqual(simplified(line, 0.5), [
    [0, 0],
    [24, 0],
    [24, 25],
  ]);
});

test("however long a line is, few enough vertices are left", () => {
  const line = /** @type {[number, number][]} */ ([...Array(5000).keys()].map((i) => [i, (i % 2) * 50 + (i % 7)]));
  const kept = simplified(line, 1);
  assert.ok(kept.length <= MOST_VERTICES && kept.length >= 2);
});

/** @param {object} header @param {ArrayLike<number>} bytes */
function answer(header, bytes) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = text.length + (-(8 + text.length) & 7);
  const all = new Uint8Array(8 + padded + bytes.length).fill(32);
  all.set(new TextEncoder().encode("TSP1"));
  new DataView(all.buffer).setUint32(4, padded, true);
  all.set(text, 8);
  all.set(bytes, 8 + padded);
  return all.buffer;
}

test("rows and bits tell the same", () => {
  const rows = [1, 9, 300];
  const bits = new Uint8Array(38);
  for (const row of rows) bits[row >> 3] |= 1 << (row & 7);
  const facts = { n: 3, n_rows: 304, revision: 1 };
  const byRow = membership(
    answer({ ...facts, columns: [{ name: "row", type: "uint32", offset: 0 }] }, new Uint8Array(new Uint32Array(rows).buffer)),
  );
  const byBits = membership(answer({ ...facts, columns: [{ name: "bits", type: "uint8", offset: 0 }] }, bits));
  for (let row = 0; row < 400; row++) {
    assert.equal(byRow(row), rows.includes(row));
    assert.equal(byBits(row), rows.includes(row));
  }
});
