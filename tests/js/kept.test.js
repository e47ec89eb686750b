import assert from "node:assert/strict";
import { test } from "node:test";

import { countsInView, levelCounts } from "../../app/static/js/map/in-view.js";
import { alone, keeping, rangeOf, toggled, wordsOf, writtenRange, writtenWords } from "../../app/static/js/map/kept.js";

const ALL = { low: 0, high: 254 };
const NUMBERS = { kind: "number", steps: 1, categories: [] };
const WORDS = {
  kind: "word",
  steps: 19,
  categories: [
    { word: "rock", colour: 3 },
    { word: "a|b*\\", colour: 7 },
    { word: null, colour: 12 },
  ],
};

test("a range survives the address, and all of it is not written", () => {
  assert.equal(writtenRange(ALL), null);
  for (const range of [
    { low: 0, high: 100 },
    { low: 7, high: 254 },
    { low: 33, high: 33 },
  ])
    assert.deepEqual(rangeOf(writtenRange(range)), range);
});

for (const text of [null, "", "rock", "0.5", "0.7..0.2", "-1..0.5", "0..2", "0.1..x"])
  test(`${text} keeps all`, () => assert.deepEqual(rangeOf(text), ALL));

test("words survive the address, whatever they are made of", () => {
  const words = new Set(["rock", "a|b*\\", "*", null]);
  assert.deepEqual(wordsOf(writtenWords(words)), words);
  assert.equal(writtenWords(null), null);
  assert.equal(wordsOf(null), null);
});

test("a click drops a word or keeps it again, and never leaves none", () => {
  const every = ["a", "b", null];
  assert.deepEqual(toggled(every, null, "a"), new Set(["b", null]));
  assert.equal(toggled(every, new Set(["b", null]), "a"), null);
  assert.equal(toggled(every, new Set(["b"]), "b"), null);
  assert.deepEqual(toggled(every, new Set(["gone", "b"]), null), new Set(["b", null]));
});

test("only one word is kept, and all again at the second time", () => {
  assert.deepEqual(alone(null, "a"), new Set(["a"]));
  assert.deepEqual(alone(new Set(["b"]), "a"), new Set(["a"]));
  assert.equal(alone(new Set(["a"]), "a"), null);
});

test("levels are kept by range or by word, and those without a value only where all are", () => {
  const levels = (colour, kept) => Array.from({ length: 256 }, (_, level) => level).filter(keeping(colour, kept));
  assert.equal(levels(NUMBERS, null).length, 256);
  assert.equal(levels(null, "0..0.5").length, 256);
  assert.deepEqual(levels(NUMBERS, "0.5..0.504"), [127, 128]);
  const [rock, other] = [levels(WORDS, "rock"), levels(WORDS, "*")];
  assert.deepEqual([rock.at(0), rock.at(-1), rock.length], [57, 75, 19]);
  assert.deepEqual([other.at(0), other.at(-1)], [228, 246]);
  assert.deepEqual(levels(WORDS, writtenWords(new Set(["a|b*\\"])))[0], 133);
});

test("points in view are counted by level, on the edge as well", () => {
  const points = {
    n: 4,
    box: [0, 10, 0, 10],
    x: new Uint16Array([0, 65535, 32768, 6554]),
    y: new Uint16Array([0, 65535, 32768, 6554]),
    values: new Uint8Array([1, 1, 2, 255]),
  };
  assert.deepEqual(
    [...levelCounts(points).entries()].filter(([, n]) => n),
    [
      [1, 2],
      [2, 1],
      [255, 1],
    ],
  );
  const { n, counts } = countsInView(points, [-1, 5.1, 0, 6]);
  assert.deepEqual([n, counts[1], counts[2], counts[255]], [3, 1, 1, 1]);
  assert.equal(countsInView({ ...points, values: null }, [0, 10, 0, 10]).n, 4);
});
