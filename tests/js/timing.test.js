import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

globalThis.window = globalThis;
const { debounced, InTurn, Latest } = await import("../../app/static/js/lib/timing.js");

beforeEach(() => mock.timers.reset());

test("what is asked for again and again is done once, when nobody asks any more", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const action = mock.fn();
  const ask = debounced(action, 100);
  ask();
  mock.timers.tick(99);
  ask();
  mock.timers.tick(99);
  assert.equal(action.mock.callCount(), 0);
  mock.timers.tick(1);
  assert.equal(action.mock.callCount(), 1);
});

test("what waits can be cancelled, or done at once and not again", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const action = mock.fn();
  const ask = debounced(action, 100);
  ask.flush();
  assert.equal(action.mock.callCount(), 0, "nothing waits");
  ask();
  ask.cancel();
  mock.timers.tick(200);
  assert.equal(action.mock.callCount(), 0);
  ask();
  ask.flush();
  mock.timers.tick(200);
  assert.equal(action.mock.callCount(), 1);
});

test("a newer errand aborts the one before, whose answer is dropped", async () => {
  const latest = new Latest();
  const signals = [];
  let answer = () => {};
  const first = latest.run((signal) => {
    signals.push(signal);
    return new Promise((resolve) => {
      answer = resolve;
    });
  });
  const second = latest.run(async () => "second");
  answer("first");
  assert.deepEqual([await first, await second, signals[0].aborted], [undefined, "second", true]);
});

test("a failure is told to whoever still waits, and to nobody else", async () => {
  const latest = new Latest();
  await assert.rejects(
    latest.run(() => Promise.reject(new Error("no"))),
    { message: "no" },
  );
  const dropped = latest.run((signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))));
  latest.cancel();
  assert.equal(await dropped, undefined);
});

test("errands in turn find what the one before has left, also where that failed", async () => {
  const turns = new InTurn();
  const done = [];
  const slow = turns.run(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    done.push("slow");
    return 1;
  });
  const failing = turns.run(async () => {
    done.push("failing");
    throw new Error("no");
  });
  const quick = turns.run(() => done.push("quick"));
  await assert.rejects(failing, /no/);
  assert.equal(await slow, 1);
  await quick;
  assert.deepEqual(done, ["slow", "failing", "quick"]);
});

test("errands that are called off do not begin, and the next one waits for none of them", async () => {
  const turns = new InTurn();
  const done = [];
  let seen;
  turns.run(
    (signal) =>
      new Promise(() => {
        seen = signal;
      }),
  );
  const waiting = turns.run(async () => done.push("waiting"));
  await Promise.resolve();
  turns.cancel();
  await turns.run(async () => done.push("next"));
  assert.ok(seen.aborted);
  assert.deepEqual(done, ["next"]);
  assert.equal(await Promise.race([waiting, "none"]), "none");
});
