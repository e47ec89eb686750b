import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

globalThis.window = globalThis;
globalThis.cancelAnimationFrame = () => {};
const { Queue } = await import("../../app/static/js/player/queue.js");
const { Heard, lastRows } = await import("../../app/static/js/player/heard.js");
const { asJson, m3u } = await import("../../app/static/js/player/queue-files.js");
const { WhatNext } = await import("../../app/static/js/player/what-next.js");

function segment(track, index = 0, n_segments = 3) {
  const first_row = 10 * track;
  const facts = { id: track, title: `T${track}`, artist: null, duration_s: 9, audio: `/audio/${track}` };
  return { track: facts, row: first_row + index, first_row, n_segments, index, start_s: 3 * index, end_s: 3 * index + 3 };
}

/** Wandering from the end of track n leads to track n + 1, in the middle. */
class FakeHome {
  network = "one";
  hop_s = 3;
  asked = [];

  async wander(wish) {
    this.asked.push(wish);
    return [segment(Math.floor(wish.rows.at(-1) / 10) + 1, 1)];
  }
}

class FakePlayer extends EventTarget {
  state = "playing";
  followed = null;

  follow(piece, crossfade_s) {
    this.followed = piece;
    this.crossfade_s = crossfade_s;
  }

  prime() {}

  tell(kind) {
    this.dispatchEvent(new CustomEvent(kind, { detail: { piece: this.followed } }));
  }
}

class FakeNow extends EventTarget {
  player = new FakePlayer();
  home = new FakeHome();
  sound = "on";
  segment = null;
  row = null;
  played = [];
  adopted = [];

  be(which) {
    this.segment = which;
    this.row = which.row;
    this.dispatchEvent(new Event("change"));
  }

  adopt(which) {
    this.adopted.push(which.track.id);
    this.be(which);
  }

  async playSegment(which) {
    this.played.push(which.track.id);
    this.be(which);
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 10));
const tracksOf = (queue) => queue.entries.map((entry) => entry.segment.track.id);
const kindsOf = (queue) => queue.entries.map((entry) => (entry.isAutomatic ? "a" : "c")).join("");

let now;
let next;

beforeEach(() => {
  now = new FakeNow();
  next = new WhatNext(now);
});

test("what is chosen comes before what was found, and behind what was chosen before", () => {
  const queue = new Queue();
  queue.find([segment(1), segment(2)], null);
  queue.choose([segment(3)], null);
  queue.choose([segment(4)], null);
  assert.deepEqual([tracksOf(queue), kindsOf(queue)], [[3, 4, 1, 2], "ccaa"]);
});

test("an entry moves within the ends, and what is moved by hand is chosen", () => {
  const queue = new Queue();
  queue.find([segment(1), segment(2), segment(3)], null);
  const [{ id }] = queue.entries;
  queue.move(id, 1);
  assert.deepEqual([tracksOf(queue), kindsOf(queue)], [[2, 1, 3], "cca"]);
  queue.move(id, 99);
  assert.deepEqual(tracksOf(queue), [2, 3, 1]);
  queue.move(id, -4);
  assert.deepEqual(tracksOf(queue), [1, 2, 3]);
  let n_told = 0;
  queue.addEventListener("change", () => n_told++);
  queue.move(id, 0);
  queue.move(77, 0);
  queue.remove(77);
  assert.equal(n_told, 0, "nothing moved, nothing told");
});

test("five are found ahead, each from the end of the one before, away from all that was heard", async () => {
  next.atEnd = "wander";
  now.be(segment(1));
  await settled();
  assert.deepEqual([tracksOf(next.queue), kindsOf(next.queue)], [[2, 3, 4, 5, 6], "aaaaa"]);
  assert.deepEqual(now.home.asked[0].rows, [10, 11, 12]);
  assert.deepEqual(now.home.asked[2], { rows: [11, 12, 21, 22, 31, 32].slice(-5), tracks: [1, 2], near: 75, seed: 1 });
  now.be(segment(1, 1));
  await settled();
  assert.equal(now.home.asked.length, 5, "the next segment of the track asks for nothing");
});

test("what follows leaves the queue, is what plays, and one more is found", async () => {
  next.atEnd = "wander";
  now.be(segment(1));
  await settled();
  assert.deepEqual(now.player.followed, { url: "/audio/2", start_s: 3, end_s: Infinity });
  now.player.tell("followed");
  await settled();
  assert.deepEqual([now.adopted, tracksOf(next.queue)], [[2], [3, 4, 5, 6, 7]]);
  assert.equal(now.player.followed.url, "/audio/3");
  assert.deepEqual(now.played, [], "nothing is begun again");
});

test("one that has begun is what plays, also where another was put before it at the last moment", async () => {
  now.be(segment(1));
  next.add([segment(2), segment(3)]);
  const { followed } = now.player;
  next.queue.move(next.queue.entries[1].id, 0);
  assert.equal(now.player.followed.url, "/audio/3");
  now.player.dispatchEvent(new CustomEvent("followed", { detail: { piece: followed } }));
  assert.deepEqual([now.adopted, tracksOf(next.queue), now.player.followed.url], [[2], [3], "/audio/3"]);
});

test("a jump elsewhere finds anew, and keeps what was chosen", async () => {
  next.atEnd = "wander";
  now.be(segment(1));
  await settled();
  next.add([segment(50)]);
  now.be(segment(20));
  await settled();
  assert.deepEqual([tracksOf(next.queue), kindsOf(next.queue)], [[50, 51, 52, 53, 54, 55], "caaaaa"]);
});

test("another seed or nearness finds anew, and another end of the track drops only what was found", async () => {
  next.atEnd = "wander";
  now.be(segment(1));
  await settled();
  next.seed = 7;
  next.near = 20;
  await settled();
  assert.deepEqual([now.home.asked.at(-1).seed, now.home.asked.at(-1).near], [7, 20]);
  next.add([segment(50)]);
  next.atEnd = "queue";
  assert.deepEqual(tracksOf(next.queue), [50]);
  assert.equal(now.player.followed.url, "/audio/50");
  next.atEnd = "stop";
  assert.equal(now.player.followed, null);
  next.add([segment(51)]);
  assert.equal(next.atEnd, "queue", "who adds wants to hear it");
});

test("another filter finds anew, also while it is being found, and keeps what was chosen", async () => {
  next.atEnd = "wander";
  now.be(segment(1));
  await settled();
  next.add([segment(50)]);
  await settled();
  const { home } = now;
  // of what matches by now
  home.wander = async (wish) => [segment(Math.floor(wish.rows.at(-1) / 10) + 100, 1)];
  now.dispatchEvent(new Event("filter"));
  await settled();
  assert.deepEqual([tracksOf(next.queue), kindsOf(next.queue)], [[50, 150, 250, 350, 450, 550], "caaaaa"]);
  let answer;
  home.wander = () => new Promise((resolve) => (answer = resolve));
  now.dispatchEvent(new Event("filter"));
  const late = answer;
  home.wander = async () => [];
  now.dispatchEvent(new Event("filter"));
  late([segment(7)]);
  await settled();
  assert.deepEqual(tracksOf(next.queue), [50], "what was found of the filter before comes too late");
});

test("where only the segment plays, or the pointer leads, nothing follows", () => {
  now.be(segment(1));
  next.add([segment(2)]);
  for (const [sound, url] of [
    ["segment", undefined],
    ["on", "/audio/2"],
    ["point", undefined],
  ]) {
    now.sound = sound;
    now.dispatchEvent(new Event("sound"));
    assert.equal(now.player.followed?.url, url);
  }
});

test("what cannot be played is told and left out", () => {
  now.be(segment(1));
  next.add([segment(2), segment(3)]);
  const lost = [];
  next.addEventListener("lost", ({ detail }) => lost.push(detail.entry.segment.track.id));
  now.player.tell("unfollowed");
  assert.deepEqual([lost, tracksOf(next.queue), now.player.followed.url], [[2], [3], "/audio/3"]);
});

test("an entry that is played now leaves the queue with all before it", async () => {
  now.be(segment(1));
  next.add([segment(2), segment(3), segment(4)]);
  await next.play(next.queue.entries[1]);
  assert.deepEqual([now.played, tracksOf(next.queue)], [[3], [4]]);
});

test("where nothing is left to go to, it is said once and not asked again", async () => {
  let n_told = 0;
  next.addEventListener("alone", () => n_told++);
  now.home.wander = async () => [];
  next.atEnd = "wander";
  now.be(segment(1));
  await settled();
  now.be(segment(1, 1));
  await settled();
  assert.equal(n_told, 1);
});

test("a point that was asked for is taken once", () => {
  const taken = [];
  next.ask((row) => taken.push(row));
  assert.deepEqual([next.takes(3), next.takes(4), taken], [true, false, [3]]);
  next.ask((row) => taken.push(row));
  next.ask(null);
  assert.equal(next.takes(5), false);
});

test("whoever waits for a point hears once that it is over, also where another takes over", () => {
  let n_told = 0;
  next.addEventListener("answered", () => n_told++);
  const acts = [() => next.takes(3), () => next.ask(null), () => next.ask(() => {})];
  for (const act of acts) {
    next.ask(() => {});
    assert.ok(next.isAsking);
    n_told = 0;
    act();
    assert.equal(n_told, 1);
  }
  assert.ok(next.isAsking);
});

test("twenty tracks are remembered, each once while it plays", () => {
  const heard = new Heard();
  for (let track = 1; track <= 30; track++) for (const index of [0, 1]) heard.add(segment(track, index));
  assert.deepEqual([heard.before([segment(30)]).length, heard.before([segment(30)]).at(-1)], [20, 29]);
  assert.deepEqual(heard.before([segment(30), segment(40)]).slice(-2), [29, 30]);
});

test("the last rows are those that are heard before the end", () => {
  assert.deepEqual(lastRows([segment(1, 0, 9)]), [14, 15, 16, 17, 18]);
  assert.deepEqual(lastRows([segment(1, 7, 9)]), [17, 18]);
});

test("the files name the tracks, one line each, whatever their titles hold", () => {
  const queue = new Queue();
  const odd = segment(1);
  odd.track.title = "a\nb";
  queue.choose([odd], { network: "one" });
  assert.equal(m3u(queue.entries, "http://here"), "#EXTM3U\n#EXTINF:9,unknown artist - a b\nhttp://here/audio/1\n");
  assert.deepEqual(JSON.parse(asJson(queue.entries)).queue[0].row, 10);
});
