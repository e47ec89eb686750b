// What happens at the end of a track: it stops, the next of the queue plays, or it wanders on to a neighbour. Choosing another way
// never begins again what plays.

/** @import {Segment} from "../types/api" */
/** @import {Entry} from "./queue.js" */
/** @import {NowPlaying} from "./now-playing.js" */
/** @import {Piece} from "./player.js" */

import { ApiError } from "../api/client.js";
import { Latest } from "../lib/timing.js";
import { numberWithin, oneOf, remember, remembered } from "../lib/remembered.js";
import { Heard, lastRows } from "./heard.js";
import { Queue } from "./queue.js";

/** @typedef {"stop" | "queue" | "wander"} AtEnd */

/** @type {AtEnd[]} */
export const AT_END = ["stop", "queue", "wander"];
/** So many are found ahead, to be seen and edited. */
const N_FOUND = 5;
const MOST_SEED = 999999;
export const LONGEST_CROSSFADE_S = 10;

/**
 * Dispatches `change` when another way is chosen or the queue is another, and `failed` with an ApiError where nothing can be found;
 * `lost` with an entry whose sound cannot be played, `alone` when wandering finds nothing to go on to, and `answered` when nobody
 * waits for a point any more; `line` when a line is wanted, which whoever can draw it prevents the default of.
 */
export class WhatNext extends EventTarget {
  queue = new Queue();
  heard = new Heard();
  /** @type {AtEnd} */
  #atEnd = remembered("at-end", oneOf(AT_END)) ?? "queue";
  #near = remembered("near", numberWithin(0, 100)) ?? 75;
  #seed = remembered("seed", numberWithin(0, MOST_SEED)) ?? 1;
  #crossfade_s = remembered("crossfade", numberWithin(0, LONGEST_CROSSFADE_S)) ?? 0;
  #errand = new Latest();
  /** The present track, by which a jump is told from a step. */
  #track = -1;
  /** What the player was told to go on with. @type {{ entry: Entry, piece: Piece } | null} */
  #told = null;
  /** Of pieces that the player was told. @type {WeakMap<Piece, Entry>} */
  #entries = new WeakMap();
  /** Who waits for a point. @type {((row: number) => void) | null} */
  #asked = null;
  /** Nothing can be found from here. */
  #isAlone = false;

  /** @param {NowPlaying} now */
  constructor(now) {
    super();
    this.now = now;
    const { player } = now;
    now.addEventListener("change", () => this.#hear());
    now.addEventListener("sound", () => this.#plan());
    now.addEventListener("filter", () => this.#again());
    this.queue.addEventListener("change", () => this.#changed());
    player.addEventListener("followed", (event) => this.#followed(/** @type {CustomEvent} */ (event).detail.piece));
    player.addEventListener("unfollowed", (event) => this.#unfollowed(/** @type {CustomEvent} */ (event).detail.piece));
    player.addEventListener("state", () => this.#goOn());
  }

  get atEnd() {
    return this.#atEnd;
  }

  set atEnd(atEnd) {
    this.#atEnd = atEnd;
    remember("at-end", atEnd);
    if (atEnd !== "wander") this.queue.forgetFound();
    this.#changed();
  }

  /** 0 to 100, from far to near. */
  get near() {
    return this.#near;
  }

  set near(near) {
    this.#near = near;
    remember("near", near);
    this.#again();
  }

  /** The same leads the same way. */
  get seed() {
    return this.#seed;
  }

  set seed(seed) {
    this.#seed = Math.min(Math.max(Math.floor(seed) || 0, 0), MOST_SEED);
    remember("seed", this.#seed);
    this.#again();
  }

  get crossfade_s() {
    return this.#crossfade_s;
  }

  set crossfade_s(crossfade_s) {
    this.#crossfade_s = crossfade_s;
    remember("crossfade", crossfade_s);
    this.#plan();
  }

  /** Put segments at the end of what was chosen; where it stopped so far, the queue plays now. @param {Segment[]} segments */
  add(segments) {
    const { home } = this.now;
    if (!home || !segments.length) return;
    this.queue.choose(segments, home);
    if (this.#atEnd === "stop") this.atEnd = "queue";
  }

  /**
   * The next point that is chosen does not play.
   * @param {((row: number) => void) | null} take who gets it; null: nobody wants it any more
   */
  ask(take) {
    this.#answer();
    this.#asked = take;
  }

  /** Ask for a line on the map, along which tracks lie. @returns {boolean} whether there is a map that lets one draw it */
  askLine() {
    return !this.dispatchEvent(new Event("line", { cancelable: true }));
  }

  /** Whether the next point that is chosen is waited for. */
  get isAsking() {
    return this.#asked !== null;
  }

  /** Whether a point that is chosen was asked for. @param {number} row */
  takes(row) {
    const take = this.#asked;
    this.#answer();
    take?.(row);
    return Boolean(take);
  }

  #answer() {
    if (!this.#asked) return;
    this.#asked = null;
    this.dispatchEvent(new Event("answered"));
  }

  /** Play an entry now; those before it are dropped. @param {Entry} entry */
  async play(entry) {
    const { queue } = this;
    const before = queue.entries.slice(0, queue.entries.indexOf(entry) + 1);
    this.#track = entry.segment.track.id;
    for (const { id } of before) queue.remove(id);
    await this.now.playSegment(entry.segment, entry.home);
  }

  /** The next (1) or previous (-1) track: what comes next where that is known, else in the order of rows. @param {1 | -1} step */
  async skip(step) {
    const { first } = this.queue;
    if (step === 1 && first && this.#atEnd !== "stop") await this.play(first);
    else await this.now.stepTrack(step);
  }

  #changed() {
    this.#plan();
    this.#look();
    this.dispatchEvent(new Event("change"));
  }

  /** Wandering begins again from what plays, otherwise. */
  #again() {
    this.#isAlone = false;
    this.queue.forgetFound();
    this.#changed();
  }

  /** Another segment plays: of the same track, or of one that was jumped to. */
  #hear() {
    const { segment, row } = this.now;
    if (!segment) return;
    const isJump = segment.track.id !== this.#track;
    this.#track = segment.track.id;
    this.heard.add(segment);
    if (isJump) this.#again();
    else if (row !== null) this.#look();
  }

  /** Tell the player what follows. */
  #plan() {
    const { now, queue } = this;
    const isOn = now.sound !== "segment" && now.sound !== "point" && this.#atEnd !== "stop";
    const entry = isOn ? queue.first : null;
    if (entry?.id !== this.#told?.entry.id) {
      this.#told = entry && { entry, piece: pieceOf(entry.segment) };
      if (this.#told) this.#entries.set(this.#told.piece, this.#told.entry);
    }
    now.player.follow(this.#told?.piece ?? null, this.#crossfade_s);
  }

  /** Find what is lacking, one after the other: each goes on from the end of the one before. */
  async #look() {
    const { now, queue, heard } = this;
    const { home, segment } = now;
    if (this.#atEnd !== "wander" || this.#isAlone || !segment || now.row === null || !home) return;
    if (queue.n_automatic >= N_FOUND) return;
    const ahead = queue.entries.filter((entry) => entry.home === home).map((entry) => entry.segment);
    const { last } = queue;
    try {
      const found = await this.#errand.run((signal) =>
        home.wander(
          { rows: lastRows([segment, ...ahead]), tracks: heard.before([segment, ...ahead]), near: this.#near, seed: this.#seed },
          signal,
        ),
      );
      // what was asked for may no longer be wanted
      if (!found || queue.last !== last || now.home !== home) return;
      this.#isAlone = !found.length;
      if (this.#isAlone) this.dispatchEvent(new Event("alone"));
      else queue.find(found, home);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#isAlone = true;
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    }
  }

  /** What comes after what comes next is loaded ahead, too: tracks may be short. */
  #prime() {
    const [, second] = this.queue.entries;
    if (this.#told && second) this.now.player.prime(pieceOf(second.segment));
  }

  /** One that has begun comes, also where another was told at the last moment. @param {Piece} piece */
  #followed(piece) {
    const entry = this.#entries.get(piece);
    if (!entry) return;
    if (this.#told?.entry === entry) this.#told = null;
    this.#track = entry.segment.track.id;
    this.now.adopt(entry.segment, entry.home);
    this.queue.remove(entry.id);
    this.#plan();
    this.#prime();
  }

  /** What cannot be played is left out. @param {Piece} piece */
  #unfollowed(piece) {
    const entry = this.#entries.get(piece);
    if (!entry) return;
    if (this.#told?.entry === entry) this.#told = null;
    this.dispatchEvent(new CustomEvent("lost", { detail: { entry } }));
    this.queue.remove(entry.id);
    this.#plan();
  }

  /** A track ended before what follows was there. */
  #goOn() {
    if (this.now.player.state === "ended" && this.#told) this.play(this.#told.entry);
  }
}

/** @param {Segment} segment @returns {Piece} */
function pieceOf({ track, start_s }) {
  return { url: /** @type {string} */ (track.audio), start_s, end_s: Infinity };
}
