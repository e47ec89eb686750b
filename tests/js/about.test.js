import assert from "node:assert/strict";
import { test } from "node:test";

import { about } from "../../app/static/js/state/about.js";
import { settle } from "../../app/static/js/state/view-schema.js";
import { COLLECTION } from "./collection.js";

const told = (changes, view = {}) => {
  const collection = structuredClone(COLLECTION);
  for (const network of collection.networks)
    for (const space of network.spaces) for (const projection of space.projections) Object.assign(projection, changes);
  return about(collection, settle(collection, view).view);
};

test("network, layer and projection have a sentence each", () => {
  const parts = told({ quality: null });
  assert.equal(parts.length, 3);
  for (const { term, text } of parts) assert.ok(term && text.endsWith("."), `${term} ${text}`);
});

test("the quality of a map stands beside what chance would give", () => {
  const parts = told({ quality: { neighbours_kept: 0.6712, k: 10, trustworthiness: 0.98 } });
  assert.match(parts.at(-1).text, /^of the 10 nearest neighbours of a segment in the space 0\.67 are kept, by chance 0\.\d+\.$/);
});

test("what a network is called tells what it is, and an unknown one is a network", () => {
  const collection = structuredClone(COLLECTION);
  const { view } = settle(collection, {});
  const network = collection.networks.find(({ name }) => name === view.network);
  assert.match(about(collection, view)[0].text, /^a network; it hears music in pieces of/);
  network.name = view.network = "msd-musicnn";
  assert.match(about(collection, view)[0].text, /timbre and rhythm, trained on .*Million Song Dataset/);
});
