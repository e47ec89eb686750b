import assert from "node:assert/strict";
import { test } from "node:test";

import { Pace } from "../../app/static/js/map/pace.js";

const N = 1_000_000;

test("frames that are drawn in time draw more and more, up to all", () => {
  const pace = new Pace();
  let budget = 0;
  for (let now = 0; now < 600; now += 16) budget = pace.budget(now, N);
  assert.equal(budget, N);
});

test("frames that take long draw fewer at once, and never none", () => {
  const pace = new Pace();
  const first = pace.budget(0, N);
  assert.ok(pace.budget(200, N) <= first * 0.3);
  for (let now = 400; now < 4000; now += 200) pace.budget(now, N);
  assert.equal(pace.budget(4000, N), 10_000);
});

test("a rest between two movements says nothing about the frames", () => {
  const pace = new Pace();
  const first = pace.budget(0, N);
  assert.equal(pace.budget(5000, N), first);
});
