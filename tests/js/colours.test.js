import assert from "node:assert/strict";
import { test } from "node:test";

import { colourGroups, colourName, parse, settled, shortName } from "../../app/static/js/state/colours.js";
import { settle } from "../../app/static/js/state/view-schema.js";
import { COLLECTION } from "./collection.js";

const { view: VIEW } = settle(COLLECTION, {});

test("names of colours are read as the server reads them", () => {
  assert.deepEqual(parse("one/a/b"), { kind: "tag", network: "one", tag: "a/b" });
  assert.deepEqual(parse("top/one"), { kind: "top", network: "one" });
  assert.deepEqual(parse("field/file-tags/mood/theme"), { kind: "field", field: "file-tags/mood/theme" });
  assert.deepEqual(parse("difference/one/two/a/b"), { kind: "difference", network: "one", other: "two", tag: "a/b" });
});

for (const asked of ["one/rock", "two/a/b", "top/two", "field/artist", "difference/two/one/a/b"])
  test(`${asked} is there`, () => {
    assert.equal(settled(COLLECTION, VIEW, asked, assert.fail), asked);
  });

for (const asked of [
  "one/rokc",
  "top/empty",
  "top/three",
  "field/year",
  "difference/one/one/rock",
  "difference/one/two/x",
  "rock",
  "",
])
  test(`${asked || "nothing"} is not there, and the top tags are`, () => {
    const refused = [];
    assert.equal(
      settled(COLLECTION, VIEW, asked, (name) => refused.push(name)),
      "top/one",
    );
    assert.deepEqual(refused, [asked]);
  });

test("the sentence says what colours, and whose it is", () => {
  const said = (colour, network = "one") => colourName(COLLECTION, { colour, network });
  assert.equal(said(null), "nothing");
  assert.equal(said("one/rock"), "rock");
  assert.equal(said("one/rock", "two"), "rock of One");
  assert.equal(said("top/one"), "top tag");
  assert.equal(said("top/one", "two"), "top tag of One");
  assert.equal(said("field/file-tags/genre"), "genre");
  assert.equal(said("difference/one/two/rock"), "One less Two in rock");
  assert.equal(shortName(COLLECTION, "difference/one/two/a/b"), "a/b");
});

test("the picker offers what there is, by kind and by network", () => {
  const groups = colourGroups(COLLECTION, VIEW);
  assert.deepEqual(
    groups.map(({ title }) => title),
    ["Top tag", "Tracks", "One", "Two", "One less Two"],
  );
  for (const { options } of groups)
    for (const { value } of options) assert.equal(settled(COLLECTION, VIEW, value, assert.fail), value);
  const without = colourGroups({ ...COLLECTION, fields: [] }, VIEW);
  assert.ok(!without.some(({ title }) => title === "Tracks"));
});
