// Voices kept ready: of the tracks that were lately pointed at or played.

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
   * that has never sounded: browsers keep the last milliseconds for resampling, and what is left of them would click.
   * @param {string} url @param {number} at_s @returns {Voice}
   */
  take(url, at_s) {
    const usable = this.#voices.filter((each) => each.url === url && each.isFree && !each.media.error);
    const free = usable.filter((each) => at_s > 0 || each.isFresh);
    const voice = free.find((each) => each.media.currentTime === at_s) ?? free.at(-1) ?? this.#load(url);
    this.#voices = [...this.#voices.filter((each) => each !== voice), voice];
    return voice;
  }

  /** All but one. @param {Voice} voice */
  others(voice) {
    return this.#voices.filter((each) => each !== voice);
  }

  /** Forget a voice whose sound failed, so that the next try loads it anew. @param {Voice} voice */
  drop(voice) {
    this.#voices = this.others(voice);
    voice.stop();
    voice.media.removeAttribute("src");
    voice.media.load();
    voice.media.remove();
  }

  /** @param {string} url */
  #load(url) {
    const spare = this.#voices.filter((each) => !this.held.has(each) && each.isFree);
    for (const each of spare.slice(0, Math.max(0, this.#voices.length + 1 - MOST_VOICES))) this.drop(each);
    // not more of the file than its head and, after a seek, the place
    const media = element("audio", { preload: "metadata", src: url });
    this.host.append(media);
    return new Voice(media, url, this.mixer);
  }
}
