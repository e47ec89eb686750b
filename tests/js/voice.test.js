import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";

globalThis.window = globalThis;
const { Voice } = await import("../../app/static/js/player/voice.js");

/** An element that gets its metadata, and is there, when it is told. */
class FakeMedia extends EventTarget {
  HAVE_METADATA = 1;
  readyState = 0;
  error = null;
  seeking = false;
  paused = true;
  ended = false;
  #time_s = 0;

  get currentTime() {
    return this.#time_s;
  }

  set currentTime(at_s) {
    this.#time_s = at_s;
    this.seeking = true;
  }

  /** Stays open, as that of an element that fails with its metadata there. */
  play() {
    this.paused = false;
    return new Promise(() => {});
  }

  async tell(kind) {
    this.readyState = 1;
    if (kind === "seeked") this.seeking = false;
    this.dispatchEvent(new Event(kind));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("an element that is sent about keeps no listeners", async () => {
  const media = new FakeMedia();
  const voice = new Voice(media, "", null);
  const first = voice.seek(3);
  await media.tell("loadedmetadata");
  await media.tell("seeked");
  assert.equal(await first, true);
  const second = voice.seek(6);
  await media.tell("seeked");
  assert.equal(await second, true);
  const kept = ["loadedmetadata", "seeked", "error", "emptied"].map((kind) => getEventListeners(media, kind).length);
  assert.deepEqual(kept, [0, 0, 0, 0]);
});

test("an element that fails while it starts is told, though its promise to play stays open", { timeout: 2000 }, async () => {
  const media = new FakeMedia();
  const node = { connect: () => node, disconnect() {} };
  const mixer = { source: () => node, gain: () => node, connect() {}, time_s: 0 };
  const started = assert.rejects(new Voice(media, "", mixer).start(false), { name: "NotSupportedError" });
  media.error = { message: "The connection is gone." };
  await started;
});
