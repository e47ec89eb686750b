import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

globalThis.window = globalThis;
globalThis.cancelAnimationFrame = () => {};
const { NowPlaying } = await import("../../app/static/js/player/now-playing.js");

/** What is asked of the player. */
class FakePlayer extends EventTarget {
  state = "idle";
  asked = [];
  busy = false;

  play(piece) {
    this.piece = piece;
    this.asked.push(["play", piece]);
  }

  load(piece) {
    this.piece = piece;
    this.asked.push(["load", piece]);
  }

  follow() {}

  become(piece) {
    this.asked.push(["become", piece]);
  }

  pause() {
    this.asked.push(["pause"]);
  }

  toggle() {
    this.asked.push(["toggle"]);
  }

  stop() {}
}

/** Track 1 has the rows 0-2, track 3 the rows 10-11, track 4 the row 20; track 2 is gone, and its rows with it. */
const TRACKS = [
  { id: 1, first_row: 0, n_segments: 3 },
  { id: 3, first_row: 10, n_segments: 2 },
  { id: 4, first_row: 20, n_segments: 1 },
];
const ROWS = Uint32Array.of(11, 2, 20, 0, 10, 1);
const NETWORK = { name: "one", hop_s: 3 };

const realFetch = globalThis.fetch;
let n_taggrams;
let player;
let now;

function segmentAt(row) {
  const track = TRACKS.find(({ first_row, n_segments }) => row >= first_row && row < first_row + n_segments);
  if (!track) return undefined;
  const index = row - track.first_row;
  const { id, first_row, n_segments } = track;
  return {
    row,
    index,
    first_row,
    n_segments,
    start_s: 3 * index,
    end_s: 3 * index + 3,
    tags: [],
    track: { id, audio: `/audio/${id}` },
  };
}

beforeEach(() => {
  n_taggrams = 0;
  player = new FakePlayer();
  now = new NowPlaying(player);
  globalThis.fetch = async (path) => {
    const [, row] = /segments\/one\/(\d+)/.exec(path) ?? [];
    const [, id, what] = /tracks\/(\d+)\/(taggram|rows)/.exec(path) ?? [];
    if (what === "taggram") n_taggrams++;
    const track = TRACKS.find((each) => each.id === Number(id));
    if (what === "rows") return new Response(JSON.stringify({ first_row: track.first_row, n_segments: track.n_segments }));
    const body = id
      ? { labels: [], values: Array(track.n_segments).fill([]), first_row: track.first_row, hop_s: 3 }
      : segmentAt(Number(row));
    if (body) return new Response(JSON.stringify(body));
    const error = { code: "stale_revision", message: "The collection has changed.", hint: "Load the map again." };
    return new Response(JSON.stringify({ error }), { status: 409 });
  };
});

afterEach(() => {
  globalThis.fetch = realFetch;
});

test("the next and the previous track are found over rows that are gone", async () => {
  now.use(NETWORK, 1, null, ROWS);
  await now.play(1);
  const seen = [];
  for (const step of [1, 1, 1, -1, -1, -1]) {
    await now.stepTrack(step);
    seen.push(now.segment.track.id);
  }
  assert.deepEqual(seen, [3, 4, 4, 3, 1, 1]);
});

test("a sample of rows leads to the first segment of the track that it is of", async () => {
  now.use(NETWORK, 1, null, Uint32Array.of(20, 11, 2));
  await now.play(0);
  await now.stepTrack(1);
  assert.deepEqual([now.segment.track.id, now.segment.row], [3, 10]);
});

test("steps within a track stop at its ends", async () => {
  now.use(NETWORK, 1, null, ROWS);
  await now.play(2);
  assert.equal(now.step(1), undefined);
  await now.step(-1);
  assert.equal(now.segment.row, 1);
  assert.deepEqual(player.asked.at(-1), ["play", { url: "/audio/1", start_s: 3, end_s: Infinity }]);
});

test("what plays goes on to the end of its track, or ends with its segment, and another mode begins nothing again", async () => {
  now.use(NETWORK, 1, null, ROWS);
  for (const [mode, end_s] of [
    ["on", Infinity],
    ["segment", 6],
    ["point", Infinity],
  ]) {
    now.sound = mode;
    await now.play(1);
    assert.deepEqual(player.asked.at(-1), ["play", { url: "/audio/1", start_s: 3, end_s }]);
  }
  const n_played = player.asked.filter(([what]) => what === "play").length;
  now.sound = "segment";
  assert.deepEqual(player.asked.at(-1), ["become", { url: "/audio/1", start_s: 3, end_s: 6 }]);
  assert.equal(player.asked.filter(([what]) => what === "play").length, n_played);
});

test("a moment of the track leads to its segment, and beyond its ends to the first and the last", async () => {
  now.use(NETWORK, 1, null, ROWS);
  await now.play(0);
  const found = [];
  for (const time_s of [4, -5, 100]) {
    await now.seek(time_s);
    found.push(now.segment.index);
  }
  assert.deepEqual(found, [1, 0, 2]);
});

test("what is known of a network is kept while its revision lasts, and what plays is found again in the next", async () => {
  const segments = now.use(NETWORK, 1, "one", ROWS);
  await now.play(11);
  assert.equal(now.use(NETWORK, 1, "one", ROWS), segments);
  assert.equal(n_taggrams, 1);
  player.busy = true;
  const n_asked = player.asked.length;
  assert.notEqual(now.use(NETWORK, 2, "one", ROWS), segments);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(now.segment.row, 11);
  assert.equal(player.asked.length, n_asked, "what sounds goes on");
});

test("wandering and paths keep to the filter, and another one is told", async () => {
  const asked = [];
  globalThis.fetch = async (path) => {
    asked.push(path);
    return new Response(JSON.stringify({ segments: [] }));
  };
  let n_told = 0;
  now.addEventListener("filter", () => n_told++);
  const wish = { rows: [1], tracks: [], near: 75, seed: 1 };
  const seen = [];
  for (const [network, filter] of [
    [NETWORK, null],
    [NETWORK, "rock>p90"],
    [NETWORK, "rock>p90"],
    [{ name: "two", hop_s: 3 }, "rock>p90"],
    [{ name: "two", hop_s: 3 }, null],
    [NETWORK, null],
  ]) {
    const segments = now.use(network, 1, null, ROWS, { layer: "activations", filter });
    await segments.wander(wish);
    await segments.path(1, 2, 5);
    const filters = asked.splice(0).map((path) => new URL(path, "http://here").searchParams.get("filter"));
    assert.deepEqual(filters, [filter, filter]);
    seen.push(n_told);
  }
  assert.deepEqual(seen, [0, 1, 1, 2, 3, 3]);
});

test("wandering keeps to a selection on every network, and whoever follows is told when it is another", async () => {
  const asked = [];
  globalThis.fetch = async (path) => {
    asked.push(path);
    return new Response(JSON.stringify({ segments: [] }));
  };
  let n_told = 0;
  now.addEventListener("filter", () => n_told++);
  const kept = [];
  for (const within of ["track:1", "track:1", null]) {
    now.within = within;
    const segments = now.use(n_told % 2 ? NETWORK : { name: "two", hop_s: 3 }, 1, null, ROWS);
    await segments.wander({ rows: [1], tracks: [], near: 75, seed: 1 });
    kept.push([n_told, new URL(asked.splice(0).at(-1), "http://here").searchParams.get("selection")]);
  }
  assert.deepEqual(kept, [
    [1, "track:1"],
    [1, "track:1"],
    [2, null],
  ]);
});

test("a segment of another network has no row here, and no step, until it is found again", async () => {
  now.use(NETWORK, 1, null, ROWS);
  await now.play(1);
  assert.equal(now.row, 1);
  const answer = globalThis.fetch;
  const error = { code: "no_features", message: "Nothing has been extracted.", hint: "Run: flask sync" };
  globalThis.fetch = async () => new Response(JSON.stringify({ error }), { status: 404 });
  let n_told = 0;
  now.addEventListener("change", () => n_told++);
  now.use({ name: "two", hop_s: 1 }, 1, null, ROWS);
  assert.deepEqual([now.row, now.segment.row, n_told], [null, 1, 1]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  globalThis.fetch = answer;
  const n_asked = player.asked.length;
  now.step(1);
  now.playFrom(2);
  await now.stepTrack(1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual([now.row, now.segment.row, player.asked.length], [null, 1, n_asked]);
  now.playOrPause();
  assert.deepEqual(player.asked.at(-1), ["toggle"], "what is in the player can still be played");
  now.use(NETWORK, 1, null, ROWS);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(now.row, 1);
});

test("a track that plays on is followed in the network in which it is found again, with the tags of that one", async () => {
  const looks = [];
  globalThis.requestAnimationFrame = (look) => looks.push(look);
  now.use(NETWORK, 1, "one", ROWS);
  await now.play(0);
  now.playFrom(0);
  await new Promise((resolve) => setTimeout(resolve, 5));
  Object.assign(player, { state: "playing", busy: true, time_s: 1 });
  player.dispatchEvent(new Event("state"));
  const answer = globalThis.fetch;
  // the other network has the track at the rows 100-102
  globalThis.fetch = async (path) => {
    const said = await (await answer(path.replace(/one\/10(\d)/, "one/$1"))).json();
    for (const name of ["row", "first_row"]) if (name in said) said[name] += 100;
    return new Response(JSON.stringify(said));
  };
  const { taggram } = now;
  now.use({ name: "one", hop_s: 2 }, 2, "one", ROWS);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(now.row, 100);
  assert.notEqual(now.taggram, taggram);
  player.time_s = 4;
  looks.at(-1)();
  assert.equal(now.row, 102);
});

test("with nothing in the player its button does what the page offers, for as long as the page is there", async () => {
  now.use(NETWORK, 1, null, ROWS);
  const page = new AbortController();
  let n_offered = 0;
  now.offer(() => n_offered++, page.signal);
  now.playOrPause();
  assert.deepEqual([n_offered, now.hasOffer], [1, true]);
  page.abort();
  now.playOrPause();
  assert.deepEqual([n_offered, now.hasOffer], [1, false]);
  await now.play(0);
  now.playOrPause();
  assert.deepEqual(player.asked.at(-1), ["toggle"]);
});

test("switching the sound off pauses, and is told once", () => {
  let n_told = 0;
  now.addEventListener("sound", () => n_told++);
  assert.equal(now.sound, null);
  now.sound = "off";
  now.sound = "off";
  assert.deepEqual([n_told, player.asked], [1, [["pause"]]]);
});

test("what is paused before its answer is there does not begin: it is shown, and ready", async () => {
  now.use(NETWORK, 1, null, ROWS);
  await now.play(1);
  const acts = [() => now.play(10), () => now.stepTrack(1), () => now.playSegment(segmentAt(10), "another network")];
  for (const act of acts) {
    const begun = act();
    now.pause();
    await begun;
    assert.equal(now.row, 10);
    assert.equal(player.asked.filter(([what]) => what === "play").length, 1);
    assert.equal(player.asked.at(-1)[0], "load");
    await now.show(1);
  }
  const begun = now.play(10);
  now.sound = "off";
  await begun;
  assert.equal(player.asked.at(-1)[0], "load");
  await now.play(11);
  assert.equal(player.asked.at(-1)[0], "play", "what is played later plays");
});

test("what is only shown does not follow what plays on", async () => {
  const looks = [];
  globalThis.requestAnimationFrame = (look) => looks.push(look);
  now.use(NETWORK, 1, null, ROWS);
  await now.play(0);
  Object.assign(player, { state: "playing", busy: true, time_s: 1 });
  player.dispatchEvent(new Event("state"));
  await now.show(10);
  player.time_s = 4;
  looks.at(-1)();
  assert.deepEqual([now.row, now.segment.index], [10, 0]);
  await now.play(10);
  looks.at(-1)();
  assert.equal(now.row, 11, "once it plays it does");
});

test("a segment is found again by its track and index, in a network without tags, too", async () => {
  for (const tagNetwork of ["one", null]) {
    now = new NowPlaying(player);
    now.use(NETWORK, 1, tagNetwork, ROWS);
    await now.restore(3, 1);
    assert.equal(now.segment?.row, 11);
    await now.restore(3, 7);
    assert.equal(now.segment?.row, 11, "there is no such segment");
  }
});

test("an error is told with its code, and what was there stays", async () => {
  now.use(NETWORK, 1, null, ROWS);
  await now.play(0);
  let code = "";
  now.addEventListener("failed", ({ detail }) => {
    code = detail.code;
  });
  await now.play(5);
  assert.deepEqual([code, now.segment.row], ["stale_revision", 0]);
});
