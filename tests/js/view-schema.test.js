import assert from "node:assert/strict";
import { test } from "node:test";

import { fromQuery, isOtherMap, KEYS, LISTENING, patched, SCHEMA, settle, toQuery } from "../../app/static/js/state/view-schema.js";
import { COLLECTION } from "./collection.js";

const { view: VIEW } = settle(COLLECTION, {});

test("without an address the best map of the first network is shown, coloured by the top tags", () => {
  assert.deepEqual(VIEW, {
    granularity: "segments",
    network: "one",
    layer: "embeddings",
    projection: "tsne",
    x: 0,
    y: 1,
    colour: "top/one",
    scale: "rank",
    kept: null,
    selection: null,
    filter: null,
    rest: "pale",
    box: null,
    thread: "pointed",
    labels: true,
    sound: "on",
    track: null,
    segment: null,
  });
});

test("every key of a view survives being written to the address and read again", () => {
  const whole = {
    granularity: "averages",
    network: "one",
    layer: "activations",
    projection: "original",
    x: 2,
    y: 0,
    colour: "two/a/b",
    scale: "value",
    kept: "0.25..1",
    selection: "not (track:7 plus artist:2)",
    filter: "rock>p90 -artist:bach",
    rest: "hidden",
    box: [-1.5, 2, 1e-3, 4],
    thread: "playing",
    labels: false,
    sound: "off",
    track: 7,
    segment: 0,
  };
  assert.deepEqual(Object.keys(whole), KEYS);
  assert.deepEqual(fromQuery(toQuery(whole)), whole);
  assert.deepEqual(settle(COLLECTION, fromQuery(toQuery(whole))), { view: whole, unknown: [] });
  const without = { ...VIEW, colour: null };
  assert.deepEqual(settle(COLLECTION, fromQuery(toQuery(without))).view, without);
});

test("older addresses say that a click plays: it plays on now", () => {
  assert.deepEqual(fromQuery("sound=click"), { sound: "on" });
});

test("a box is written with six digits", () => {
  assert.match(toQuery({ ...VIEW, box: [1 / 3, 1e6 / 3, -1 / 3, 2e-7 / 3] }), /box=0\.333333%2C333333%2C-0\.333333%2C6\.66667e-8/);
});

for (const [query, key] of [
  ["x=1.5", "x"],
  ["y=-1", "y"],
  ["track=seven", "track"],
  ["segment=", "segment"],
  ["sound=loud", "sound"],
  ["scale=log", "scale"],
  ["kept=", "kept"],
  ["network=", "network"],
  ["box=1,2,3", "box"],
  ["box=2,1,0,1", "box"],
  ["box=0,1,0,Infinity", "box"],
  ["box=0,1,0,x", "box"],
]) {
  test(`what cannot be read is as good as not asked for: ${query}`, () => {
    assert.deepEqual(fromQuery(query), {});
    assert.deepEqual(settle(COLLECTION, fromQuery(query)).view[key], VIEW[key]);
  });
}

test("names that are not stored are told, and what belonged to them is dropped", () => {
  const asked = { network: "onee", x: 1, y: 0, box: [0, 1, 0, 1], projection: "pca", colour: "one/rokc", track: 3 };
  const { view, unknown } = settle(COLLECTION, asked);
  assert.deepEqual(unknown, ["onee", "one/rokc"]);
  assert.deepEqual(
    [view.network, view.projection, view.x, view.y, view.box, view.colour, view.track],
    ["one", "pca", 0, 1, null, "top/one", 3],
  );
});

test("an unknown colour leaves the place that is looked at", () => {
  assert.deepEqual(settle(COLLECTION, { colour: "one/rokc", box: [0, 1, 0, 1] }).view.box, [0, 1, 0, 1]);
});

test("a network without anything extracted cannot be chosen", () => {
  assert.deepEqual(settle(COLLECTION, { network: "empty" }).unknown, ["empty"]);
  assert.deepEqual(
    SCHEMA.network.options(COLLECTION, VIEW).flatMap(({ options }) => options.map(({ value }) => value)),
    ["one", "two"],
  );
});

test("axes that the map does not have are replaced, and those of a map without meaning are its first two", () => {
  const original = { layer: "activations", projection: "original" };
  assert.deepEqual(
    [settle(COLLECTION, { ...original, x: 2, y: 9 }).view.x, settle(COLLECTION, { ...original, x: 2, y: 9 }).view.y],
    [2, 1],
  );
  assert.deepEqual(
    [settle(COLLECTION, { projection: "tsne", x: 1, y: 0 }).view.x, settle(COLLECTION, { x: 1, y: 0 }).view.y],
    [0, 1],
  );
});

for (const key of ["network", "layer", "projection"]) {
  test(`another ${key} has other axes and no box yet, and keeps the rest`, () => {
    const before = { ...VIEW, x: 2, y: 2, box: [0, 1, 0, 1], sound: "off" };
    const asked = patched(before, { [key]: "other" });
    assert.deepEqual(asked, {
      granularity: "segments",
      network: "one",
      layer: "embeddings",
      projection: "tsne",
      colour: "top/one",
      scale: "rank",
      kept: null,
      selection: null,
      filter: null,
      rest: "pale",
      thread: "pointed",
      labels: true,
      sound: "off",
      track: null,
      segment: null,
      [key]: "other",
    });
  });
}

test("another axis drops the box, another colour keeps it, and a key that stays the same resets nothing", () => {
  const before = { ...VIEW, box: [0, 1, 0, 1] };
  assert.equal("box" in patched(before, { x: 2 }), false);
  assert.deepEqual(patched(before, { colour: null }).box, [0, 1, 0, 1]);
  assert.deepEqual(patched(before, { network: VIEW.network }), before);
});

test("another colour or another scale keeps all of its levels", () => {
  const before = { ...VIEW, kept: "jazz|rock" };
  assert.equal("kept" in patched(before, { colour: "one/rock" }), false);
  assert.equal("kept" in patched(before, { scale: "value" }), false);
  assert.equal(patched(before, { layer: "activations" }).kept, "jazz|rock");
});

test("what is shown becomes a step of the history; moving, sound and what plays do not", () => {
  const steps = KEYS.filter((key) => SCHEMA[key].history);
  assert.deepEqual(steps, ["granularity", "network", "layer", "projection", "x", "y", "colour", "scale", "filter"]);
  assert.deepEqual(LISTENING, ["sound", "track", "segment"]);
  assert.deepEqual(
    KEYS.filter((key) => isOtherMap([key])),
    ["network", "layer", "projection", "x", "y"],
  );
});

test("pickers offer what the schema can read back", () => {
  for (const key of KEYS.filter((each) => SCHEMA[each].options)) {
    const options = SCHEMA[key].options(COLLECTION, { ...VIEW, projection: "pca" }).flatMap((group) => group.options);
    assert.ok(options.length > 0, key);
    for (const { value } of options) assert.equal(SCHEMA[key].write(SCHEMA[key].parse(value)), value, key);
  }
});

test("axes are named by tag, by dimension, or with the variance that they explain", () => {
  const names = (view) => SCHEMA.x.options(COLLECTION, { ...VIEW, ...view })[0].options.map(({ label }) => label);
  assert.deepEqual(names({ layer: "activations", projection: "original" }), ["rock", "jazz", "a/b"]);
  assert.deepEqual(names({ projection: "original" }), ["dimension 0", "dimension 1", "dimension 2"]);
  assert.deepEqual(names({ projection: "pca" }), ["PCA 1 (60\u202f%)", "PCA 2 (0.4\u202f%)"]);
});
