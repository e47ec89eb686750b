// Where all sound comes together: one audio context, whose clock times every fade, and one gain, which is the volume.

import { passed } from "../lib/timing.js";

/** Long enough not to click, too short to hear. */
export const FADE_S = 0.01;

/** Changes reach the audio thread a little later, and a change for a time already past takes effect at once, as a step. */
const AHEAD_S = 0.004;
const VOLUME_TIME_CONSTANT_S = 0.012;
/** A context that runs keeps a processor and the loudspeaker awake. */
const IDLE_MS = 5000;
const REFUSED_AFTER_MS = 1000;
const GESTURES = ["pointerdown", "pointerup", "keydown"];

/**
 * Raised cosine: the two gains add up to 1, so what both have in common keeps its loudness (others dip by 3 dB for some
 * milliseconds), and neither end has a corner.
 */
const RISE = Float32Array.from({ length: 65 }, (_, i) => (1 - Math.cos((Math.PI * i) / 64)) / 2);
const FALL = RISE.slice().reverse();
/** Of two tracks, which have nothing in common, the powers add up instead: these keep their sum. */
const RISE_OF_TRACK = RISE.map((level) => Math.sqrt(level));
const FALL_OF_TRACK = RISE_OF_TRACK.slice().reverse();

export class Mixer {
  /** Made with the first sound: browsers warn of a context that nobody has asked for. @type {AudioContext | null} */
  #context = null;
  /** @type {GainNode | null} */
  #master = null;
  /** Where nothing is heard. @type {GainNode | null} */
  #drain = null;
  #volume = 1;
  #isMuted = false;
  #idle = 0;
  /** Sound has begun: the clock is to run, whatever the context says of itself. */
  #isWanted = false;
  /** While a gesture is waited for. @type {AbortController | null} */
  #gesture = null;

  /** On the clock of the context. */
  get time_s() {
    return this.#context?.currentTime ?? 0;
  }

  /** The first moment that a change can still be told for. */
  get soon_s() {
    return this.time_s + (this.#context?.baseLatency ?? 0) + AHEAD_S;
  }

  get volume() {
    return this.#volume;
  }

  set volume(level) {
    this.#volume = Math.min(Math.max(level, 0), 1);
    this.#applyVolume();
  }

  get muted() {
    return this.#isMuted;
  }

  /** Muted sound runs on, and comes back at the volume that it had. */
  set muted(isMuted) {
    this.#isMuted = isMuted;
    this.#applyVolume();
  }

  /**
   * Let the clock run.
   * @throws {DOMException} `NotAllowedError` as long as the browser wants a gesture first
   */
  async wake() {
    clearTimeout(this.#idle);
    this.#isWanted = true;
    // also a context that says that it runs: it may be about to stand still
    const running = this.#open()
      .context.resume()
      .then(() => true);
    // the promise of a context that waits for a gesture stays open
    if (await Promise.race([running, passed(REFUSED_AFTER_MS)])) return;
    this.#wakeWithGesture();
    if (!navigator.userActivation?.hasBeenActive)
      throw new DOMException("The audio context may not start without a gesture.", "NotAllowedError");
    // a slow loudspeaker
    await running;
  }

  /** Let the clock stand when nothing has sounded for some seconds. */
  rest() {
    clearTimeout(this.#idle);
    this.#isWanted = false;
    this.#idle = window.setTimeout(() => this.#context?.suspend(), IDLE_MS);
  }

  /**
   * The end of an element's own sound and the start of its way through here.
   * Sound of another origin would be silent here unless its server sends CORS headers and the element asks for them.
   * @param {HTMLMediaElement} media @returns {AudioNode}
   */
  source(media) {
    return this.#open().context.createMediaElementSource(media);
  }

  /** A gain between a source and the master. @param {number} level @returns {GainNode} */
  gain(level) {
    return new GainNode(this.#open().context, { gain: level });
  }

  /** What holds sound back. @param {number} delay_s @param {number} longest_s */
  delay(delay_s, longest_s) {
    return new DelayNode(this.#open().context, { delayTime: delay_s, maxDelayTime: longest_s });
  }

  /** @param {AudioNode} node */
  connect(node) {
    node.connect(this.#open().master);
  }

  /** Let a source that is paused run on, unheard. @param {AudioNode} source */
  rinse(source) {
    const { context, master } = this.#open();
    if (!this.#drain) {
      this.#drain = new GainNode(context, { gain: 0 });
      this.#drain.connect(master);
    }
    source.connect(this.#drain);
  }

  get #level() {
    return this.#isMuted ? 0 : this.#volume;
  }

  #applyVolume() {
    this.#master?.gain.setTargetAtTime(this.#level, this.time_s, VOLUME_TIME_CONSTANT_S);
  }

  #open() {
    this.#context ??= new AudioContext({ latencyHint: "interactive" });
    if (!this.#master) {
      this.#master = new GainNode(this.#context, { gain: this.#level });
      this.#master.connect(this.#context.destination);
    }
    return { context: this.#context, master: this.#master };
  }

  #wakeWithGesture() {
    if (this.#gesture) return;
    this.#gesture = new AbortController();
    const { signal } = this.#gesture;
    const resume = async () => {
      await this.#open().context.resume();
      this.#gesture?.abort();
      this.#gesture = null;
      if (!this.#isWanted) this.rest();
    };
    for (const gesture of GESTURES) addEventListener(gesture, resume, { capture: true, signal });
  }
}

/** @param {GainNode} node @param {number} at_s @param {number} length_s longer than usual from one track to another */
export function fadeIn(node, at_s, length_s = FADE_S) {
  node.gain.setValueCurveAtTime(length_s > FADE_S ? RISE_OF_TRACK : RISE, at_s, length_s);
}

/** @param {GainNode} node @param {number} at_s @param {number} length_s longer than usual from one track to another */
export function fadeOut(node, at_s, length_s = FADE_S) {
  node.gain.setValueCurveAtTime(length_s > FADE_S ? FALL_OF_TRACK : FALL, at_s, length_s);
}
