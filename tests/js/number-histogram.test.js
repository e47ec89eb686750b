import assert from "node:assert/strict";
import { test } from "node:test";

import { outline } from "../../app/static/js/lib/bars.js";
import { ends, steps } from "../../app/static/js/ui/number-histogram.js";

const BINS = [0, 1, 2, 3, 4].map((n) => ({ low: n / 10, high: (n + 1) / 10, n_all: 10, n_matching: n }));
const found = (low, high) => ({
  of: "rock",
  unit: "activation",
  bins: BINS,
  unbounded: false,
  low,
  high,
  words: [],
  n_words: 0,
  n_without: 0,
});

test("handles stand where the filter's ends are, and at the edges where it has none", () => {
  assert.deepEqual(steps(found(null, null)), { low: 0, high: 5 });
  assert.deepEqual(steps(found(0.2, null)), { low: 2, high: 5 });
  assert.deepEqual(steps(found(null, 0.3)), { low: 0, high: 3 });
  assert.deepEqual(steps(found(0.1, 0.4)), { low: 1, high: 4 });
});

test("an end within a bin leaves the bin, and there is always one", () => {
  assert.deepEqual(steps(found(0.25, 0.27)), { low: 2, high: 3 });
  assert.deepEqual(steps(found(9, null)), { low: 4, high: 5 });
  assert.deepEqual(steps(found(null, -1)), { low: 0, high: 1 });
});

test("what handles leave is said by edges, but not at the outermost ones; and read again it is the same", () => {
  assert.deepEqual(ends(found(null, null), { low: 0, high: 5 }), { low: null, high: null });
  for (let low = 0; low < 5; low++)
    for (let high = low + 1; high <= 5; high++) {
      const said = ends(found(null, null), { low, high });
      assert.deepEqual(steps(found(said.low, said.high)), { low, high });
    }
});

test("bars touch each other, from the foot to the share of the highest", () => {
  assert.equal(outline([1, 2, 0], 2, 10), "M0 10V5.00H1V0.00H2V10.00H3V10Z");
  assert.equal(outline([0], 0, 10), "M0 10V10.00H1V10Z");
});
