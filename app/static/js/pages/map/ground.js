// What a filter leaves out, pale under the matches.

/** @import {Points} from "../../types/points" */
/** @import {MapPage} from "./map-page.js" */

import { points } from "../../api/points.js";
import { Latest } from "../../lib/timing.js";

/** The level of points without a value, whose colour is pale. */
const NO_VALUE = 255;

export class Ground {
  #errand = new Latest();
  /** @type {{ key: string, points: Points } | null} */
  #known = null;

  /** @param {MapPage} page @param {AbortSignal} signal */
  constructor(page, signal) {
    this.page = page;
    page.addEventListener("drawn", () => this.#follow());
    page.addEventListener("emptied", () => this.#clear());
    page.addEventListener("view", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.keys.has("rest")) this.#follow();
    });
    signal.addEventListener("abort", () => this.#errand.cancel(), { once: true });
  }

  #clear() {
    this.#errand.cancel();
    this.#set(null);
  }

  async #follow() {
    const { shown, view, points: drawn } = this.page;
    if (!drawn || !shown.filter || view.rest !== "pale") return this.#clear();
    const { network, layer, projection, x, y, granularity } = shown;
    const key = JSON.stringify([network, layer, projection, x, y, granularity, drawn.revision, drawn.projection_revision]);
    if (this.#known?.key !== key) {
      // until the answer comes, and if none does, nothing of another map lies under this one
      this.#known = null;
      this.#set(null);
      try {
        // the sample that is painted first is enough of a ground
        const bare = { ...shown, colour: null, filter: null };
        const found = await this.#errand.run((signal) => points(bare, null, signal, true));
        if (!found) return;
        this.#known = { key, points: { ...found, values: new Uint8Array(found.n).fill(NO_VALUE) } };
      } catch (error) {
        return this.page.fail(error);
      }
    }
    this.#set(this.#known.points);
  }

  /** @param {Points | null} ground */
  #set(ground) {
    const { stage } = this.page;
    stage.points.setGround(ground);
    stage.element.toggleAttribute("data-ground", ground !== null);
  }
}
