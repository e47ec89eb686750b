// Where the playing segment lies when its point is not drawn: a large map shows a sample, and the ring and the arrow need a place.

/** @import {Thread} from "../../types/api" */
/** @import {MapPage} from "./map-page.js" */

import { thread } from "../../api/threads.js";
import { Latest } from "../../lib/timing.js";

export class PlayingPlace {
  /** Of the track that plays, in the points that are drawn. @type {{ points: object, track: number, found: Thread } | null} */
  #known = null;
  #errand = new Latest();

  /** @param {MapPage} page @param {AbortSignal} signal */
  constructor(page, signal) {
    this.page = page;
    for (const name of ["playing", "drawn"]) page.addEventListener(name, () => this.#look());
    page.addEventListener("emptied", () => this.#errand.cancel());
    signal.addEventListener("abort", () => this.#errand.cancel(), { once: true });
  }

  async #look() {
    const { page } = this;
    const { now, points, stage } = page;
    const { segment, row } = now;
    if (!points || !segment || row === null || !isSample(points) || stage.marks.placeOf("playing")) return;
    const track = segment.track.id;
    if (this.#known?.points !== points || this.#known.track !== track) {
      try {
        const found = await this.#errand.run((signal) => thread(page.shown, track, points.revision, signal));
        if (!found || page.points !== points) return;
        this.#known = { points, track, found };
      } catch (error) {
        page.fail(error);
        return;
      }
    }
    // another of its segments may play by now
    const { rows, x, y } = this.#known.found;
    const at = rows.indexOf(now.row ?? -1);
    if (at >= 0) stage.place("playing", [x[at], y[at]]);
  }
}

/** Whether points are left out; of averages each track has one. @param {NonNullable<MapPage["points"]>} points */
function isSample({ n, n_total, firstRows }) {
  return n < n_total && !firstRows;
}
