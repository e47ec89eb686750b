// Plays exactly a piece of a track: from start_s to end_s. What comes next fades into what was there.

/** @import {Voice} from "./voice.js" */

import { Deck } from "./deck.js";
import { Mixer } from "./mixer.js";
import { LEAD_S } from "./voice.js";

/** @typedef {{ url: string, start_s: number, end_s: number }} Piece end_s may be Infinity: to the end of the track */
/** @typedef {"idle" | "loading" | "playing" | "paused" | "ended"} PlayerState */

/** What sounded before plays on so long when the next is not ready: a gap is heard sooner than that. */
const GRACE_S = 0.12;
const CLOSE_S = 0.1;
const LONGEST_SLEEP_MS = 200;

/**
 * Dispatches `state`, `volume`, `blocked` when the browser wants a gesture first, `inexact` when a file cannot be played from the
 * right place and a decoded copy is played instead, and `failed` when the sound cannot be played.
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
    return Math.min(Math.max(this.#voice.media.currentTime, this.#at_s), this.piece.end_s);
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
    this.piece = piece;
    this.#voice = this.deck.held = voice;
    this.#at_s = at_s;
    return voice;
  }

  /** @param {Piece} piece @param {number} at_s from where it is heard @returns {Promise<void>} */
  async #begin(piece, at_s) {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
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
    if (voice.media.ended || voice.left_s <= 0) return this.#halt("ended");
    if (voice.media.error) return this.#giveUp(new DOMException(voice.media.error.message, "NotSupportedError"));
    if (voice.media.paused) return this.#halt("paused");
    voice.end(piece.end_s);
    const sleep_s = voice.left_s > CLOSE_S ? voice.left_s - CLOSE_S : voice.left_s;
    this.#timer = window.setTimeout(() => this.#watch(), Math.min(LONGEST_SLEEP_MS, sleep_s * 1000));
  }

  /** @param {PlayerState} state */
  #halt(state) {
    this.#turn++;
    clearTimeout(this.#timer);
    this.#at_s = this.time_s;
    this.#voice?.leave(this.#mixer.soon_s);
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
      this.#voice = this.deck.held = null;
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
