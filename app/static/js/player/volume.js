// The volume: a slider, and the speaker that mutes.

/** @import {Player} from "./player.js" */

import { find } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { numberWithin, remember, remembered } from "../lib/remembered.js";

const VOLUME = "volume";

export class Volume {
  /** @param {HTMLElement} host @param {Player} player */
  constructor(host, player) {
    this.player = player;
    this.slider = /** @type {HTMLInputElement} */ (find(host, "input"));
    this.speaker = /** @type {HTMLButtonElement} */ (find(host, ".mute"));
    player.volume = remembered(VOLUME, numberWithin(0, 1)) ?? 1;
    this.slider.value = String(player.volume);
    this.slider.addEventListener("input", () => this.#slide());
    this.speaker.addEventListener("click", () => player.toggleMuted());
    player.addEventListener("volume", () => this.#show());
    this.#show();
  }

  /** Whoever moves the slider wants to hear it. */
  #slide() {
    this.player.muted = false;
    this.player.volume = Number(this.slider.value);
    remember(VOLUME, this.slider.value);
  }

  #show() {
    const { muted, volume } = this.player;
    this.speaker.replaceChildren(icon(muted || volume === 0 ? "muted" : "volume"));
    this.speaker.setAttribute("aria-pressed", String(muted));
  }
}
