// Plays exactly a piece of a track: from start_s to end_s. What comes next fades into what was there, or follows it without a gap.

/** @import {Voice} from "./voice.js" */

import { Deck } from "./deck.js";
import { AHEAD_S, Joint } from "./joint.js";
import { Mixer } from "./mixer.js";
import { LEAD_S } from "./voice.js";

/** @typedef {{ url: string, start_s: number, end_s: number }} Piece end_s may be Infinity: to the end of the track */
/** @typedef {"idle" | "loading" | "playing" | "paused" | "ended"} PlayerState */

/** What sounded before plays on so long when the next is not ready: a gap is heard sooner than that. */
const GRACE_S = 0.12;
const CLOSE_S = 0.1;
const LONGEST_SLEEP_MS = 200;
/** So long before the end of a track the next one is loaded and decoded. */
const LOAD_S = 20;

/**
 * Dispatches `state`, `volume`, `blocked` when the browser wants a gesture first, `inexact` when a file cannot be played from the
 * right place and a decoded copy is played instead, and `failed` when the sound cannot be played. When one piece has followed
 * another, `followed` with the piece; where it cannot, `unfollowed` with it.
 */
export class Player extends EventTarget {
  /** @type {PlayerState} */
  state = "idle";
  /** @type {Piece | null} */
  piece = null;
  /** @type {Voice | null} */
  #voice = null;
  /** Where in the track it was last started or paused. */
  #at_s = 0;
  #timer = 0;
  #turn = 0;
  /** Tracks whose own files lead to a wrong place. @type {Set<string>} */
  #inexact = new Set();
  #mixer = new Mixer();
  /** What plays when the present track ends. @type {Piece | null} */
  #next = null;
  #isPrimed = false;
  #crossfade_s = 0;
  /** While the next one has begun, and is not heard yet. @type {Joint | null} */
  #joint = null;

  /** @param {HTMLElement} host */
  constructor(host) {
    super();
    this.deck = new Deck(host, this.#mixer);
  }

  get busy() {
    return this.state === "playing" || this.state === "loading";
  }

  /** The place in the track that is heard. */
  get time_s() {
    if (this.state !== "playing" || !this.#voice || !this.piece) return this.#at_s;
    return Math.min(Math.max(this.#voice.heard_s, this.#at_s), this.piece.end_s);
  }

  get volume() {
    return this.#mixer.volume;
  }

  set volume(level) {
    this.#mixer.volume = level;
    this.dispatchEvent(new Event("volume"));
  }

  get muted() {
    return this.#mixer.muted;
  }

  set muted(isMuted) {
    this.#mixer.muted = isMuted;
    this.dispatchEvent(new Event("volume"));
  }

  toggleMuted() {
    this.muted = !this.muted;
  }

  /** How long the file of the track is, as far as is known yet. */
  get duration_s() {
    const duration = this.#voice?.media.duration ?? NaN;
    return Number.isFinite(duration) ? duration : null;
  }

  /** Make `piece` start without delay later. @param {Piece} piece */
  prime({ url, start_s }) {
    const at_s = Math.max(0, start_s - LEAD_S);
    const voice = this.deck.take(this.#addressOf(url), at_s);
    if (voice !== this.#voice || !this.busy) voice.seek(at_s);
  }

  /** Put `piece` in, silent at its start. @param {Piece} piece */
  load(piece) {
    this.stop();
    this.#take(piece, piece.start_s).seek(Math.max(0, piece.start_s - LEAD_S));
  }

  /** @param {Piece} piece */
  play(piece) {
    return this.#begin(piece, piece.start_s);
  }

  /** What is in the player belongs to another piece of its track: it goes on, and ends where that ends. @param {Piece} piece */
  become(piece) {
    if (this.piece?.url !== piece.url) return;
    this.piece = piece;
    this.#watch();
  }

  /**
   * What plays when the track ends that plays now; null for nothing.
   * @param {Piece | null} piece @param {number} crossfade_s 0: the one ends, and the other begins
   */
  follow(piece, crossfade_s = 0) {
    // one that has begun comes, whatever is told now
    if (this.#joint?.voice) return;
    this.#crossfade_s = crossfade_s;
    if (piece === this.#next) return;
    this.#joint?.cancel();
    this.#joint = null;
    this.#next = piece;
    this.#isPrimed = false;
    this.#watch();
  }

  pause() {
    if (this.busy) this.#halt("paused");
  }

  /** Pause, go on, or play the piece again. */
  toggle() {
    if (this.busy) this.pause();
    else if (this.piece) this.#begin(this.piece, this.state === "paused" ? this.#at_s : this.piece.start_s);
  }

  /** Stop, and be left with nothing to go on with. */
  stop() {
    this.#halt("idle");
    this.piece = null;
  }

  /** @param {string} url */
  #addressOf(url) {
    return this.#inexact.has(url) ? `${url}?decoded=1` : url;
  }

  /** @param {Piece} piece @param {number} at_s @returns {Voice} */
  #take(piece, at_s) {
    const voice = this.deck.take(this.#addressOf(piece.url), Math.max(0, at_s - LEAD_S));
    this.#hold(piece, voice, at_s);
    return voice;
  }

  /** @param {Piece} piece @param {Voice} voice @param {number} at_s */
  #hold(piece, voice, at_s) {
    this.piece = piece;
    this.#voice = voice;
    this.#at_s = at_s;
    this.deck.held = new Set([voice]);
  }

  /** @param {Piece} piece @param {number} at_s from where it is heard @returns {Promise<void>} */
  async #begin(piece, at_s) {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    this.#part();
    const voice = this.#take(piece, at_s);
    for (const other of this.deck.others(voice)) other.leave(this.#mixer.soon_s + GRACE_S);
    this.#setState("loading");
    try {
      const [isExact] = await Promise.all([voice.seek(Math.max(0, at_s - LEAD_S)), this.#mixer.wake()]);
      if (turn !== this.#turn) return;
      if (!(isExact && voice.holds(piece)) && !voice.media.error) {
        if (!this.#inexact.has(piece.url)) return this.#beginWithCopy(piece, at_s);
        // an element that is started at its end begins anew
        if (!isExact) throw new DOMException("The track is shorter than it was.", "NotSupportedError");
      }
      const isOpen = at_s < LEAD_S;
      if (isOpen) this.#leaveTo(voice, this.#mixer.soon_s);
      await voice.start(isOpen);
    } catch (error) {
      if (turn === this.#turn) this.#giveUp(/** @type {DOMException} */ (error));
      return;
    }
    if (turn !== this.#turn) return;
    this.#leaveTo(voice, voice.enter(at_s));
    this.#setState("playing");
    this.#watch();
  }

  /** @param {Piece} piece @param {number} at_s */
  #beginWithCopy(piece, at_s) {
    this.#inexact.add(piece.url);
    this.dispatchEvent(new Event("inexact"));
    return this.#begin(piece, at_s);
  }

  /** @param {Voice} voice @param {number} at_s */
  #leaveTo(voice, at_s) {
    for (const other of this.deck.others(voice)) other.leave(at_s);
  }

  /** Tell the end anew, as long as data may come late, and look when it is there. */
  #watch() {
    clearTimeout(this.#timer);
    const { piece } = this;
    const voice = this.#voice;
    if (!piece || !voice || this.state !== "playing") return;
    if (this.#joint && this.#mixer.time_s >= this.#joint.at_s) return this.#cross(this.#joint);
    if (voice.isOver && !this.#joint) return this.#halt("ended");
    if (voice.media.error) return this.#giveUp(new DOMException(voice.media.error.message, "NotSupportedError"));
    if (voice.media.paused && !voice.media.ended) return this.#halt("paused");
    if (!this.#joint) voice.end(piece.end_s);
    if (piece.end_s === Infinity) this.#approach(voice);
    const left_s = Math.min(voice.left_s, (this.#joint?.at_s ?? voice.over_s) - this.#mixer.time_s || Infinity);
    const sleep_s = Math.max(left_s > CLOSE_S ? left_s - CLOSE_S : left_s, 0.004);
    this.#timer = window.setTimeout(() => this.#watch(), Math.min(LONGEST_SLEEP_MS, sleep_s * 1000));
  }

  /** Load what follows in time, and begin it ahead of time. @param {Voice} voice that plays */
  #approach(voice) {
    const next = this.#next;
    const left_s = voice.over_s - this.#mixer.time_s;
    if (!next || this.#joint) return;
    if (left_s < LOAD_S && !this.#isPrimed) {
      this.#isPrimed = true;
      this.prime(next);
    }
    if (left_s < AHEAD_S + this.#crossfade_s) this.#join(next, voice);
  }

  /** @param {Piece} next @param {Voice} voice that plays */
  async #join(next, voice) {
    // no more of a fade than there is of the track
    const crossfade_s = Math.max(0, Math.min(this.#crossfade_s, voice.over_s - this.#mixer.soon_s));
    const joint = new Joint(next, crossfade_s, this.deck, this.#mixer);
    this.#joint = joint;
    try {
      if (!(await joint.start(this.#addressOf(next.url), voice))) {
        if (this.#inexact.has(next.url)) throw new DOMException("The track is shorter than it was.", "NotSupportedError");
        this.#inexact.add(next.url);
        // from a decoded copy, by the next look
        if (this.#joint === joint) this.#joint = null;
      }
    } catch {
      if (this.#joint !== joint) return;
      this.#joint = this.#next = null;
      this.dispatchEvent(new CustomEvent("unfollowed", { detail: { piece: next } }));
    }
    this.#watch();
  }

  /** The next one is heard. @param {Joint} joint */
  #cross({ piece, voice, crossfade_s }) {
    const left = this.#voice;
    this.#joint = this.#next = null;
    this.#hold(piece, /** @type {Voice} */ (voice), piece.start_s);
    // into another it fades by itself
    if (!crossfade_s) left?.leave(this.#mixer.soon_s);
    this.dispatchEvent(new CustomEvent("followed", { detail: { piece } }));
    this.#watch();
  }

  /** What was about to follow does not, for now. */
  #part() {
    this.#joint?.cancel();
    this.#joint = null;
  }

  /** @param {PlayerState} state */
  #halt(state) {
    this.#turn++;
    clearTimeout(this.#timer);
    this.#at_s = this.time_s;
    this.#part();
    this.#voice?.leave(this.#mixer.soon_s);
    // one before it may still fade into it
    if (this.#voice) this.#leaveTo(this.#voice, this.#mixer.soon_s);
    this.#mixer.rest();
    this.#setState(state);
  }

  /** @param {DOMException} error */
  #giveUp(error) {
    const voice = this.#voice;
    this.#halt("idle");
    if (error.name === "NotAllowedError") {
      this.dispatchEvent(new Event("blocked"));
    } else if (error.name !== "AbortError" && voice) {
      this.deck.drop(voice);
      this.#voice = null;
      this.deck.held.clear();
      this.dispatchEvent(new Event("failed"));
    }
  }

  /** @param {PlayerState} state */
  #setState(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}
