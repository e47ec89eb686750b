import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.MediaMetadata = class {
  constructor(facts) {
    Object.assign(this, facts);
  }
};
const { tellSystem } = await import("../../app/static/js/player/media-session.js");

/** A session that refuses one action, as browsers do that do not know it. */
class FakeSession {
  handlers = {};
  position = null;
  playbackState = "none";
  metadata = null;

  setActionHandler(action, run) {
    if (action === "stop") throw new TypeError("unknown action");
    this.handlers[action] = run;
  }

  setPositionState(position) {
    this.position = position;
  }
}

function listening() {
  const asked = [];
  const player = Object.assign(new EventTarget(), { busy: false, time_s: 4, duration_s: 60 });
  const now = Object.assign(new EventTarget(), {
    player,
    segment: null,
    playOrPause: () => asked.push("play"),
    pause: () => asked.push("pause"),
    seek: (time_s) => asked.push(`seek ${time_s}`),
  });
  const session = new FakeSession();
  tellSystem(now, { skip: (step) => asked.push(`track ${step}`) }, session);
  return { asked, now, player, session };
}

test("keys of the system play, pause, seek and step by tracks", () => {
  const { asked, player, session } = listening();
  for (const [action, details] of [
    ["play"],
    ["pause"],
    ["previoustrack"],
    ["nexttrack"],
    ["seekto", { seekTime: 7 }],
    ["seekforward", {}],
    ["seekbackward", { seekOffset: 3 }],
  ])
    session.handlers[action](details);
  assert.deepEqual(asked, ["play", "pause", "track -1", "track 1", "seek 7", "seek 14", "seek 1"]);
  player.busy = true;
  session.handlers.play();
  assert.equal(asked.length, 7, "what plays is not paused by the key that plays");
});

test("the system knows title, artist, state and place", () => {
  const { now, player, session } = listening();
  now.segment = { track: { id: 1, title: "One", artist: null, album: "A", duration_s: 50 } };
  player.busy = true;
  now.dispatchEvent(new Event("change"));
  assert.deepEqual({ ...session.metadata }, { title: "One", artist: "", album: "A" });
  assert.equal(session.playbackState, "playing");
  assert.deepEqual(session.position, { duration: 60, position: 4, playbackRate: 1 });
  const { metadata } = session;
  player.busy = false;
  Object.assign(player, { time_s: 61, duration_s: null });
  player.dispatchEvent(new Event("state"));
  assert.equal(session.metadata, metadata, "another segment of a track is no other title");
  assert.equal(session.playbackState, "paused");
  assert.deepEqual(session.position, { duration: 50, position: 50, playbackRate: 1 }, "never behind the end");
});

test("a browser without a media session is left alone", () => {
  assert.doesNotThrow(() => tellSystem(new EventTarget(), null, undefined));
});
