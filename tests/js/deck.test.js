import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

globalThis.window = globalThis;
const made = [];
class FakeMedia extends EventTarget {
  readyState = 0;
  HAVE_METADATA = 1;
  currentTime = 0;
  paused = true;
  error = null;

  setAttribute() {}

  append() {}

  removeAttribute() {
    this.src = "";
  }

  load() {
    this.error = null;
  }

  pause() {}
}
globalThis.document = {
  createElement() {
    const media = new FakeMedia();
    made.push(media);
    return media;
  },
};
const { Deck } = await import("../../app/static/js/player/deck.js");

let deck;

beforeEach(() => {
  made.length = 0;
  deck = new Deck({ append() {} }, { time_s: 0 });
});

test("however many tracks are heard, few elements are made, and the one unused for longest is used again", () => {
  for (let track = 1; track <= 30; track++) deck.take(`/audio/${track}`, 1);
  assert.deepEqual(
    made.map(({ src }) => src).sort(),
    [26, 27, 28, 29, 30].map((track) => `/audio/${track}`),
  );
  assert.equal(made.length, 5);
});

test("a track that is there is not loaded again, and best from where it is already", () => {
  const [first, second] = [deck.take("/audio/1", 1), deck.take("/audio/2", 1)];
  assert.equal(deck.take("/audio/1", 3), first);
  assert.equal(deck.take("/audio/2", 1), second);
  assert.equal(made.length, 2);
});

test("what sounds, and what is about to, keeps its element", () => {
  const heard = deck.take("/audio/1", 1);
  heard.media.paused = false;
  const next = deck.take("/audio/2", 1);
  deck.held.add(next);
  for (let track = 3; track <= 12; track++) deck.take(`/audio/${track}`, 1);
  assert.deepEqual([heard.url, next.url, made.length], ["/audio/1", "/audio/2", 5]);
});

test("what has failed is loaded anew", () => {
  const voice = deck.take("/audio/1", 1);
  voice.media.error = { message: "gone" };
  deck.drop(voice);
  assert.equal(voice.media.src, "");
  assert.equal(deck.take("/audio/1", 1).media.src, "/audio/1");
});
