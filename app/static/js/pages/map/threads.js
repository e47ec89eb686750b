// The thread of the track that is pointed at, by a pointer, in the loupe or in the table; by choice else that of the playing one.

/** @import {Thread} from "../../types/api" */
/** @import {Points} from "../../types/points" */
/** @import {MapPage} from "./map-page.js" */

import { thread } from "../../api/threads.js";
import { debounced, Latest } from "../../lib/timing.js";
import { ThreadDrawing } from "../../map/thread.js";

/** As long as the card waits. */
const SETTLE_MS = 40;
const REMEMBERED = 50;

export class Threads {
  #drawing;
  #errand = new Latest();
  /** Threads of the map that is drawn, by track. @type {Map<number, Thread>} */
  #known = new Map();
  /** What they belong to. @type {Points | null} */
  #of = null;
  /** @type {Thread | null} */
  #shown = null;
  #axes = "";
  /** @type {{ hovered: number | null, aimed: number | null, playing: number | null }} rows */
  #rows = { hovered: null, aimed: null, playing: null };
  #settled = debounced(() => this.#find(), SETTLE_MS);

  /** @param {MapPage} page @param {AbortSignal} signal */
  constructor(page, signal) {
    this.page = page;
    this.#drawing = new ThreadDrawing(page.stage.overlay, page.stage.points);
    const { stage } = page;
    stage.addEventListener("marked", (event) => {
      const { name, row } = /** @type {CustomEvent} */ (event).detail;
      this.#take(/** @type {"hovered" | "playing"} */ (name), row);
    });
    stage.loupe.addEventListener("aimed", (event) => this.#take("aimed", /** @type {CustomEvent} */ (event).detail.row));
    stage.addEventListener("moved", () => this.#drawing.update());
    page.addEventListener("drawn", () => this.#renew());
    page.addEventListener("emptied", () => this.#renew());
    page.addEventListener("view", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.keys.has("thread")) this.#follow();
    });
    signal.addEventListener("abort", () => this.#end(), { once: true });
  }

  /** Show the playing track's thread while nothing is pointed at, or no longer. */
  toggle() {
    this.page.change({ thread: this.page.view.thread === "playing" ? "pointed" : "playing" });
  }

  /** Whether a row is one that is pointed at. */
  get #isPointed() {
    return (this.#rows.aimed ?? this.#rows.hovered) !== null;
  }

  /** What places depend on beside the points' revisions. */
  get #axesNow() {
    const { network, layer, projection, x, y } = this.page.shown;
    return [network, layer, projection, x, y].join("/");
  }

  /** Whether threads are joined from end to end. */
  get #isWhole() {
    return this.page.shown.granularity === "trajectories";
  }

  /** The row whose thread is to be seen. */
  get #row() {
    const { aimed, hovered, playing } = this.#rows;
    const { thread: mode } = this.page.view;
    return aimed ?? hovered ?? (mode === "playing" || this.#isWhole ? playing : null);
  }

  /** @param {"hovered" | "aimed" | "playing"} name @param {number | null} row */
  #take(name, row) {
    if (this.#rows[name] === row) return;
    this.#rows[name] = row;
    this.#follow();
  }

  /** Another row of the same track shows at once; another track, or none, when the pointer rests: a sweep flickers nowhere. */
  #follow() {
    const row = this.#row;
    if (row !== null && this.#shown && holds(this.#shown, row)) {
      this.#settled.cancel();
      this.#errand.cancel();
      this.#show(this.#shown);
    } else this.#settled();
  }

  async #find() {
    const { page } = this;
    const { segments, points } = page;
    const row = this.#row;
    if (row === null || !segments || !points) return this.#hide();
    try {
      const found = await this.#errand.run(async (signal) => {
        const { track } = await segments.one(row, signal);
        const known = this.#known.get(track.id);
        return { track: track.id, thread: known ?? (await thread(page.shown, track.id, points.revision, signal)) };
      });
      // other points may have come meanwhile, and other rows
      if (!found || this.#of !== points || row !== this.#row) return;
      this.#remember(found.track, found.thread);
      this.#show(found.thread);
    } catch (error) {
      page.fail(error);
    }
  }

  /** @param {number} track @param {Thread} found */
  #remember(track, found) {
    this.#known.set(track, found);
    if (this.#known.size > REMEMBERED) this.#known.delete(/** @type {number} */ (this.#known.keys().next().value));
  }

  /** @param {Thread} found */
  #show(found) {
    this.#shown = found;
    this.#drawing.show(found, this.#row, this.#isWhole);
    this.page.stage.element.toggleAttribute("data-threaded", this.#isPointed);
  }

  #hide() {
    this.#shown = null;
    this.#drawing.hide();
    this.page.stage.element.removeAttribute("data-threaded");
  }

  /** The map is another, or its rows or axes are. */
  #renew() {
    const { points } = this.page;
    const isSame = points !== null && this.#of !== null && places(points) === places(this.#of) && this.#axes === this.#axesNow;
    this.#of = points;
    this.#axes = this.#axesNow;
    // other colours, or more points of the same map: the segments are where they were
    if (isSame) return this.#shown ? this.#show(this.#shown) : undefined;
    this.#errand.cancel();
    this.#known.clear();
    this.#hide();
    if (this.#row !== null) this.#settled();
  }

  #end() {
    this.#settled.cancel();
    this.#errand.cancel();
  }
}

/** Which segments are where. @param {Points} points */
function places({ revision, projection_revision }) {
  return `${revision} ${projection_revision}`;
}

/** @param {Thread} found @param {number} row */
function holds({ first_row, n_segments }, row) {
  return row >= first_row && row < first_row + n_segments;
}
