// Voices kept ready: of the tracks that were lately pointed at or played. Their elements are used again and again: the audio graph
// never lets go of the source of an element, also where the element is gone.

/** @import {Mixer} from "./mixer.js" */

import { element } from "../lib/dom.js";
import { Voice } from "./voice.js";

const MOST_VOICES = 5;

export class Deck {
  /** @type {Voice[]} the one used last is the last */
  #voices = [];

  /** Those that the player is at, playing or paused, and that it starts next: they stay. @type {Set<Voice>} */
  held = new Set();

  /** @param {HTMLElement} host where the elements live, unseen @param {Mixer} mixer */
  constructor(host, mixer) {
    this.host = host;
    this.mixer = mixer;
  }

  /**
   * A voice of a track that nobody hears and that has not failed, at best one that is at `at_s` already. A track that sounds has a
   * second one then, so that one of its segments can fade into another. The start of a file, which is not faded in, needs a voice
   * in which nothing is left of what sounded before: it would click.
   * @param {string} url @param {number} at_s @returns {Voice}
   */
  take(url, at_s) {
    const usable = this.#voices.filter((each) => each.isFree && (at_s > 0 || each.isClean));
    const same = usable.filter((each) => each.url === url && !each.media.error);
    const voice = same.find((each) => each.media.currentTime === at_s) ?? same.at(-1) ?? this.#load(url, usable);
    this.#voices = [...this.others(voice), voice];
    return voice;
  }

  /** All but one. @param {Voice} voice */
  others(voice) {
    return this.#voices.filter((each) => each !== voice);
  }

  /** Forget what a voice failed to play, so that the next try loads it anew. @param {Voice} voice */
  drop(voice) {
    voice.stop();
    voice.load("");
  }

  /** @param {string} url @param {Voice[]} usable the one used last is the last */
  #load(url, usable) {
    const spare = usable.filter((each) => !this.held.has(each));
    const voice = this.#voices.length < MOST_VOICES || !spare.length ? this.#make() : spare[0];
    voice.load(url);
    return voice;
  }

  #make() {
    // not more of the file than its head and, after a seek, the place
    const media = element("audio", { preload: "metadata" });
    this.host.append(media);
    return new Voice(media, this.mixer);
  }
}
