// What pointing at and clicking on a point do.

/** @import {MapPage} from "./map-page.js" */

import { ApiError } from "../../api/client.js";
import { debounced, Latest } from "../../lib/timing.js";
import { HoverCard } from "../../ui/hover-card.js";

/** A pointer that rests this long on a point means it; one that sweeps over does not. */
const SETTLE_MS = 40;

export class Pointing {
  /** @type {number | null} */
  #row = null;
  /** @type {[number, number]} */
  #at = [0, 0];
  #errand = new Latest();
  #settled = debounced(() => this.#open(), SETTLE_MS);

  /** @param {MapPage} page @param {AbortSignal} signal */
  constructor(page, signal) {
    this.page = page;
    this.card = new HoverCard(page.stage.overlay);
    page.stage.addEventListener("pointed", (event) => this.#point(/** @type {CustomEvent} */ (event).detail));
    page.stage.addEventListener("clicked", (event) => this.#click(/** @type {CustomEvent} */ (event).detail.row));
    signal.addEventListener("abort", () => this.#settled.cancel(), { once: true });
  }

  /** @param {{ row: number | null, at: [number, number] }} detail */
  #point({ row, at }) {
    this.#row = row;
    this.#at = at;
    this.#errand.cancel();
    this.card.hide();
    if (row === null) this.#settled.cancel();
    else this.#settled();
  }

  async #open() {
    const { segments, now } = this.page;
    const row = this.#row;
    if (!segments || row === null) return;
    if (now.sound === "point") now.play(row);
    try {
      const segment = await this.#errand.run((signal) => segments.one(row, signal));
      if (!segment || row !== this.#row) return;
      this.card.show(segment, this.#at);
      const { audio } = segment.track;
      if (audio && now.sound === "click") now.player.prime({ url: audio, start_s: segment.start_s, end_s: segment.end_s });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.page.fail(error);
    }
  }

  /** @param {number} row */
  #click(row) {
    if (this.page.now.sound === "off") this.page.now.show(row);
    else this.page.now.play(row);
  }
}
