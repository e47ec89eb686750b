import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { ApiError, address, json } from "../../app/static/js/api/client.js";
import { decode } from "../../app/static/js/api/points.js";
import { Segments } from "../../app/static/js/api/segments.js";

const HEADER = {
  n: 3,
  n_inside: 3,
  n_matching: 3,
  n_total: 3,
  revision: 5,
  projection_revision: 1,
  box: [0, 1, 0, 1],
  extent: [0, 1, 0, 1],
  colour: null,
};
const ROWS = Uint32Array.of(7, 70000, 4e9);
const X = Uint16Array.of(0, 65535, 3);
const Y = Uint16Array.of(9, 8, 7);
const VALUES = Uint8Array.of(0, 255, 100);

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

/** What the server sends: a magic number, the length of the header, the header, columns at multiples of eight. */
function encoded(columns, magic = "TSP1") {
  let offset = 0;
  const listed = columns.map(([name, data]) => {
    const at = { name, type: data.constructor.name.toLowerCase().replace("array", ""), offset };
    offset += Math.ceil(data.byteLength / 8) * 8;
    return at;
  });
  const text = JSON.stringify({ ...HEADER, columns: listed });
  const header = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
  const bytes = new Uint8Array(8 + header.length + offset);
  bytes.set(new TextEncoder().encode(magic));
  new DataView(bytes.buffer).setUint32(4, header.length, true);
  bytes.set(header, 8);
  for (const [i, [, data]] of columns.entries()) bytes.set(new Uint8Array(data.buffer), 8 + header.length + listed[i].offset);
  return bytes.buffer;
}

/** Answer every request, and count them. */
function answering(make) {
  const asked = [];
  globalThis.fetch = async (path) => {
    asked.push(path);
    return make(path);
  };
  return asked;
}

const answer = (body, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

test("points are views over the server's answer, in the order of its columns", () => {
  const buffer = encoded([
    ["row", ROWS],
    ["x", X],
    ["y", Y],
    ["colour", VALUES],
  ]);
  const points = decode(buffer);
  assert.deepEqual([points.rows, points.x, points.y, points.values], [ROWS, X, Y, VALUES]);
  assert.ok([points.rows, points.x, points.y, points.values].every((column) => column.buffer === buffer));
  assert.equal(points.revision, 5);
  assert.equal("columns" in points, false);
});

test("points without a colour have no values, and none at all are none", () => {
  assert.equal(
    decode(
      encoded([
        ["row", ROWS],
        ["x", X],
        ["y", Y],
      ]),
    ).values,
    null,
  );
  const none = JSON.stringify({ ...HEADER, n: 0, columns: ["row", "x", "y"].map((name) => ({ name, offset: 0 })) }).padEnd(400);
  const bytes = new TextEncoder().encode(`TSP1\0\0\0\0${none}`);
  new DataView(bytes.buffer).setUint32(4, 400, true);
  assert.equal(decode(bytes.buffer).rows.length, 0);
});

test("an answer that holds no points is said to be none", () => {
  for (const buffer of [encoded([["row", ROWS]], "TSP2"), new ArrayBuffer(0), new ArrayBuffer(3)])
    assert.throws(() => decode(buffer), RangeError);
});

test("addresses escape their parts and leave out what is not asked for", () => {
  assert.equal(
    address(["api", "points", "a/b", "ü"], { x: 0, colour: "n/rock & roll", box: null }),
    "/api/points/a%2Fb/%C3%BC?x=0&colour=n%2Frock+%26+roll",
  );
  assert.equal(address(["api", 3], { box: null }), "/api/3");
});

test("an error of the server comes in its own words", async () => {
  answering(() =>
    answer({ error: { code: "stale_revision", message: "The collection has changed.", hint: "Load the map again." } }, 409),
  );
  await assert.rejects(json("/api"), (error) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual(
      [error.code, error.message, error.hint, error.status],
      ["stale_revision", "The collection has changed.", "Load the map again.", 409],
    );
    return true;
  });
});

test("an error in no known shape names its status, and silence says that the server is away", async () => {
  answering(() => new Response("<h1>Bad gateway</h1>", { status: 502, statusText: "Bad Gateway" }));
  await assert.rejects(json("/api"), { code: "http", message: "The server answered 502 Bad Gateway." });
  answering(() => {
    throw new TypeError("fetch failed");
  });
  await assert.rejects(json("/api"), { code: "offline" });
});

test("whoever aborts hears of the abort, not of a server that is away", async () => {
  const controller = new AbortController();
  answering(() => {
    controller.abort();
    throw new DOMException("aborted", "AbortError");
  });
  await assert.rejects(json("/api", controller.signal), { name: "AbortError" });
});

test("a segment is asked for once, also when it came with others", async () => {
  const asked = answering(() => answer({ row: 3 }));
  const segments = new Segments("n", 4, null, 3);
  segments.know(/** @type {any} */ ([{ row: 1 }, { row: 2 }]));
  assert.deepEqual([(await segments.one(2)).row, (await segments.one(3)).row, (await segments.one(3)).row], [2, 3, 3]);
  assert.deepEqual(asked, ["/api/segments/n/3?revision=4"]);
  assert.equal(await segments.taggram(1), null);
});

test("a segment that is on its way is not asked for again, and is given up only when nobody waits for it", async () => {
  const signals = [];
  const arrive = [];
  globalThis.fetch = (_, { signal }) => {
    signals.push(signal);
    return new Promise((resolve, reject) => {
      arrive.push(() => resolve(answer({ row: 7 })));
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  const segments = new Segments("n", 4, null, 3);
  const [first, second] = [new AbortController(), new AbortController()];
  const [left, stayed] = [segments.one(7, first.signal), segments.one(7, second.signal)];
  first.abort();
  await assert.rejects(left, { name: "AbortError" });
  assert.deepEqual([signals.length, signals[0].aborted], [1, false]);
  arrive[0]();
  assert.equal((await stayed).row, 7);
  const [third, fourth] = [new AbortController(), new AbortController()];
  const both = [segments.one(8, third.signal), segments.one(8, fourth.signal)];
  for (const each of [third, fourth]) each.abort();
  for (const each of both) await assert.rejects(each, { name: "AbortError" });
  assert.deepEqual([signals.length, signals[1].aborted], [2, true]);
  const again = segments.one(8);
  arrive[2]();
  assert.equal((await again).row, 7);
});

test("an asker who takes over at once from the only one keeps the request", async () => {
  let n_asked = 0;
  let arrive;
  globalThis.fetch = (_, { signal }) => {
    n_asked++;
    return new Promise((resolve, reject) => {
      arrive = () => resolve(answer({ row: 7 }));
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  const segments = new Segments("n", 4, null, 3);
  const first = new AbortController();
  const left = segments.one(7, first.signal);
  first.abort();
  const taken = segments.one(7);
  await assert.rejects(left, { name: "AbortError" });
  arrive();
  assert.deepEqual([(await taken).row, n_asked], [7, 1]);
});

test("all who wait for a segment hear why it does not come, and the next who asks asks again", async () => {
  const asked = answering(() => answer({ error: { code: "stale_revision", message: "Changed.", hint: "" } }, 409));
  const segments = new Segments("n", 4, null, 3);
  const both = [segments.one(7), segments.one(7)];
  for (const each of both) await assert.rejects(each, { code: "stale_revision" });
  await assert.rejects(segments.one(7), { code: "stale_revision" });
  assert.equal(asked.length, 2);
});
