// Keeps the table of segments in step with what is in view, while it is open.

/** @import {Sorting, SortKey} from "../../api/inside.js" */
/** @import {SegmentsInside} from "../../types/api" */
/** @import {MapPage} from "./map-page.js" */

import { ApiError } from "../../api/client.js";
import { inside } from "../../api/inside.js";
import { debounced, Latest } from "../../lib/timing.js";
import { partsOf } from "../../state/choices.js";
import { SegmentTable } from "../../ui/segment-table.js";

const DELAY_MS = 250;
/** Nobody reads on beyond it, and the browser lays out every row. */
const MOST_LISTED = 5000;

export class TableOfView {
  #errand = new Latest();
  #table;
  /** @type {Sorting | null} null until a header is chosen */
  #sorting = null;
  /** What is listed: `edition` changes whenever pages that were read before may be others. */
  #listed = { edition: "", n_inside: 0 };
  #reading = false;
  /** Ends what only an open table has. */
  #closing = new AbortController();
  #settled = debounced(() => this.#fill(), DELAY_MS);

  /** @param {HTMLElement} panel @param {MapPage} page @param {AbortSignal} signal */
  constructor(panel, page, signal) {
    this.page = page;
    this.#table = new SegmentTable(panel);
    /** @param {string} name @param {(detail: any) => void} act */
    const hear = (name, act) => this.#table.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
    hear("play", ({ row }) => page.now.play(row));
    hear("point", ({ row }) => page.stage.mark("hovered", row));
    hear("sort", ({ key }) => this.#sort(key));
    hear("more", () => this.#more());
    hear("close", () => page.tools.toggleTable());
    signal.addEventListener("abort", () => this.#end(), { once: true });
  }

  /** Open or close it; gives whether it is open now. */
  toggle() {
    if (this.#table.open) this.#close();
    else this.#open();
    return this.#table.open;
  }

  /** Call whenever the view or the points are others. */
  refresh() {
    if (!this.#table.open) return;
    this.#table.waiting = true;
    this.#settled();
  }

  /** @param {number | null} row */
  mark(row) {
    this.#table.mark(row);
  }

  #open() {
    const opener = document.activeElement;
    this.#closing = new AbortController();
    const { signal } = this.#closing;
    const close = () => this.page.tools.toggleTable();
    this.page.context.keys.add([{ keys: ["Escape"], shown: "esc", does: "close the table", run: close }], signal);
    signal.addEventListener("abort", () => opener instanceof HTMLElement && opener.focus(), { once: true });
    this.#table.open = true;
    this.#table.panel.focus();
    this.refresh();
  }

  #close() {
    this.#table.open = false;
    this.page.stage.mark("hovered", null);
    this.#cancel();
    this.#closing.abort();
  }

  #end() {
    this.#cancel();
    // the focus is the next page's
    this.#closing = new AbortController();
  }

  #cancel() {
    this.#settled.cancel();
    this.#errand.cancel();
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
    const { colour } = this.page.shown;
    const order = this.#order;
    this.#table.waiting = true;
    await this.#read(0, ({ segments, n_inside, n_tracks, edition }) => {
      this.#listed = { edition, n_inside };
      // not before: until then the rows are in the order of before
      this.#table.showColumns(order, colour ? partsOf(colour).tag : null);
      this.#table.show(segments, n_inside, n_tracks);
    });
  }

  async #more() {
    const { length } = this.#table;
    const wanted = Math.min(this.#listed.n_inside, MOST_LISTED);
    if (this.#reading || !length || length >= wanted) return;
    await this.#read(length, ({ segments, edition }) => {
      // what was read before may come again, or something between was never read
      if (edition !== this.#listed.edition) return this.refresh();
      this.#table.append(segments);
    });
  }

  /** @param {number} offset @param {(page: SegmentsInside) => void} then */
  async #read(offset, then) {
    const { points, stage, shown, segments } = this.page;
    if (!this.#table.open) return;
    if (!points || !segments) {
      // there is no map: the page says why
      this.#table.waiting = false;
      return;
    }
    this.#reading = true;
    try {
      const order = this.#order;
      const found = await this.#errand.run((signal) => inside(shown, stage.box, order, points.revision, offset, signal));
      if (!found) return;
      this.#reading = false;
      segments.know(found.segments);
      this.#table.fail(null);
      this.#table.waiting = false;
      then(found);
      const { n_inside } = this.#listed;
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
