import assert from "node:assert/strict";
import { test } from "node:test";

import { Camera } from "../../app/static/js/map/camera.js";
import { panned, size, zoomed } from "../../app/static/js/map/viewport.js";
import { LOW, NARROW, pointsAt, WIDE } from "./stage.js";

const MIDDLE = pointsAt([
  [0, 0],
  [1, 1],
]);

/** A camera on a map whose points are all at hand. */
const camera = (isometric, frame = WIDE, points = MIDDLE) => {
  const made = new Camera();
  made.setFrame(frame, []);
  made.setMap(points, isometric, []);
  return made;
};

const middle = ([x0, x1, y0, y1]) => [(x0 + x1) / 2, (y0 + y1) / 2];
const scale = (view, frame) => [size(view).width / frame.width, size(view).height / frame.height];
const close = (actual, expected, message) => {
  for (const [i, value] of actual.entries()) assert.ok(Math.abs(value - expected[i]) < 1e-9, `${message}: ${actual} ${expected}`);
};

for (const isometric of [true, false]) {
  const kind = isometric ? "without axes" : "with axes";

  test(`a part of a map ${kind} keeps its middle and its scale in every frame, and comes back as it was`, () => {
    const seen = camera(isometric);
    seen.show([0.4, 0.9, 0.2, 0.6]);
    const before = seen.view;
    for (const frame of [LOW, NARROW, LOW, { width: 320, height: 90 }, NARROW]) {
      seen.setFrame(frame, []);
      close(middle(seen.view), middle(before), "middle");
      close(scale(seen.view, frame), scale(before, WIDE), "scale");
    }
    seen.setFrame(WIDE, []);
    close(seen.view, before, "view");
  });

  test(`the whole of a map ${kind} stays the whole in every frame`, () => {
    const seen = camera(isometric);
    const before = seen.view;
    for (const frame of [NARROW, LOW, WIDE]) {
      seen.setFrame(frame, []);
      assert.equal(seen.box, null);
      assert.ok(seen.view[0] <= 0 && seen.view[1] >= 2 && seen.view[2] <= 0 && seen.view[3] >= 1);
    }
    close(seen.view, before, "view");
  });

  test(`a view of a map ${kind} that a larger frame cannot have comes back with the smaller one`, () => {
    const seen = camera(isometric, NARROW);
    for (let i = 0; i < 9; i++) seen.move(zoomed(seen.view, 1.4));
    const before = seen.view;
    seen.setFrame({ width: 2560, height: 1200 }, []);
    assert.ok(scale(seen.view, { width: 2560, height: 1200 })[0] < scale(before, NARROW)[0]);
    seen.setFrame(NARROW, []);
    close(seen.view, before, "view");
  });
}

test("a move after a resize is what later frames start from", () => {
  const seen = camera(true);
  seen.show([0.4, 0.6, 0.4, 0.5]);
  seen.setFrame(NARROW, []);
  seen.move(panned(seen.view, 0.1, 0));
  const moved = middle(seen.view);
  seen.setFrame(WIDE, []);
  close(middle(seen.view), moved, "middle");
});

test("a box of another window is shown with all that it holds", () => {
  for (const frame of [WIDE, NARROW, LOW]) {
    for (const box of [
      [0.4, 0.9, 0.45, 0.55],
      [1, 1.01, 0, 0.9],
    ]) {
      const seen = camera(true, frame);
      seen.show(box);
      const [x0, x1, y0, y1] = seen.view;
      assert.ok(x0 <= box[0] && x1 >= box[1] && y0 <= box[2] && y1 >= box[3], `${seen.view} does not show ${box}`);
      assert.ok(Math.abs(scale(seen.view, frame)[0] - scale(seen.view, frame)[1]) < 1e-12);
    }
  }
});
