// One media element and its fades. The element runs unheard a moment before and after what is heard of it.

/** @import {Mixer} from "./mixer.js" */

import { passed } from "../lib/timing.js";
import { FADE_S, fadeIn, fadeOut } from "./mixer.js";

/** How long before the first moment the element starts: until its sound flows, what is told arrives, and the fade is done. */
export const LEAD_S = 0.045;
/** The fade-in ends that much before the first sample: the clocks of element and context are some milliseconds apart. */
const SETTLED_S = 0.004;
const PAUSE_LATE_S = 0.03;
/** So long silence runs through a voice until nothing of its sound is left. */
const RINSED_S = 0.05;
const LOOK_MS = 4;
const EXACT_S = 0.02;
/** Some encoders leave out a frame that is not full. */
const LACKING_S = 0.15;

export class Voice {
  /** @type {AudioNode | null} */
  #source = null;
  /** The gains of the present start. Each makes one fade, so that no fade has to be taken back in its middle. @type {GainNode[]} */
  #gains = [];
  /** Which of them fades out: the second, or the third where a long fade is cut short. */
  #fading = 1;
  #leaves_s = Infinity;
  /** How long its fade out takes. */
  #fade_s = FADE_S;
  /** What holds its sound back until its turn comes. @type {DelayNode | null} */
  #delay = null;
  #isHeard = false;
  #pausing = 0;
  /** Context time at which the element's time 0 is heard. */
  #zero_s = 0;

  /** Of what it has loaded; empty where that is nothing. */
  url = "";
  #loads = 0;
  /** When its sound was last let go, in context time. */
  #quiet_s = -Infinity;

  /** @param {HTMLAudioElement} media @param {Mixer} mixer */
  constructor(media, mixer) {
    this.media = media;
    this.mixer = mixer;
  }

  /** Be a voice of another track. @param {string} url empty: of none */
  load(url) {
    this.url = url;
    this.#loads++;
    if (url) this.media.src = url;
    else {
      this.media.removeAttribute("src");
      this.media.load();
    }
  }

  /** Nobody hears it, and it can be sent elsewhere. */
  get isFree() {
    return this.media.paused && !this.#isHeard;
  }

  /** Nothing is left in it of what sounded before: browsers keep the last milliseconds for resampling. */
  get isClean() {
    return !this.#source || this.mixer.time_s - this.#quiet_s > RINSED_S;
  }

  /**
   * Go to a place, silent.
   * @param {number} at_s @returns {Promise<boolean>} whether the element says that it is there; false, too, where it plays another
   * track by then
   */
  async seek(at_s) {
    const { media } = this;
    const loads = this.#loads;
    // an element that loads another track tells late that it has forgotten the one before
    while (media.readyState < media.HAVE_METADATA && !media.error && loads === this.#loads) await settled(media, "loadedmetadata");
    if (loads !== this.#loads) return false;
    if (media.currentTime !== at_s) media.currentTime = at_s;
    while (media.seeking && !media.error && loads === this.#loads) await settled(media, "seeked");
    return loads === this.#loads && Math.abs(media.currentTime - at_s) < EXACT_S;
  }

  /** Whether the element is as long as a piece needs it. @param {{ start_s: number, end_s: number }} piece */
  holds({ start_s, end_s }) {
    const { duration } = this.media;
    return start_s < duration && (end_s === Infinity || end_s < duration + LACKING_S);
  }

  /**
   * Start, and resolve when sound flows.
   * @param {boolean} isOpen at once audible: at the start of a file there is nothing to fade from
   * @param {number} ahead_s so much later it is heard: elements do not start at a given moment, but what they play can wait for it
   * @throws {DOMException} `NotSupportedError` when the element fails, and what `play` throws
   */
  async start(isOpen, ahead_s = 0) {
    const { media, mixer } = this;
    this.#disconnect();
    this.#source ??= mixer.source(media);
    this.#delay = ahead_s > 0 ? mixer.delay(ahead_s, 2 * ahead_s) : null;
    this.#gains = [mixer.gain(isOpen ? 1 : 0), mixer.gain(1), mixer.gain(1)];
    this.#fading = 1;
    const sound = this.#delay ? this.#source.connect(this.#delay) : this.#source;
    this.#gains.reduce((before, gain) => before.connect(gain), sound);
    mixer.connect(this.#gains[2]);
    this.#leaves_s = Infinity;
    this.#fade_s = FADE_S;
    this.#isHeard = isOpen;
    await Promise.all([media.play(), this.#flow()]);
    this.#look();
  }

  /**
   * Let a moment of the track be heard at a time of the context's clock, or as soon as can be; only while nothing is heard of it.
   * @param {number} at_s @param {number} time_s @returns {number} when it is heard
   */
  meet(at_s, time_s) {
    if (this.#delay) {
      const { delayTime } = this.#delay;
      const later_s = time_s - (this.#zero_s + at_s);
      const delay_s = Math.min(Math.max(delayTime.value + later_s, 0), delayTime.maxValue);
      this.#zero_s += delay_s - delayTime.value;
      delayTime.value = delay_s;
    }
    return this.#zero_s + at_s;
  }

  /** The moment of the track that is heard. */
  get heard_s() {
    const { media } = this;
    return media.ended ? Math.min(this.mixer.time_s - this.#zero_s, media.duration) : media.currentTime - this.#held_s;
  }

  /** When the track's last sample is heard, in context time; NaN while nobody knows. */
  get over_s() {
    return this.#zero_s + this.media.duration;
  }

  /** Nothing more of it is to be heard. */
  get isOver() {
    return this.left_s <= 0 || (this.media.ended && this.mixer.time_s >= this.over_s);
  }

  /** Fade in slowly, from a moment of the track on. @param {number} at_s @param {number} length_s */
  rise(at_s, length_s) {
    fadeIn(this.#gains[0], Math.max(this.mixer.soon_s, this.#zero_s + at_s), length_s);
    this.#isHeard = true;
  }

  /** Fade in, so that `at_s` is heard in full. @param {number} at_s @returns {number} when the fade begins, in context time */
  enter(at_s) {
    const begin_s = Math.max(this.mixer.soon_s, this.#zero_s + at_s - SETTLED_S - FADE_S);
    if (!this.#isHeard) fadeIn(this.#gains[0], begin_s);
    this.#isHeard = true;
    return begin_s;
  }

  /** Fade out from a moment of the track on; tell it again when the element has waited for data. @param {number} at_s */
  end(at_s) {
    if (!this.media.ended) this.#look();
    if (this.#leaves_s >= this.mixer.soon_s) this.#fadeOut(this.#zero_s + at_s, FADE_S);
  }

  /**
   * Fade out from a moment of the context's clock on, or as was told before where that ends earlier, and pause behind the fade.
   * @param {number} at_s @param {number} length_s of the fade
   */
  leave(at_s, length_s = FADE_S) {
    if (!this.#isHeard) return this.stop();
    const leaves_s = Math.max(at_s, this.mixer.soon_s);
    if (leaves_s + length_s < this.#leaves_s + this.#fade_s) this.#fadeOut(leaves_s, length_s);
    clearTimeout(this.#pausing);
    const left_s = this.left_s + PAUSE_LATE_S;
    this.#pausing = window.setTimeout(() => this.stop(), left_s * 1000);
  }

  /** Seconds of the context's clock until the fade at the end is done. */
  get left_s() {
    return this.#leaves_s + this.#fade_s - this.mixer.time_s;
  }

  /** Pause at once: what is still heard is cut. */
  stop() {
    clearTimeout(this.#pausing);
    if (this.#gains.length) this.#quiet_s = this.mixer.time_s;
    this.media.pause();
    this.#isHeard = false;
    this.#disconnect();
    if (this.#source) this.mixer.rinse(this.#source);
  }

  /** @param {number} at_s Infinity: not at all @param {number} length_s */
  #fadeOut(at_s, length_s) {
    // one that has begun goes on under the other
    if (this.#leaves_s < this.mixer.soon_s) this.#fading = 2;
    const gain = this.#gains[this.#fading];
    gain.gain.cancelScheduledValues(0);
    this.#leaves_s = Math.max(at_s, this.mixer.soon_s);
    this.#fade_s = length_s;
    if (at_s < Infinity) fadeOut(gain, this.#leaves_s, length_s);
  }

  /** Resolves when the element moves; an element that fails leaves the promise of `play` open. */
  async #flow() {
    const { media } = this;
    const from_s = media.currentTime;
    while (media.currentTime === from_s && !media.paused && !media.ended) {
      if (media.error) throw new DOMException(media.error.message, "NotSupportedError");
      await passed(LOOK_MS);
    }
  }

  get #held_s() {
    return this.#delay?.delayTime.value ?? 0;
  }

  #look() {
    this.#zero_s = this.mixer.time_s - this.media.currentTime + this.#held_s;
  }

  #disconnect() {
    this.#source?.disconnect();
    this.#delay?.disconnect();
    for (const gain of this.#gains) gain.disconnect();
    this.#gains = [];
  }
}

/** Resolves at the next event of a kind, or when the element fails. @param {HTMLMediaElement} media @param {string} kind */
function settled(media, kind) {
  const waiting = new AbortController();
  const { signal } = waiting;
  return new Promise((resolve) => {
    if (media.error) return resolve(undefined);
    signal.addEventListener("abort", resolve);
    for (const each of [kind, "error", "emptied"]) media.addEventListener(each, () => waiting.abort(), { signal });
  });
}
