import assert from "node:assert/strict";
import { test } from "node:test";

import { indicesInView } from "../../app/static/js/map/in-view.js";
import { joined } from "../../app/static/js/map/line-layer.js";
import { upright } from "../../app/static/js/map/point-picture.js";
import { countShapes, discsOf, linesOf } from "../../app/static/js/picture/discs.js";
import { pointsAt } from "./stage.js";

const FRAME = { width: 200, height: 100 };
const PALETTE = new Uint8Array(1024).map((_, i) => (i % 4 === 3 ? 255 : Math.floor(i / 4)));
const COLOUR = { name: "net/rock", kind: "number", steps: 1 };
const stratum = (points, more = {}) => ({ name: "points", points, n: points.n, size: 6, alpha: 0.5, growth: 2.5, ...more });
const near = (value, wanted) => assert.ok(Math.abs(value - wanted) < 0.01, `${value} is not ${wanted}`);

test("a point in view is a disc at its place, in its colour and opacity; what is outside is none", () => {
  const points = pointsAt(
    [
      [0.25, 0.5],
      [0.49, 1],
      [0.9, 0.1],
    ],
    { values: Uint8Array.from([10, 20, 30]), colour: COLOUR },
  );
  const discs = discsOf(stratum(points), PALETTE, { view: [0, 1, 0, 1], frame: FRAME });
  assert.equal(discs.length, 2);
  near(discs[0].x, 100);
  near(discs[0].y, 50);
  assert.equal(discs[0].r, 3);
  assert.equal(discs[0].fill, "rgb(10,10,10)");
  assert.equal(discs[0].opacity, 0.5);
  near(discs[1].x, 196);
  near(discs[1].y, 0);
});

test("high numbers lie on top; a ground keeps its order; dots grow with their spread; what the legend dims is paler", () => {
  const values = Uint8Array.from([200, 10, 100]);
  const points = pointsAt(
    [
      [0.1, 0.5],
      [0.2, 0.5],
      [0.3, 0.5],
    ],
    { values, colour: COLOUR, spreads: Uint8Array.from([255, 0, 0]) },
  );
  const seen = { view: [0, 2, 0, 1], frame: FRAME };
  const dimmed = PALETTE.slice();
  dimmed[4 * 10 + 3] = 51;
  const discs = discsOf(stratum(points), dimmed, seen);
  assert.deepEqual(
    discs.map(({ fill }) => fill),
    ["rgb(10,10,10)", "rgb(100,100,100)", "rgb(200,200,200)"],
  );
  near(discs[0].opacity, 0.1);
  near(discs[2].r, 3 * 3.5);
  const ground = discsOf(stratum(points, { name: "ground" }), PALETTE, seen);
  assert.equal(ground[0].fill, "rgb(200,200,200)");
});

test("only so many points are looked for, in the order that is asked for", () => {
  const points = pointsAt(
    [
      [0, 0],
      [0.1, 0],
      [0.2, 0],
      [0.9, 0],
    ],
    {},
  );
  assert.deepEqual(indicesInView(points, [0, 1, 0, 1], null, 4), [0, 1, 2]);
  assert.deepEqual(indicesInView(points, [0, 1, 0, 1], Uint32Array.from([3, 2, 1, 0]), 4, 2), [2, 1]);
  assert.deepEqual(indicesInView(points, [0, 1, 0, 1], null, 1), [0]);
});

test("shapes are the points in view and the steps that pass it, counted a little beyond the most", () => {
  const points = pointsAt(
    [
      [0.1, 0.5],
      [0.9, 0.5],
      [0.95, 0.9],
      [0.2, 0.6],
    ],
    { rows: Uint32Array.from([0, 1, 2, 5]) },
  );
  const lines = joined(points.rows, Uint32Array.from([0, 5]));
  const view = [0, 1, 0, 1];
  assert.equal(countShapes([stratum(points)], { points, lines }, view, 99), 2 + 1);
  assert.equal(countShapes([stratum(points)], null, view, 1), 2);
  const paths = linesOf({ points, lines }, [1, 2, 3], { view, frame: FRAME });
  assert.equal(paths.length, 1, "the second step lies outside");
  assert.equal(paths[0].d, "M40 50L360 50");
  assert.equal(paths[0].stroke, "rgb(1,2,3)");
  assert.ok(paths[0].strokeOpacity > 0.08 && paths[0].strokeOpacity < 0.55);
});

test("what the card draws is turned over and its colours are parted from their opacity", () => {
  const pixels = Uint8ClampedArray.from([10, 20, 30, 255, 0, 0, 0, 0, 64, 32, 0, 128, 1, 1, 1, 0]);
  assert.deepEqual([...upright(pixels, 2)], [128, 64, 0, 128, 0, 0, 0, 0, 10, 20, 30, 255, 0, 0, 0, 0]);
});
