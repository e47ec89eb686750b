import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, mock, test } from "node:test";

const REFUSED_AFTER_MS = 1000;
const IDLE_MS = 5000;

/** What is asked of it takes a while, and until then its state says what was: so the standard has it. */
class FakeContext {
  state = "suspended";
  mayRun = true;
  device_ms = 20;
  n_resumed = 0;

  resume() {
    this.n_resumed++;
    return this.mayRun ? this.#become("running") : new Promise(() => {});
  }

  suspend() {
    return this.#become("suspended");
  }

  async #become(state) {
    await new Promise((resolve) => setTimeout(resolve, this.device_ms));
    this.state = state;
  }
}

class FakeGain {
  connect() {}
}

globalThis.window = globalThis;
globalThis.AudioContext = class {
  constructor() {
    // biome-ignore lint/correctness/noConstructorReturn: each test sets up its context before the mixer makes it
    return context;
  }
};
globalThis.GainNode = FakeGain;
const { Mixer } = await import("../../app/static/js/player/mixer.js");

let context;
let page;
let activation;
let mixer;

/** Let time pass, and what waits for it go on. */
async function pass(ms) {
  mock.timers.tick(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

/** Ask for the clock, and be refused. */
async function refused() {
  const woken = assert.rejects(mixer.wake(), { name: "NotAllowedError" });
  await pass(REFUSED_AFTER_MS);
  await woken;
  mixer.rest();
}

function press() {
  context.mayRun = activation.hasBeenActive = true;
  page.dispatchEvent(new Event("keydown"));
}

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  context = new FakeContext();
  page = new EventTarget();
  activation = { hasBeenActive: false };
  globalThis.addEventListener = page.addEventListener.bind(page);
  Object.defineProperty(globalThis, "navigator", { value: { userActivation: activation }, configurable: true });
  mixer = new Mixer();
});

afterEach(() => mock.timers.reset());

test("a clock that is about to stand still, but does not yet say so, goes on", async () => {
  mixer.wake();
  await pass(context.device_ms);
  mixer.rest();
  await pass(IDLE_MS);
  assert.equal(context.state, "running");
  mixer.wake();
  await pass(context.device_ms);
  assert.equal(context.state, "running");
});

test("what a first gesture starts plays on, and the clock of a gesture that starts nothing rests", async () => {
  for (const starts of [true, false]) {
    context = new FakeContext();
    context.mayRun = activation.hasBeenActive = false;
    mixer = new Mixer();
    await refused();
    press();
    if (starts) mixer.wake();
    await pass(context.device_ms);
    assert.equal(context.state, "running");
    await pass(IDLE_MS);
    await pass(context.device_ms);
    assert.equal(context.state, starts ? "running" : "suspended");
  }
});

test("a gesture is waited for once, however often the clock was refused", async () => {
  context.mayRun = false;
  for (let i = 0; i < 3; i++) await refused();
  assert.equal(getEventListeners(page, "keydown").length, 1);
  const { n_resumed } = context;
  press();
  assert.equal(context.n_resumed, n_resumed + 1);
  await pass(context.device_ms);
  assert.equal(getEventListeners(page, "keydown").length, 0);
});

test("a slow loudspeaker is waited for where there has been a gesture", async () => {
  activation.hasBeenActive = true;
  context.device_ms = 3 * REFUSED_AFTER_MS;
  let isAwake = false;
  const woken = mixer.wake().then(() => {
    isAwake = true;
  });
  await pass(REFUSED_AFTER_MS);
  assert.equal(isAwake, false);
  await pass(2 * REFUSED_AFTER_MS);
  await woken;
  assert.equal(context.state, "running");
});
