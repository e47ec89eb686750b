import assert from "node:assert/strict";
import { test } from "node:test";

import { count, counted, decimal, duration, harmless, isolated, percent, span, time } from "../../app/static/js/lib/format.js";

test("a time is never later than it is, and a hair below a tenth is that tenth", () => {
  assert.equal(time(71.968), "1:11.9");
  assert.equal(time(0), "0:00.0");
  assert.equal(time(59.99), "0:59.9");
  assert.equal(time(60), "1:00.0");
  assert.equal(time(3 * 2.992 - 1e-12), "0:08.9");
  assert.equal(time(0.1 + 0.2 - 1e-9), "0:00.3");
  assert.equal(time(3605.25), "60:05.2");
});

test("a span has thin spaces around its dash", () => {
  assert.equal(span(0, 2.992), "0:00.0\u2009–\u20090:02.9");
});

test("numbers are read in groups of three", () => {
  assert.deepEqual([0, 999, 1830, 1234567].map(count), ["0", "999", "1\u202f830", "1\u202f234\u202f567"]);
  assert.deepEqual(
    [0, 1, 2].map((n) => counted(n, "track")),
    ["0 tracks", "1 track", "2 tracks"],
  );
});

test("small shares keep a digit", () => {
  assert.deepEqual([0.42, 1, 0.004, 0].map(percent), ["42\u202f%", "100\u202f%", "0.4\u202f%", "0.0\u202f%"]);
  assert.equal(decimal(0.126), "0.13");
});

test("how long a collection sounds is said in hours and minutes", () => {
  const said = [0, 59.9, 60, 3599, 3600, 12483, 4_000_000].map((seconds) => duration(seconds).replaceAll("\u202f", " "));
  assert.deepEqual(said, ["0 s", "59 s", "1 min", "59 min", "1 h 0 min", "3 h 28 min", "1 111 h 6 min"]);
});

test("text from elsewhere cannot turn round or hide what stands beside it", () => {
  assert.equal(harmless("safe\u202egpj.exe\u202c"), "safegpj.exe");
  assert.equal(harmless("\u202aa\u202b\u202db\u202c"), "ab");
  assert.equal(harmless("bell\x07, escape\x1b[31m, null\0, next\x85, line\u2028end"), "bell, escape[31m, null, next, lineend");
  assert.equal(harmless("two\nlines\tapart"), "two\nlines\tapart");
  assert.equal(harmless("שלום, مرحبا, ¿qué?"), "שלום, مرحبا, ¿qué?");
});

test("isolates that belong together stay, those that reach beyond the text go", () => {
  assert.equal(harmless("a \u2067b\u2069 c"), "a \u2067b\u2069 c");
  for (const open of ["a\u2069b", "a\u2066b", "\u2069a\u2067", "\u2066\u2067a\u2069"])
    assert.equal(harmless(open), open.replace(/[\u2066-\u2069]/g, ""));
});

test("a name inside a sentence keeps to itself where it runs from right to left", () => {
  assert.equal(isolated("שלום 12"), "\u2068שלום 12\u2069");
  assert.equal(isolated("\u2069שלום\n12"), "\u2068שלום 12\u2069");
  assert.equal(isolated("rock"), "rock");
});
