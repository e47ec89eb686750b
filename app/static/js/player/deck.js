// Media elements kept ready: one per track that was lately pointed at or played.

import { element } from "../lib/dom.js";

const MOST_ELEMENTS = 4;

export class Deck {
  /** @type {Map<string, HTMLAudioElement>} the one used last is the last */
  #elements = new Map();

  /** The one that the player is at, playing or paused: it stays. */
  held = "";

  /** @param {HTMLElement} host where the elements live, unseen */
  constructor(host) {
    this.host = host;
  }

  /** @param {string} url @returns {HTMLAudioElement} */
  take(url) {
    const media = this.#elements.get(url) ?? this.#load(url);
    this.#elements.delete(url);
    this.#elements.set(url, media);
    return media;
  }

  /** Forget a track whose sound failed, so that the next try loads it anew. @param {string} url */
  drop(url) {
    const media = this.#elements.get(url);
    if (!media) return;
    this.#elements.delete(url);
    media.pause();
    media.removeAttribute("src");
    media.load();
    media.remove();
  }

  /** @param {string} url */
  #load(url) {
    const media = element("audio", { preload: "auto", src: url });
    this.host.append(media);
    const spare = [...this.#elements.keys()].filter((each) => each !== this.held);
    for (const each of spare.slice(0, Math.max(0, this.#elements.size + 1 - MOST_ELEMENTS))) this.drop(each);
    return media;
  }
}
