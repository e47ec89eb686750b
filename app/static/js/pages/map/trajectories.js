// All trajectories of a map, where these are asked for and are not too many; else a word about which are shown.

/** @import {Points} from "../../types/points" */
/** @import {MapPage} from "./map-page.js" */

import { points as load } from "../../api/points.js";
import { element } from "../../lib/dom.js";
import { counted } from "../../lib/format.js";
import { Latest } from "../../lib/timing.js";
import { joined } from "../../map/line-layer.js";

/** Segments of a map whose trajectories are all drawn: more lines hide each other, and cost more than points do. */
export const MOST_SEGMENTS = 200_000;

export class Trajectories {
  #errand = new Latest();
  #note = element("p", { class: "trajectories-note", role: "status", hidden: true });

  /** @param {MapPage} page @param {AbortSignal} signal */
  constructor(page, signal) {
    this.page = page;
    page.area.append(this.#note);
    page.addEventListener("drawn", () => this.#show());
    page.addEventListener("emptied", () => this.#hide());
    signal.addEventListener("abort", () => this.#errand.cancel(), { once: true });
  }

  #show() {
    const { points, shown } = this.page;
    if (!points || shown.granularity !== "trajectories") return this.#hide();
    const isTooMany = points.n < points.n_total || points.n > MOST_SEGMENTS;
    this.#note.hidden = !isTooMany;
    if (isTooMany) {
      const all = counted(points.n_total, "segment");
      this.#note.textContent = `${all} are too many for every trajectory: only the pointed and the playing ones are drawn.`;
      this.page.stage.points.setLines(null);
    } else this.#join(points);
  }

  /** @param {Points} points */
  async #join(points) {
    const { page } = this;
    try {
      // where a track begins: averages tell it
      const tracks = await this.#errand.run((signal) =>
        load({ ...page.shown, granularity: "averages", colour: null }, null, signal),
      );
      if (!tracks?.firstRows || page.points !== points) return;
      page.stage.points.setLines({ points, lines: joined(points.rows, tracks.firstRows) });
    } catch (error) {
      page.fail(error);
    }
  }

  #hide() {
    this.#errand.cancel();
    this.#note.hidden = true;
    this.page.stage.points.setLines(null);
  }
}
