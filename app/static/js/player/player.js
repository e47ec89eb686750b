// Plays exactly a piece of a track: from start_s to end_s, with edges too short to hear but long enough not to click.

import { Deck } from "./deck.js";

/** @typedef {{ url: string, start_s: number, end_s: number }} Piece end_s may be Infinity: to the end of the track */
/** @typedef {"idle" | "loading" | "playing" | "paused" | "ended"} PlayerState */

const FADE_IN_S = 0.008;
const FADE_OUT_S = 0.02;
/** The browser's clock and its sound are some milliseconds apart, and a pause takes one more turn. */
const STOP_EARLY_S = 0.008;
const CLOSE_S = 0.06;
const CLOSE_CHECK_MS = 4;
const LONGEST_SLEEP_MS = 200;

/** Dispatches `state`, `blocked` when the browser wants a gesture first, and `failed` when the sound cannot be played. */
export class Player extends EventTarget {
  /** @type {PlayerState} */
  state = "idle";
  /** @type {Piece | null} */
  piece = null;
  /** @type {HTMLAudioElement | null} */
  #media = null;
  #timer = 0;
  #volume = 1;
  #turn = 0;

  /** @param {HTMLElement} host */
  constructor(host) {
    super();
    this.deck = new Deck(host);
  }

  get busy() {
    return this.state === "playing" || this.state === "loading";
  }

  get time_s() {
    return this.#media?.currentTime ?? 0;
  }

  get volume() {
    return this.#volume;
  }

  set volume(level) {
    this.#volume = Math.min(Math.max(level, 0), 1);
    if (this.state === "playing") this.#watch();
  }

  /** Make `piece` start without delay later. @param {Piece} piece */
  prime({ url, start_s }) {
    const media = this.deck.take(url);
    if (media !== this.#media && media.paused) media.currentTime = start_s;
  }

  /** Put `piece` in, silent at its start. @param {Piece} piece @returns {HTMLAudioElement} */
  load(piece) {
    this.stop();
    this.piece = piece;
    this.deck.held = piece.url;
    const media = this.deck.take(piece.url);
    this.#media = media;
    if (media.currentTime !== piece.start_s) media.currentTime = piece.start_s;
    return media;
  }

  /** @param {Piece} piece */
  play(piece) {
    return this.#start(this.load(piece));
  }

  pause() {
    if (this.busy) this.#halt("paused");
  }

  /** Pause, go on, or play the piece again. */
  toggle() {
    if (this.busy) this.pause();
    else if (this.state === "paused" && this.#media) this.#start(this.#media);
    else if (this.piece) this.play(this.piece);
  }

  stop() {
    this.#halt("idle");
  }

  /** @param {HTMLAudioElement} media */
  async #start(media) {
    const turn = ++this.#turn;
    this.#setState("loading");
    media.volume = 0;
    try {
      await media.play();
      await soughtOut(media);
    } catch (error) {
      if (turn === this.#turn) this.#giveUp(/** @type {DOMException} */ (error));
      return;
    }
    if (turn !== this.#turn) return;
    this.#setState("playing");
    this.#watch();
  }

  /** Look at the clock: set the loudness, stop at the end, and look again when it matters. */
  #watch() {
    clearTimeout(this.#timer);
    const { piece } = this;
    const media = this.#media;
    if (!piece || !media || this.state !== "playing") return;
    const [since_s, left_s] = [media.currentTime - piece.start_s, piece.end_s - media.currentTime];
    if (media.ended || left_s <= STOP_EARLY_S) return this.#halt("ended");
    if (media.paused) return this.#halt("paused");
    media.volume = this.#volume * Math.min(1, Math.max(0, since_s / FADE_IN_S), left_s / FADE_OUT_S);
    const isClose = left_s < CLOSE_S || since_s < FADE_IN_S;
    const sleep_ms = isClose ? CLOSE_CHECK_MS : Math.min(LONGEST_SLEEP_MS, (left_s - CLOSE_S) * 1000);
    this.#timer = window.setTimeout(() => this.#watch(), sleep_ms);
  }

  /** @param {PlayerState} state */
  #halt(state) {
    this.#turn++;
    clearTimeout(this.#timer);
    this.#media?.pause();
    this.#setState(state);
  }

  /** @param {DOMException} error */
  #giveUp(error) {
    const url = this.piece?.url;
    this.#halt("idle");
    if (error.name === "NotAllowedError") {
      this.dispatchEvent(new Event("blocked"));
    } else if (error.name !== "AbortError" && url) {
      this.deck.drop(url);
      this.#media = null;
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

/** Resolves when a seek that is under way has arrived. @param {HTMLMediaElement} media */
function soughtOut(media) {
  if (!media.seeking) return undefined;
  return new Promise((resolve) => media.addEventListener("seeked", resolve, { once: true }));
}
