import assert from "node:assert/strict";
import { test } from "node:test";

import { aimed, placed, RADIUS_PX, SLOWNESS } from "../../app/static/js/map/loupe.js";

const PHONE = { width: 390, height: 844 };
const FINGER_PX = 20;
const CAPTION = { width: 300, height: 104 };

test("the aim starts under the finger and moves slower than it", () => {
  const start = { x: 100, y: 200 };
  assert.deepEqual(aimed(start, start), start);
  assert.deepEqual(aimed(start, { x: 100 + 3 * SLOWNESS, y: 200 - 6 * SLOWNESS }), { x: 103, y: 194 });
});

for (const size of [PHONE, { width: 844, height: 390 }, { width: 360, height: 480 }, { width: 1280, height: 800 }])
  test(`the finger hides neither the glass nor its caption, and both are in the window: ${size.width} x ${size.height}`, () => {
    for (let x = 0; x <= size.width; x += 10)
      // a header and the sentence are above the map
      for (let y = 130; y <= size.height; y += 10) {
        const { glass, caption } = placed({ x, y }, size);
        const where = `finger ${x}, ${y}: glass ${glass.x}, ${glass.y}, caption ${caption.x}, ${caption.y}`;
        assert.ok(Math.hypot(glass.x - x, glass.y - y) >= RADIUS_PX + FINGER_PX, where);
        assert.ok(glass.x >= RADIUS_PX && glass.x <= size.width - RADIUS_PX && glass.y <= size.height - RADIUS_PX, where);
        assert.ok(caption.x >= CAPTION.width / 2 && caption.x <= size.width - CAPTION.width / 2, where);
        assert.ok(caption.y >= CAPTION.height && caption.y <= Math.min(y - FINGER_PX, glass.y - RADIUS_PX), where);
      }
  });

test("with room above the finger the glass stands there", () => {
  const { glass } = placed({ x: 195, y: 500 }, PHONE);
  assert.equal(glass.x, 195);
  assert.ok(glass.y + RADIUS_PX < 500 - FINGER_PX);
});
