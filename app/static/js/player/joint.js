// From one track to the next without a gap: the next one's element starts ahead of time, and what it plays is held back until the
// sample at which the present one ends. Elements start when they can; a delay on the audio clock makes a moment of it.

/** @import {Deck} from "./deck.js" */
/** @import {Mixer} from "./mixer.js" */
/** @import {Piece} from "./player.js" */
/** @import {Voice} from "./voice.js" */

import { LEAD_S } from "./voice.js";

/** Pages that are not seen look at their clocks once a second. */
export const AHEAD_S = 1.5;

export class Joint {
  /** @type {Voice | null} */
  voice = null;
  /** When its piece begins to be heard, in context time; Infinity until it is known. */
  at_s = Infinity;
  #isCancelled = false;

  /** @param {Piece} piece @param {number} crossfade_s @param {Deck} deck @param {Mixer} mixer */
  constructor(piece, crossfade_s, deck, mixer) {
    this.piece = piece;
    this.crossfade_s = crossfade_s;
    this.deck = deck;
    this.mixer = mixer;
  }

  /**
   * Start the piece, so that it is heard when another voice ends.
   * @param {string} url @param {Voice} before
   * @returns {Promise<boolean>} false where the file does not lead to the right place
   * @throws {DOMException} when it cannot be played
   */
  async start(url, before) {
    const { start_s } = this.piece;
    const from_s = Math.max(0, start_s - LEAD_S);
    const voice = this.deck.take(url, from_s);
    this.deck.held.add(voice);
    try {
      const isExact = await voice.seek(from_s);
      if (voice.media.error) throw new DOMException(voice.media.error.message, "NotSupportedError");
      if (!isExact || !voice.holds(this.piece)) return false;
      if (this.#isCancelled) return true;
      const isCrossed = this.crossfade_s > 0;
      await voice.start(start_s < LEAD_S && !isCrossed, AHEAD_S);
      if (this.#isCancelled) {
        voice.stop();
        return true;
      }
      this.at_s = voice.meet(start_s, before.over_s - this.crossfade_s);
      if (isCrossed) {
        voice.rise(start_s, this.crossfade_s);
        before.leave(this.at_s, this.crossfade_s);
      } else voice.enter(start_s);
      this.voice = voice;
      return true;
    } finally {
      this.deck.held.delete(voice);
    }
  }

  /** Not this one after all. */
  cancel() {
    this.#isCancelled = true;
    this.voice?.leave(this.mixer.soon_s);
  }
}
