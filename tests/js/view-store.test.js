import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

globalThis.window = globalThis;
const { ViewStore } = await import("../../app/static/js/state/view-store.js");
const { settle } = await import("../../app/static/js/state/view-schema.js");
const { COLLECTION } = await import("./collection.js");

/** The browser's address as a page sees it, and what was written to it. */
class Address extends EventTarget {
  query = "";
  steps = [];

  push(query) {
    this.query = query;
    this.steps.push(query);
  }

  replace(query) {
    this.query = query;
    this.steps[Math.max(0, this.steps.length - 1)] = query;
  }
}

const { view: VIEW } = settle(COLLECTION, {});
let address;
let store;

beforeEach(() => {
  address = new Address();
  store = new ViewStore(VIEW, address);
});

test("another map is a step to come back to, with the box that was seen last", () => {
  store.set({ box: [0, 1, 0, 1] });
  store.set({ projection: "pca", box: null });
  assert.equal(address.steps.length, 2);
  assert.match(address.steps[0], /projection=tsne.*box=/);
  assert.match(address.steps[1], /projection=pca/);
  assert.doesNotMatch(address.steps[1], /box=/);
});

test("moving writes the present step, later or when asked to", () => {
  store.set({ box: [0, 1, 0, 1] });
  assert.doesNotMatch(address.query, /box=/);
  store.flush();
  assert.match(address.query, /box=0%2C1%2C0%2C1/);
  assert.equal(address.steps.length, 1);
});

test("a view that is the same again says nothing", () => {
  let n_changes = 0;
  store.addEventListener("change", () => n_changes++);
  store.set({ network: "one", box: null });
  assert.equal(n_changes, 0);
  store.set({ box: [0, 1, 0, 1] });
  store.set({ box: [0, 1, 0, 1] });
  assert.equal(n_changes, 1);
  store.flush();
});

test("back and forward change what is shown and leave the player alone", () => {
  store.set({ sound: "off", track: 4, segment: 2 });
  store.flush();
  store.followHistory((asked) => settle(COLLECTION, asked).view, new AbortController().signal);
  let changed = null;
  store.addEventListener("change", ({ detail }) => {
    changed = [...detail.keys];
  });
  address.query = "?network=two&layer=activations&projection=original&colour=one%2Fjazz&sound=point&track=1&segment=1";
  address.dispatchEvent(new Event("popped"));
  assert.deepEqual([store.view.network, store.view.sound, store.view.track, store.view.segment], ["two", "off", 4, 2]);
  assert.deepEqual(changed, ["network", "layer", "projection"]);
  store.flush();
});

test("a page that is gone hears no history", () => {
  const page = new AbortController();
  store.followHistory((asked) => settle(COLLECTION, asked).view, page.signal);
  page.abort();
  address.query = "?network=two";
  address.dispatchEvent(new Event("popped"));
  assert.equal(store.view.network, "one");
});
