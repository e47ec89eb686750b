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
  const voice = new Voice(media, null);
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
  const started = assert.rejects(new Voice(media, mixer).start(false), { name: "NotSupportedError" });
  media.error = { message: "The connection is gone." };
  await started;
});

/** A voice that is heard, the clock of its mixer, and what its gains were told, by their place on the way. */
async function heard() {
  const media = new FakeMedia();
  const told = [];
  media.play = async () => {
    media.paused = false;
    setTimeout(() => Object.assign(media, { currentTime: 1, seeking: false }), 1);
  };
  media.pause = () => Object.assign(media, { paused: true });
  const source = { connect: (to) => to, disconnect() {} };
  const mixer = {
    time_s: 0,
    get soon_s() {
      return this.time_s;
    },
    source: () => source,
    connect() {},
    rinse() {},
    gain() {
      const at = told.push([]) - 1;
      const gain = {
        cancelScheduledValues: () => told[at].splice(0),
        setValueCurveAtTime: (_, from_s, length_s) => told[at].push({ from_s, length_s }),
      };
      return { gain, connect: (to) => to, disconnect() {} };
    },
  };
  const voice = new Voice(media, mixer);
  await voice.start(true);
  return { voice, mixer, media, told };
}

test("a long fade that has begun is cut short when all is to be silent", async () => {
  const { voice, mixer, media, told } = await heard();
  voice.leave(5, 10);
  mixer.time_s = 7;
  voice.leave(7);
  const [, slow, short] = told;
  assert.deepEqual(slow, [{ from_s: 5, length_s: 10 }]);
  assert.equal(short[0]?.from_s, 7);
  assert.ok(short[0].length_s < 0.1 && voice.left_s < 0.1, `it sounds ${voice.left_s} s longer`);
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(media.paused, true);
});

test("a long fade that is only planned gives way to a short one, and a short one to no other", async () => {
  const { voice, mixer, told } = await heard();
  voice.leave(5, 10);
  mixer.time_s = 2;
  voice.leave(3);
  voice.leave(4);
  const [, fade, unused] = told;
  assert.deepEqual([fade.length, fade[0].from_s, unused.length], [1, 3, 0]);
  assert.ok(fade[0].length_s < 0.1);
  voice.stop();
});

test("an element that is given another track waits for that one, and says that the first is not there", async () => {
  const media = new FakeMedia();
  const voice = new Voice(media, null);
  voice.load("/audio/1");
  const first = voice.seek(3);
  voice.load("/audio/2");
  const second = voice.seek(6);
  media.dispatchEvent(new Event("emptied"));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([await first, media.src, media.currentTime], [false, "/audio/2", 0]);
  await media.tell("loadedmetadata");
  await media.tell("seeked");
  assert.deepEqual([await second, media.currentTime], [true, 6]);
});
