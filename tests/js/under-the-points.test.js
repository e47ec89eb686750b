import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

globalThis.document = { createElement: () => ({ setAttribute() {}, append() {}, hidden: false, textContent: "" }) };
const { Ground } = await import("../../app/static/js/pages/map/ground.js");
const { Trajectories } = await import("../../app/static/js/pages/map/trajectories.js");

const VIEW = {
  network: "one",
  layer: "embeddings",
  projection: "pca",
  x: 0,
  y: 1,
  granularity: "segments",
  filter: "rock",
  rest: "pale",
};
const HEADER = { n: 4, n_inside: 4, n_matching: 4, n_total: 9, revision: 5, projection_revision: 1, box: [0, 1, 0, 1] };
const ROWS = Uint32Array.of(0, 1, 5, 6);

const realFetch = globalThis.fetch;
let page;
let asked;
/** What the stage was told to draw. */
let drawn;
/** What stands over the map. */
let parts;

const note = () => parts.at(-1);

/** An answer of /api/points with the first rows of two tracks. */
function answer() {
  const columns = ["row", "x", "y", "first_row"].map((name, i) => ({ name, type: "uint32", offset: 16 * i }));
  const text = JSON.stringify({ ...HEADER, colour: null, extent: HEADER.box, columns });
  const header = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
  const bytes = new Uint8Array(8 + header.length + 64);
  bytes.set(new TextEncoder().encode("TSP1"));
  new DataView(bytes.buffer).setUint32(4, header.length, true);
  bytes.set(header, 8);
  bytes.set(new Uint8Array(Uint32Array.of(0, 5, 5, 5).buffer), 8 + header.length + 48);
  return new Response(bytes.buffer);
}

beforeEach(() => {
  [asked, drawn, parts] = [[], { lines: [], ground: [] }, []];
  globalThis.fetch = (url) => new Promise((resolve, reject) => asked.push({ url, answer: () => resolve(answer()), fail: reject }));
  page = Object.assign(new EventTarget(), {
    area: { append: (part) => parts.push(part) },
    view: VIEW,
    shown: VIEW,
    points: { ...HEADER, rows: ROWS },
    drawing: { isFirst: true },
    failed: 0,
    fail: () => page.failed++,
    stage: {
      element: { toggleAttribute() {} },
      points: { setLines: (lines) => drawn.lines.push(lines), setGround: (ground) => drawn.ground.push(ground) },
    },
  });
});

afterEach(() => {
  globalThis.fetch = realFetch;
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

async function show(change = {}, points = {}) {
  page.shown = page.view = { ...page.view, ...change };
  page.points = { ...page.points, ...points };
  page.dispatchEvent(new Event("drawn"));
  await settled();
}

test("the ground of another map goes before that of the new one comes, and does not return when none comes", async () => {
  new Ground(page, new AbortController().signal);
  await show();
  asked[0].answer();
  await settled();
  assert.equal(drawn.ground.at(-1).n, 4);
  await show({ x: 2 });
  assert.equal(drawn.ground.at(-1), null);
  asked[1].fail(new TypeError("gone"));
  await settled();
  assert.equal(page.failed, 1);
  assert.equal(drawn.ground.at(-1), null);
});

test("the ground of one map stays while its colour changes", async () => {
  new Ground(page, new AbortController().signal);
  await show();
  asked[0].answer();
  await settled();
  const { length } = drawn.ground;
  await show({ colour: "one/rock" });
  assert.equal(asked.length, 1);
  assert.ok(drawn.ground.slice(length).every((ground) => ground?.n === 4));
});

test("what matches a filter is joined, however many segments there are beside it", async () => {
  new Trajectories(page, new AbortController().signal);
  await show({ granularity: "trajectories" });
  assert.equal(asked.length, 1);
  asked[0].answer();
  await settled();
  assert.equal(drawn.lines.at(-1).lines.n_tracks, 2);
});

test("a first sample is not joined, and not too many: the rest comes", async () => {
  new Trajectories(page, new AbortController().signal);
  await show({ granularity: "trajectories" }, { n: 2 });
  assert.equal(asked.length, 0);
  assert.ok(note().hidden);
  await show({}, { n: 4 });
  assert.equal(asked.length, 1);
});

test("a sample that stays one is told as too many", async () => {
  new Trajectories(page, new AbortController().signal);
  page.drawing.isFirst = false;
  await show({ granularity: "trajectories" }, { n: 2 });
  assert.equal(asked.length, 0);
  assert.match(note().textContent, /^4 segments are too many/);
  assert.ok(!note().hidden);
});

test("lines of another map go before those of the new one come, and stay while only the colour changes", async () => {
  new Trajectories(page, new AbortController().signal);
  await show({ granularity: "trajectories" });
  asked[0].answer();
  await settled();
  await show({ colour: "one/rock" });
  assert.notEqual(drawn.lines.at(-1), null);
  await show({ x: 2 });
  assert.equal(drawn.lines.at(-1), null);
});
