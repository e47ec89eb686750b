// The thread of a track over the points: its segments as dots, those around one of them joined in the order of time.

/** @import {Thread} from "../types/api" */
/** @import {PointMap} from "./point-map.js" */
/** @import {Size} from "./viewport.js" */
/** @import {Box} from "../types/api" */

import { svg } from "../lib/svg.js";
import { size } from "./viewport.js";

/** So many segments before and after are joined. */
export const NEAR = 5;
/** A view whose scale differs by less has the scale of before: what was drawn is only moved. */
const SAME_SCALE = 1e-9;
const PARTS = /** @type {const} */ (["whole", "past", "next", "dots", "near"]);

/** @typedef {Record<typeof PARTS[number], string>} Paths data of SVG paths */

/**
 * @param {[number, number][]} places of all segments in the order of time, in CSS pixels
 * @param {number} at which of them is the one in the middle; -1: none
 * @param {boolean} whole all are joined, not only those around one
 * @returns {Paths}
 */
export function pathsOf(places, at, whole) {
  const [first, end] = at < 0 ? [0, 0] : [Math.max(0, at - NEAR), Math.min(places.length, at + NEAR + 1)];
  return {
    whole: whole ? line(places) : "",
    past: line(places.slice(first, at + 1)),
    next: line(places.slice(Math.max(at, 0), end)),
    dots: dots(places),
    near: dots(places.slice(first, end)),
  };
}

/** @param {[number, number][]} places */
function line(places) {
  return places.length > 1 ? `M${places.map(written).join("L")}` : "";
}

/** Lines of no length, whose round ends are discs. @param {[number, number][]} places */
function dots(places) {
  return places.map((place) => `M${written(place)}h0`).join("");
}

/** @param {[number, number]} place */
function written([x, y]) {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}

export class ThreadDrawing {
  #group = svg("g");
  #arrow = svg("path", { class: "thread-arrow" });
  /** @type {{ thread: Thread, row: number | null, whole: boolean } | null} */
  #shown = null;
  /** What was seen when the paths were written. @type {{ view: Box, frame: Size }} */
  #written = { view: [0, 0, 0, 0], frame: { width: 0, height: 0 } };

  /** @param {HTMLElement} host lies exactly over the points @param {PointMap} map */
  constructor(host, map) {
    this.map = map;
    this.paths = Object.fromEntries(PARTS.map((name) => [name, svg("path", { class: `thread-${name}` })]));
    const halos = PARTS.map((name) => svg("path", { class: `thread-halo thread-${name}` }));
    this.halos = Object.fromEntries(PARTS.map((name, i) => [name, halos[i]]));
    this.#group.append(...halos, ...Object.values(this.paths), this.#arrow);
    this.element = svg("svg", { class: "thread", "aria-hidden": "true" }, this.#group);
    this.hide();
    host.prepend(this.element);
  }

  /** @param {Thread} thread @param {number | null} row around which it is joined @param {boolean} whole all of it is joined */
  show(thread, row, whole) {
    this.#shown = { thread, row, whole };
    this.element.removeAttribute("hidden");
    this.#write();
  }

  hide() {
    this.#shown = null;
    this.element.setAttribute("hidden", "");
  }

  /** Follow the view. What has the scale of before is moved as a whole, however many segments it has. */
  update() {
    if (!this.#shown) return;
    const { view, frame } = this.map;
    const [now, before] = [size(view), size(this.#written.view)];
    const isSame = (/** @type {number} */ one, /** @type {number} */ other) => Math.abs(one / other - 1) < SAME_SCALE;
    if (!isSame(now.width / frame.width, before.width / this.#written.frame.width)) return this.#write();
    if (!isSame(now.height / frame.height, before.height / this.#written.frame.height)) return this.#write();
    const [x0, , , y1] = this.#written.view;
    const [x, y] = this.map.toPixels([x0, y1]);
    this.#group.setAttribute("transform", `translate(${x} ${y})`);
  }

  #write() {
    if (!this.#shown) return;
    const { thread, row, whole } = this.#shown;
    const { view, frame } = this.map;
    this.#written = { view, frame };
    const places = thread.x.map((x, i) => this.map.toPixels([x, thread.y[i]]));
    const at = row === null ? -1 : thread.rows.indexOf(row);
    for (const [name, data] of Object.entries(pathsOf(places, at, whole))) {
      this.paths[name].setAttribute("d", data);
      this.halos[name].setAttribute("d", data);
    }
    this.#point(places.slice(Math.max(at, 0), at < 0 ? 0 : at + NEAR + 1));
    this.#group.removeAttribute("transform");
  }

  /** An arrow head in the middle of the first step onwards that is long enough for one. @param {[number, number][]} places */
  #point(places) {
    const step = places.findIndex((place, i) => i > 0 && Math.hypot(place[0] - places[i - 1][0], place[1] - places[i - 1][1]) > 24);
    this.#arrow.setAttribute("d", step < 0 ? "" : "M5 0L-4 4.5L-4 -4.5Z");
    if (step < 0) return;
    const [[x0, y0], [x1, y1]] = [places[step - 1], places[step]];
    const angle = (Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI;
    this.#arrow.setAttribute("transform", `translate(${(x0 + x1) / 2} ${(y0 + y1) / 2}) rotate(${angle})`);
  }
}
