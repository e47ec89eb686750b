import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { COLLECTION } from "./collection.js";

globalThis.window = globalThis;
globalThis.requestAnimationFrame = queueMicrotask;
const { Drawing } = await import("../../app/static/js/pages/map/drawing.js");
const { settle } = await import("../../app/static/js/state/view-schema.js");

const VIEW = settle(COLLECTION, { network: "one", layer: "embeddings", projection: "pca" }).view;
const realFetch = globalThis.fetch;
let page;
let drawing;
let asked;

/** An answer of /api/points with so many of 9 points. */
function answer(n) {
  const columns = ["row", "x", "y"].map((name, i) => ({ name, type: "uint32", offset: 4 * n * i }));
  const extent = [0, 1, 0, 1];
  const numbers = { n, n_inside: 9, n_matching: 9, n_total: 9, revision: 5, projection_revision: 1, box: extent, extent };
  const header = new TextEncoder().encode(JSON.stringify({ ...numbers, colour: null, columns }));
  const padded = new Uint8Array(Math.ceil(header.length / 8) * 8).fill(32);
  padded.set(header);
  const bytes = new Uint8Array(8 + padded.length + 12 * n);
  bytes.set(new TextEncoder().encode("TSP1"));
  new DataView(bytes.buffer).setUint32(4, padded.length, true);
  bytes.set(padded, 8);
  return new Response(bytes.buffer);
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

async function choose(patch) {
  page.view = { ...page.view, ...patch };
  drawing.follow(new Set(Object.keys(patch)));
  await settled();
}

async function reply(n) {
  asked.at(-1).resolve(answer(n));
  await settled();
}

async function refuse() {
  asked.at(-1).reject(new TypeError("The server is gone."));
  await settled();
}

beforeEach(async () => {
  asked = [];
  globalThis.fetch = (_, { signal }) =>
    new Promise((resolve, reject) => {
      asked.push({ resolve, reject });
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  const said = [];
  page = {
    view: VIEW,
    collection: COLLECTION,
    said,
    context: { signal: new AbortController().signal },
    stage: { box: null, waiting: false, points: { layers: {} }, setMap() {}, setPoints() {} },
    store: {
      keep() {},
      set() {},
      giveBack() {
        const missed = page.view;
        page.view = drawing.drawn.view;
        return missed;
      },
    },
    say() {},
    notice: {
      loading() {},
      loaded: () => said.push("loaded"),
      done: () => said.push("done"),
      failingOver: (what) => said.push(what),
      mended: (what) => said.push(`mended: ${what}`),
      tells: () => false,
    },
  };
  drawing = new Drawing(page);
  await choose({ network: "one" });
  await reply(3);
});

afterEach(() => {
  drawing.loader.cancel();
  globalThis.fetch = realFetch;
});

test("the points that follow a first sample are asked for again where what made them give way has failed", async () => {
  await choose({ colour: "one/rock" });
  assert.equal(asked.length, 3);
  await refuse();
  assert.equal(asked.length, 4);
  assert.ok(drawing.isFirst);
  page.said.length = 0;
  await reply(9);
  assert.deepEqual([drawing.drawn.points.n, drawing.drawn.view.colour, drawing.isFirst], [9, VIEW.colour, false]);
  assert.ok(!page.said.includes("done"), "what is said of the failure stays");
});

test("a map that is there as a whole is not asked for again after a failure", async () => {
  await reply(9);
  await choose({ colour: "one/rock" });
  await refuse();
  assert.equal(asked.length, 3);
});

test("a first sample stays one while its others give way", async () => {
  await choose({ colour: "one/rock" });
  assert.ok(drawing.isFirst);
  await reply(9);
  assert.deepEqual([drawing.drawn.points.n, drawing.isFirst], [9, false]);
});
