import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

globalThis.window = globalThis;
const { ViewStore } = await import("../../app/static/js/state/view-store.js");
const { settle } = await import("../../app/static/js/state/view-schema.js");
const { COLLECTION } = await import("./collection.js");

/** The browser's address and history as a page sees them. */
class Address extends EventTarget {
  steps = [""];
  at = 0;
  kept = 0;

  get query() {
    return this.steps[this.at];
  }

  get isMoved() {
    return this.at !== this.kept;
  }

  push(query) {
    this.steps = [...this.steps.slice(0, this.at + 1), query];
    this.kept = this.at = this.steps.length - 1;
  }

  replace(query) {
    this.steps[this.at] = query;
    this.keep();
  }

  keep() {
    this.kept = this.at;
  }

  undo() {
    this.go(this.kept);
  }

  /** Back or forward. */
  go(at) {
    this.at = at;
    this.dispatchEvent(new Event("popped"));
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
  assert.equal(address.steps.length, 1);
  store.keep();
  assert.equal(address.steps.length, 2);
  assert.match(address.steps[0], /projection=tsne.*box=/);
  assert.match(address.steps[1], /projection=pca/);
  assert.doesNotMatch(address.steps[1], /box=/);
});

test("what could not be shown goes back, and is no step", () => {
  store.set({ box: [0, 1, 0, 1] });
  store.set({ colour: "one/rock" });
  assert.equal(store.view.colour, "one/rock");
  store.set({ sound: "off" });
  assert.deepEqual(store.giveBack(), { colour: "one/rock" });
  store.flush();
  assert.deepEqual([store.view.colour, store.view.sound], [VIEW.colour, "off"]);
  assert.equal(address.steps.length, 1);
  assert.match(address.query, /colour=top%2Fone&box=0%2C1%2C0%2C1&sound=off/);
});

test("another map that could not be shown is asked for again with its own box", () => {
  store.set({ box: [0, 1, 0, 1] });
  store.set({ projection: "pca", box: null });
  assert.deepEqual(store.giveBack(), { projection: "pca", box: null });
  assert.deepEqual([store.view.projection, store.view.box], ["tsne", [0, 1, 0, 1]]);
  store.flush();
});

test("back to what cannot be shown returns to the step that is, which keeps the box that is seen now", () => {
  store.followHistory((asked) => settle(COLLECTION, asked).view, new AbortController().signal);
  store.set({ colour: "one/rock" });
  store.keep();
  address.go(0);
  assert.equal(store.view.colour, "top/one");
  store.set({ box: [0, 1, 0, 1] });
  store.giveBack();
  store.flush();
  assert.equal(store.view.colour, "one/rock");
  assert.deepEqual([address.at, address.steps.length, address.isMoved], [1, 2, false]);
  assert.match(address.steps[1], /colour=one%2Frock&box=0/);
  assert.match(address.steps[0], /colour=top%2Fone/);
  address.go(0);
  store.keep();
  assert.equal(store.view.colour, "top/one");
});

test("what is chosen while an earlier step is on its way comes after that step", () => {
  store.followHistory((asked) => settle(COLLECTION, asked).view, new AbortController().signal);
  store.set({ colour: "one/rock" });
  store.keep();
  address.go(0);
  store.set({ colour: "two/rock" });
  store.keep();
  assert.deepEqual([address.at, address.steps.length], [1, 2]);
  assert.match(address.steps[0], /colour=top%2Fone/);
  assert.match(address.steps[1], /colour=two%2Frock/);
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
  address.steps.push("?network=two&layer=activations&projection=original&colour=top%2Fone&sound=point&track=1&segment=1");
  address.go(1);
  assert.deepEqual([store.view.network, store.view.sound, store.view.track, store.view.segment], ["two", "off", 4, 2]);
  assert.deepEqual(changed, ["network", "layer", "projection"]);
  store.flush();
});

test("a page that is gone hears no history", () => {
  const page = new AbortController();
  store.followHistory((asked) => settle(COLLECTION, asked).view, page.signal);
  page.abort();
  address.steps.push("?network=two");
  address.go(1);
  assert.equal(store.view.network, "one");
});

test("what is given back is told with every key that is another again", () => {
  store.set({ kept: "1,2" });
  const told = [];
  store.addEventListener("returned", ({ detail }) => told.push([...detail.keys].sort(), store.view.kept));
  store.set({ colour: "one/rock", kept: null, filter: "rock>p90" });
  assert.equal(store.view.kept, null);
  assert.deepEqual(Object.keys(store.giveBack()).sort(), ["colour", "filter"]);
  assert.deepEqual(told, [["colour", "filter", "kept"], "1,2"]);
  store.flush();
});
