// Keeps the table of segments in step with what is in view, while it is open.

/** @import {MapPage} from "./map-page.js" */

import { ApiError } from "../../api/client.js";
import { debounced, Latest } from "../../lib/timing.js";
import { MOST_ROWS, SegmentTable } from "../../ui/segment-table.js";

const DELAY_MS = 250;

export class TableOfView {
  #errand = new Latest();
  #table;
  /** Call whenever the view or the points are others. */
  refresh = debounced(() => this.#fill(), DELAY_MS);

  /** @param {HTMLElement} panel @param {MapPage} page @param {AbortSignal} signal */
  constructor(panel, page, signal) {
    this.page = page;
    const play = (/** @type {number} */ row) => void page.now.play(row);
    this.#table = new SegmentTable(panel, play, () => page.tools.toggleTable());
    const end = () => {
      this.refresh.cancel();
      this.#errand.cancel();
    };
    signal.addEventListener("abort", end, { once: true });
  }

  /** Open or close it; gives whether it is open now. */
  toggle() {
    this.#table.open = !this.#table.open;
    this.refresh();
    return this.#table.open;
  }

  /** @param {number | null} row */
  mark(row) {
    this.#table.mark(row);
  }

  async #fill() {
    const { segments, stage, now } = this.page;
    if (!this.#table.open || !segments) return;
    const { rows, n_inView } = stage.points.inView(MOST_ROWS);
    try {
      const listed = await this.#errand.run((signal) => segments.many(rows, signal));
      if (!listed) return;
      this.#table.show(listed, n_inView);
      this.#table.mark(now.segment?.row ?? null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.page.fail(error);
    }
  }
}
