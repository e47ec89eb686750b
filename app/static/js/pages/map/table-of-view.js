// Keeps the table of segments in step with what is in view, while it is open.

/** @import {Sorting, SortKey} from "../../api/inside.js" */
/** @import {Segments} from "../../api/segments.js" */
/** @import {View} from "../../state/view-schema.js" */
/** @import {Box, SegmentsInside} from "../../types/api" */
/** @import {MapPage} from "./map-page.js" */

import { ApiError } from "../../api/client.js";
import { inside } from "../../api/inside.js";
import { debounced, Latest } from "../../lib/timing.js";
import { shortName } from "../../state/colours.js";
import { SegmentTable } from "../../ui/segment-table.js";

const DELAY_MS = 250;
/** Nobody reads on beyond it, and the browser lays out every row. */
const MOST_LISTED = 5000;

/**
 * What is asked for. The rows belong to `segments`: to another network, or another revision, they mean nothing.
 * @typedef {{ shown: View, box: Box | null, order: Sorting, revision: number, segments: Segments }} Query
 */

export class TableOfView {
  #errand = new Latest();
  #table;
  /** @type {Sorting | null} null until a header is chosen */
  #sorting = null;
  /**
   * What is listed, and what asked for it; `edition` changes whenever pages that were read before may be others.
   * @type {{ query: Query, edition: string, n_inside: number } | null}
   */
  #listed = null;
  /** Rows are on their way, or about to be asked for. */
  #reading = false;
  /** Ends what only an open table has. */
  #closing = new AbortController();
  /** Has the focus again when the table is closed. @type {Element | null} */
  #opener = null;
  #settled = debounced(() => this.#fill(), DELAY_MS);

  /** @param {HTMLElement} panel @param {MapPage} page @param {AbortSignal} signal */
  constructor(panel, page, signal) {
    this.page = page;
    this.#table = new SegmentTable(panel);
    /** @param {string} name @param {(detail: any) => void} act */
    const hear = (name, act) => this.#table.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
    hear("play", ({ row }) => this.#isOfMap && page.choose(row));
    hear("point", ({ row }) => page.stage.mark("hovered", this.#isOfMap ? row : null));
    hear("sort", ({ key }) => this.#sort(key));
    hear("more", () => this.#more());
    hear("close", () => page.tools.toggleTable());
    for (const event of ["drawn", "moved", "emptied"]) page.addEventListener(event, () => this.#refresh());
    page.addEventListener("playing", () => this.#table.mark(page.now.row));
    signal.addEventListener("abort", () => this.#end(), { once: true });
  }

  /** Open or close it; gives whether it is open now. */
  toggle() {
    if (this.#table.open) this.#close();
    else this.#open();
    return this.#table.open;
  }

  /** The view or the points are others. */
  #refresh() {
    if (!this.#table.open) return;
    this.#errand.cancel();
    this.#reading = true;
    this.#table.waiting = true;
    this.#settled();
  }

  #open() {
    this.#opener = document.activeElement;
    this.#closing = new AbortController();
    const close = () => this.page.tools.toggleTable();
    this.page.context.keys.add([{ keys: ["Escape"], shown: "esc", does: "close the table", run: close }], this.#closing.signal);
    this.#table.open = true;
    this.#table.panel.focus();
    this.#refresh();
  }

  #close() {
    this.#table.open = false;
    this.page.stage.mark("hovered", null);
    this.#end();
    if (this.#opener instanceof HTMLElement) this.#opener.focus();
  }

  #end() {
    this.#settled.cancel();
    this.#errand.cancel();
    this.#closing.abort();
  }

  /** Whether the rows are those of the network that is drawn: after another one they stay until the table has followed. */
  get #isOfMap() {
    return this.#listed !== null && this.#listed.query.segments === this.page.segments;
  }

  /** What the map shows; null where there is none. @returns {Query | null} */
  get #query() {
    const { points, stage, shown, segments } = this.page;
    return points && segments && { shown, box: stage.box, order: this.#order, revision: points.revision, segments };
  }

  /** What was chosen; else the strongest of the colour first, or by artist where there is none. @returns {Sorting} */
  get #order() {
    const { colour } = this.page.shown;
    if (this.#sorting && (colour || this.#sorting.key !== "value")) return this.#sorting;
    return colour ? { key: "value", descending: true } : { key: "artist", descending: false };
  }

  /** @param {SortKey} key a second time turns it round */
  #sort(key) {
    const { key: before, descending } = this.#order;
    this.#sorting = { key, descending: key === before ? !descending : key === "value" };
    this.#settled.cancel();
    this.#fill();
  }

  async #fill() {
    const query = this.#query;
    if (!query) return this.#clear();
    const { order, shown } = query;
    this.#table.waiting = true;
    await this.#read(query, 0, ({ segments, n_inside, n_tracks, edition }) => {
      this.#listed = { query, edition, n_inside };
      // not before: until then the rows are in the order of before
      this.#table.showColumns(order, shown.colour ? shortName(this.page.collection, shown.colour) : null);
      this.#table.show(segments, n_inside, n_tracks);
    });
  }

  /** There is no map, and the page says why. */
  #clear() {
    this.#listed = null;
    this.#reading = false;
    this.#table.waiting = false;
    this.#table.clear();
  }

  async #more() {
    const { length } = this.#table;
    const listed = this.#listed;
    if (!listed || this.#reading || !length || length >= Math.min(listed.n_inside, MOST_LISTED)) return;
    await this.#read(listed.query, length, ({ segments, edition }) => {
      // what was read before may come again, or something between was never read
      if (edition !== listed.edition) return this.#refresh();
      this.#table.append(segments);
    });
  }

  /** @param {Query} query @param {number} offset @param {(page: SegmentsInside) => void} then */
  async #read({ shown, box, order, revision, segments }, offset, then) {
    if (!this.#table.open) return;
    this.#reading = true;
    try {
      const found = await this.#errand.run((signal) => inside(shown, box, order, revision, offset, signal));
      if (!found) return;
      this.#reading = false;
      segments.know(found.segments);
      this.#table.fail(null);
      this.#table.waiting = false;
      then(found);
      const { n_inside = 0 } = this.#listed ?? {};
      this.#table.end(this.#table.length >= MOST_LISTED ? n_inside - this.#table.length : 0);
    } catch (error) {
      this.#reading = false;
      if (!(error instanceof ApiError)) throw error;
      this.#table.waiting = false;
      if (error.code === "stale_revision") this.page.fail(error);
      else this.#table.fail(error, () => this.#fill());
    }
  }
}
