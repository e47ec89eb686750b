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
  /** The map whose lines are drawn. */
  #of = "";
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
    // a sample that stays one has segments between its points that nobody knows
    const isTooMany = points.n_matching > MOST_SEGMENTS || (points.n < points.n_matching && !this.page.drawing.isFirst);
    this.#note.hidden = !isTooMany;
    if (isTooMany) {
      const all = counted(points.n_matching, "segment");
      this.#note.textContent = `${all} are too many for every trajectory: only the pointed and the playing ones are drawn.`;
      this.#drop();
    } else this.#join(points);
  }

  /** @param {Points} points */
  async #join(points) {
    const { page } = this;
    const { network, layer, projection, x, y, filter } = page.shown;
    const of = JSON.stringify([network, layer, projection, x, y, filter, points.revision, points.projection_revision]);
    // the lines of another map belong to none of these points
    if (of !== this.#of) this.#drop();
    // the first points of a map are a sample: the others come
    if (points.n < points.n_matching) return;
    try {
      // where a track begins: averages tell it
      const tracks = await this.#errand.run((signal) =>
        load({ ...page.shown, granularity: "averages", colour: null }, null, signal),
      );
      if (!tracks?.firstRows || page.points !== points) return;
      this.#of = of;
      page.stage.points.setLines({ points, lines: joined(points.rows, tracks.firstRows) });
    } catch (error) {
      page.fail(error);
    }
  }

  #hide() {
    this.#note.hidden = true;
    this.#drop();
  }

  #drop() {
    this.#errand.cancel();
    this.#of = "";
    this.page.stage.points.setLines(null);
  }
}
