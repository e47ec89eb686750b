import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { askAhead, forgetAhead } from "../../app/static/js/api/ahead.js";
import { json, request } from "../../app/static/js/api/client.js";

const realFetch = globalThis.fetch;
afterEach(() => {
  forgetAhead();
  globalThis.fetch = realFetch;
});

/** Answer with how often was asked, and keep the signals. */
function counting() {
  const signals = [];
  globalThis.fetch = async (_path, { signal }) => {
    signals.push(signal);
    return new Response(JSON.stringify(signals.length));
  };
  return signals;
}

test("what was asked ahead is not asked for again, and only the first who comes has it", async () => {
  const asked = counting();
  const ahead = askAhead("/a");
  assert.equal(await json("/a"), 1);
  assert.equal(await (await ahead).json(), 1);
  assert.equal(await json("/a"), 2);
  assert.equal(asked.length, 2);
});

test("other addresses are asked for as ever", async () => {
  counting();
  askAhead("/a");
  assert.equal(await json("/b"), 2);
});

test("whoever takes an answer can end it, also when he had ended before he came", async () => {
  for (const isEarly of [false, true]) {
    const [signal] = [counting(), askAhead("/a")][0];
    const mine = new AbortController();
    if (isEarly) mine.abort();
    await request("/a", mine.signal);
    mine.abort();
    assert.ok(signal.aborted);
  }
});

test("an answer that nobody took is forgotten, since later it would be old", async () => {
  const signals = counting();
  askAhead("/a");
  forgetAhead();
  assert.ok(signals[0].aborted);
  assert.equal(await json("/a"), 2);
});

test("what fails ahead is told to whoever takes it", async () => {
  globalThis.fetch = async () => {
    throw new TypeError("no server");
  };
  askAhead("/a").catch(() => {});
  await assert.rejects(json("/a"), { code: "offline" });
});
