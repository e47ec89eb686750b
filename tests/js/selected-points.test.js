import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { fakeGl } from "./gl.js";
import { pointsAt, WIDE } from "./stage.js";

let gl;
let frames = [];
globalThis.devicePixelRatio = 1;
globalThis.requestAnimationFrame = (act) => frames.push(act);
globalThis.cancelAnimationFrame = () => {};
globalThis.document = {
  createElement: () => Object.assign(new EventTarget(), { style: {}, setAttribute() {}, append() {}, getContext: () => gl }),
};
const { SelectedPoints } = await import("../../app/static/js/map/selected-points.js");
const { PointLayer } = await import("../../app/static/js/map/point-layer.js");
const { GROWTH_BY_SPREAD } = await import("../../app/static/js/map/point-style.js");

const PLACES = [
  [0.1, 0.1],
  [0.5, 0.5],
  [0.9, 0.2],
];
const AVERAGES = pointsAt(PLACES, {
  rows: Uint32Array.of(0, 5, 9),
  firstRows: Uint32Array.of(0, 5, 9),
  values: null,
  spreads: Uint8Array.of(0, 255, 40),
});

let stage;
let ending;
let selected;

/** The frame that was asked for. */
function passFrame() {
  const asked = frames;
  frames = [];
  for (const act of asked) act();
}

const n_drawn = () => gl.told("drawArrays").length + gl.told("drawElements").length;

beforeEach(() => {
  gl = fakeGl();
  frames = [];
  ending = new AbortController();
  const points = Object.assign(new EventTarget(), {
    layer: new PointLayer(AVERAGES),
    view: [0, 2, 0, 1],
    palette: new Uint8Array(1024),
    style: { size: 8, alpha: 0.5 },
    canvas: { ...WIDE, style: { left: "0px", top: "0px" } },
  });
  stage = Object.assign(new EventTarget(), { points, element: { insertBefore() {}, toggleAttribute() {} } });
  selected = new SelectedPoints(stage, ending.signal);
});

test("selected averages are as large as their spreads say", () => {
  selected.show((row) => row > 0);
  assert.deepEqual(
    gl.told("uniform1f").find(([name]) => name === "growth"),
    ["growth", GROWTH_BY_SPREAD],
  );
  assert.ok(gl.told("enableVertexAttribArray").some(([name]) => name === "spread"));
});

test("what moves and rests within a frame is drawn once, and again only when it is another", () => {
  selected.show((row) => row > 0);
  assert.equal(n_drawn(), 1);
  stage.points.dispatchEvent(new Event("rest"));
  assert.equal(n_drawn(), 1);
  stage.points.view = [0, 1, 0, 1];
  stage.dispatchEvent(new Event("moved"));
  stage.points.dispatchEvent(new Event("rest"));
  passFrame();
  assert.equal(n_drawn(), 2);
  stage.points.palette = new Uint8Array(1024);
  stage.dispatchEvent(new Event("recoloured"));
  passFrame();
  assert.equal(n_drawn(), 3);
  stage.points.layer = new PointLayer(AVERAGES);
  stage.points.dispatchEvent(new Event("rest"));
  assert.equal(n_drawn(), 4);
  selected.show((row) => row > 5);
  assert.equal(n_drawn(), 5);
});
