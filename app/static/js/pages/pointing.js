// What pointing at and clicking on a point do.

/** @import {MapPage} from "./map-page.js" */

import { ApiError } from "../api/client.js";
import { Latest, debounced } from "../lib/timing.js";
import { HoverCard } from "../ui/hover-card.js";

/** A pointer that rests this long on a point means it; one that sweeps over does not. */
const SETTLE_MS = 40;

export class Pointing {
  #row = -1;
  /** @type {[number, number]} */
  #at = [0, 0];
  #errand = new Latest();
  #settled = debounced(() => this.#open(), SETTLE_MS);

  /** @param {MapPage} page */
  constructor(page) {
    this.page = page;
    this.card = new HoverCard(page.stage.overlay);
    page.stage.addEventListener("hover", (event) => this.#hover(/** @type {CustomEvent} */ (event).detail.index));
    page.stage.addEventListener("tap", (event) => this.#tap(/** @type {CustomEvent} */ (event).detail.index));
  }

  /** The map moved under the pointer. */
  moved() {
    this.#hover(-1);
  }

  /** @param {number} index of the point, or -1 */
  #hover(index) {
    const layer = this.page.stage.points.layer;
    const row = layer && index >= 0 ? layer.points.rows[index] : -1;
    if (row === this.#row) return;
    this.#row = row;
    this.#errand.cancel();
    this.card.hide();
    const place = layer && row >= 0 ? layer.at(index) : null;
    this.page.stage.marks.set("hovered", place);
    this.page.stage.overlay.parentElement?.toggleAttribute("data-hovering", row >= 0);
    if (place) this.#at = this.page.stage.points.toPixels(place);
    if (row >= 0) this.#settled();
    else this.#settled.cancel();
  }

  async #open() {
    const { segments, view, now } = this.page;
    const row = this.#row;
    if (!segments || row < 0) return;
    if (view.sound === "point") now.play(row);
    try {
      const segment = await this.#errand.run((signal) => segments.one(row, signal));
      if (!segment || row !== this.#row) return;
      this.card.show(segment, this.#at);
      const { audio } = segment.track;
      if (audio && view.sound === "click") now.player.prime({ url: audio, start_s: segment.start_s, end_s: segment.end_s });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.page.fail(error);
    }
  }

  /** @param {number} index */
  #tap(index) {
    const layer = this.page.stage.points.layer;
    if (!layer || index < 0) return;
    const row = layer.points.rows[index];
    if (this.page.view.sound === "off") this.page.now.show(row);
    else this.page.now.play(row);
  }
}
