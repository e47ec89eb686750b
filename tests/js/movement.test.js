import assert from "node:assert/strict";
import { test } from "node:test";

import { aligned, turned } from "../../app/static/js/map/alignment.js";
import { areShared, Movement, ways } from "../../app/static/js/map/movement.js";
import { moveProgram } from "../../app/static/js/map/gl.js";
import { GROWTH_BY_SPREAD } from "../../app/static/js/map/point-style.js";
import { fakeGl } from "./gl.js";
import { pointsAt } from "./stage.js";

const FROM = Float32Array.of(0, 0, 4, 0, 4, 1, 0, 3, 2, 2);
const apply = ({ matrix: [a, b, c, d], middle }, middleFrom, [x, y]) => {
  const [dx, dy] = [x - middleFrom[0], y - middleFrom[1]];
  return [a * dx + c * dy + middle[0], b * dx + d * dy + middle[1]];
};
const pairs = (places) => Array.from({ length: places.length / 2 }, (_, i) => [places[2 * i], places[2 * i + 1]]);
const near = (one, other) => one.forEach((value, i) => void assert.ok(Math.abs(value - other[i]) < 1e-4, `${one} is not ${other}`));

for (const isMirrored of [false, true]) {
  test(`a map that is turned, ${isMirrored ? "mirrored, " : ""}moved and scaled is found again`, () => {
    const [cos, sin] = [Math.cos(2.2), Math.sin(2.2)];
    const to = Float32Array.from(
      pairs(FROM).flatMap(([x, y0]) => {
        const y = isMirrored ? -y0 : y0;
        return [1.5 * (cos * x - sin * y) + 7, 1.5 * (sin * x + cos * y) - 3];
      }),
    );
    const found = aligned(FROM, to);
    assert.equal(found.isMirrored, isMirrored);
    assert.ok(Math.abs(found.scale - 1.5) < 1e-5);
    for (const [i, place] of pairs(FROM).entries()) {
      near(apply(turned(found, 1), found.from, place), pairs(to)[i]);
      near(apply(turned(found, 0), found.from, place), place);
    }
  });
}

test("maps that have nothing in common are not turned", () => {
  const square = Float32Array.of(1, 1, -1, 1, -1, -1, 1, -1);
  const { angle, scale, isMirrored } = aligned(square, Float32Array.of(1, 0, -1, 0, 1, 0, -1, 0));
  assert.deepEqual([angle, scale, isMirrored], [0, 1, false]);
});

const FRAME = { width: 200, height: 100 };
const seen = (places, rows, more) => ({
  points: { ...pointsAt(places), rows: Uint32Array.from(rows), segmentation: "a", firstRows: null, ...more },
  view: [0, 2, 0, 1],
  frame: FRAME,
});

test("points come from where their rows were, and others are where they will be", () => {
  const before = seen(
    [
      [0, 0],
      [1, 1],
    ],
    [5, 9],
  );
  const now = seen(
    [
      [0.5, 0.5],
      [0, 1],
      [1, 0],
    ],
    [9, 5, 7],
  );
  const { from, to, n } = ways(before, now);
  assert.equal(n, 3);
  near(to, [0, 0, -2, 1, 2, -1]);
  near(from, [2, 1, -2, -1, 2, -1]);
});

test("only segments of the same times move, and averages do not become segments", () => {
  const { points } = seen([[0, 0]], [1]);
  assert.ok(areShared(points, { ...points }));
  assert.ok(!areShared(points, { ...points, segmentation: "b" }));
  assert.ok(!areShared(points, { ...points, firstRows: Uint32Array.of(0) }));
});

test("averages keep their sizes on their way", () => {
  const gl = fakeGl();
  const averages = { firstRows: Uint32Array.of(0), spreads: Uint8Array.of(255), values: null };
  const movement = new Movement(gl, moveProgram(gl), seen([[0, 0]], [0], averages), seen([[1, 1]], [0], averages));
  movement.draw(gl, [0, 2, 0, 1], FRAME, { size: 8, alpha: 1 }, 1);
  const pointers = gl.told("vertexAttribPointer").map(([name, size, kind]) => [name, size, kind]);
  assert.deepEqual(pointers, [
    ["from", 2, "FLOAT"],
    ["x", 1, "UNSIGNED_SHORT"],
    ["y", 1, "UNSIGNED_SHORT"],
    ["spread", 1, "UNSIGNED_BYTE"],
  ]);
  assert.deepEqual(
    gl.told("uniform1f").find(([name]) => name === "growth"),
    ["growth", GROWTH_BY_SPREAD],
  );
});
