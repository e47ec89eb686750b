import assert from "node:assert/strict";
import { test } from "node:test";

import { towards } from "../../app/static/js/map/edge-arrow.js";

const FRAME = { width: 800, height: 500 };
const LEGEND = { left: 12, right: 212, top: 12, bottom: 100 };
const TOOLS = { left: 750, right: 788, top: 12, bottom: 240 };
const HALF_PX = 20;

const overlaps = ([x, y], { left, right, top, bottom }) =>
  x + HALF_PX > left && x - HALF_PX < right && y + HALF_PX > top && y - HALF_PX < bottom;
const turn = (degrees, far) => [400 + far * Math.cos((degrees * Math.PI) / 180), 250 + far * Math.sin((degrees * Math.PI) / 180)];

test("the arrow stands on the way to the point, inside the frame and clear of what lies over the map", () => {
  for (let degrees = 0; degrees < 360; degrees += 1)
    for (const far of [600, 1e4, 1e9]) {
      const { at, angle } = towards(turn(degrees, far), FRAME, [LEGEND, TOOLS]);
      assert.ok(at[0] >= HALF_PX && at[0] <= 800 - HALF_PX && at[1] >= HALF_PX && at[1] <= 500 - HALF_PX, `${degrees}: ${at}`);
      for (const obstacle of [LEGEND, TOOLS]) assert.ok(!overlaps(at, obstacle), `${degrees}: ${at}`);
      const way = Math.atan2(at[1] - 250, at[0] - 400);
      assert.ok(Math.abs(Math.sin(way - angle)) < 1e-6 && Math.cos(way - angle) > 0);
    }
});

test("nothing in the way: the arrow stands on the edge itself, half its turned ring (20 px x square root of 2) from it", () => {
  assert.deepEqual(towards([400, 9000], FRAME, [LEGEND, TOOLS]), { at: [400, 471], angle: Math.PI / 2 });
  assert.deepEqual(towards([-9000, 250], FRAME, []), { at: [29, 250], angle: Math.PI });
});

test("a frame smaller than what lies over it has its arrow in the middle", () => {
  const { at } = towards([900, 20], { width: 40, height: 40 }, [{ left: 0, right: 40, top: 0, bottom: 40 }]);
  assert.deepEqual(at, [20, 20]);
});
