// How sound plays: chosen in the player, remembered from visit to visit.

/** @import {SoundMode} from "../state/view-schema.js" */
/** @import {NowPlaying} from "./now-playing.js" */

import { oneOf, remember, remembered } from "../lib/remembered.js";
import { SOUND_MODES } from "../state/view-schema.js";

/** What to do while nothing is in the player. @type {Record<SoundMode, string>} */
export const HINTS = {
  on: "Choose a point to hear it.",
  segment: "Choose a point to hear it.",
  point: "Point at the map to hear it.",
  off: "Choose a point to see what it is.",
};
const USUAL = "on";
const SOUND = "sound";

/** What was chosen last. @returns {SoundMode} */
export function usualSound() {
  return remembered(SOUND, oneOf(SOUND_MODES)) ?? USUAL;
}

export class SoundModes {
  /** @param {HTMLElement} host @param {NowPlaying} now */
  constructor(host, now) {
    this.now = now;
    this.inputs = /** @type {HTMLInputElement[]} */ ([...host.querySelectorAll("input[name=sound]")]);
    for (const input of this.inputs) input.addEventListener("change", () => this.#choose(/** @type {SoundMode} */ (input.value)));
    now.addEventListener("sound", () => this.#show());
    this.#show();
  }

  /** An address may ask for another mode; only what is chosen by hand is remembered. @param {SoundMode} mode */
  #choose(mode) {
    remember(SOUND, mode);
    this.now.sound = mode;
  }

  #show() {
    const mode = this.now.sound ?? usualSound();
    for (const input of this.inputs) input.checked = input.value === mode;
  }
}
