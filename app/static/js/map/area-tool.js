// Drawing on the map: a line by hand around something, a box, or a line along something. While a tool is on, one finger or the
// mouse draws and nothing else happens; a second finger gives the drawing up.

/** @import {Stage} from "./stage.js" */
/** @import {Box} from "../types/api" */

import { svg } from "../lib/svg.js";
import { simplified } from "../state/selection.js";

/** @typedef {"lasso" | "box" | "line"} AreaKind */
/** @typedef {[number, number]} Place CSS pixels of the frame */

const STEP_PX = 3;
const TOLERANCE_PX = 1;
/** A smaller area was a click. */
const SMALLEST_PX = 4;

/**
 * Dispatches `drawn` with `{ kind, vertices, box, event }`: places in data units (`box` of a box, `vertices` of a line), and the
 * event of the pointer, whose keys say what it is for; `began` with the first place; `changed` when another tool is on, or none.
 */
export class AreaTool extends EventTarget {
  /** @type {AreaKind | null} */
  #kind = null;
  /** @type {number | null} the pointer that draws */
  #pointer = null;
  /** @type {Place[]} */
  #line = [];
  #path = svg("path", { class: "area" });

  /** @param {Stage} stage @param {AbortSignal} signal */
  constructor(stage, signal) {
    super();
    this.stage = stage;
    this.picture = svg("svg", { class: "area-drawing", "aria-hidden": "true" }, this.#path);
    stage.overlay.append(this.picture);
    // before the figure, the loupe and whoever points hear of it
    const options = { capture: true, signal };
    const acts = { pointerdown: this.#down, pointermove: this.#move, pointerup: this.#up, pointercancel: this.#cancel };
    for (const [name, act] of Object.entries(acts))
      stage.element.parentElement?.addEventListener(
        name,
        (event) => event instanceof PointerEvent && this.#kind && act.call(this, event),
        options,
      );
  }

  get kind() {
    return this.#kind;
  }

  /** @param {AreaKind | null} kind null for none */
  set kind(kind) {
    this.#end();
    this.#kind = kind;
    this.stage.element.toggleAttribute("data-drawing", kind !== null);
    this.dispatchEvent(new Event("changed"));
  }

  /** Whether something is being drawn; it is given up. */
  giveUp() {
    const isDrawing = this.#pointer !== null;
    this.#end();
    return isDrawing;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (!this.#isOnMap(event) || event.button !== 0) return;
    event.stopPropagation();
    // a second finger: nothing is drawn by two
    if (this.#pointer !== null) return this.#end();
    this.#pointer = event.pointerId;
    this.stage.element.setPointerCapture(event.pointerId);
    this.#line = [this.#place(event)];
    this.dispatchEvent(new Event("began"));
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (this.#pointer === null) return void (this.#isOnMap(event) && event.stopPropagation());
    event.stopPropagation();
    if (event.pointerId !== this.#pointer) return;
    const place = this.#place(event);
    const [x, y] = this.#line[this.#line.length - 1];
    if (Math.hypot(place[0] - x, place[1] - y) < STEP_PX && this.#kind !== "box") return;
    if (this.#kind === "box") this.#line.length = 1;
    this.#line.push(place);
    this.#show();
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (event.pointerId !== this.#pointer) return;
    event.stopPropagation();
    const line = this.#line;
    const kind = /** @type {AreaKind} */ (this.#kind);
    this.#end();
    const spans = [0, 1].map(
      (axis) => Math.max(...line.map((place) => place[axis])) - Math.min(...line.map((place) => place[axis])),
    );
    if (Math.max(...spans) < SMALLEST_PX || line.length < (kind === "lasso" ? 3 : 2)) return;
    const vertices = (kind === "box" ? line : simplified(line, TOLERANCE_PX)).map((place) => this.stage.points.toData(place));
    const detail = { kind, vertices, box: boxAround(vertices), event };
    this.dispatchEvent(new CustomEvent("drawn", { detail }));
  }

  /** @param {PointerEvent} event */
  #cancel(event) {
    if (event.pointerId === this.#pointer) this.#end();
  }

  #end() {
    this.#pointer = null;
    this.#line = [];
    this.#show();
  }

  #show() {
    const written = this.#kind === "box" ? corners(this.#line) : this.#line;
    this.#path.setAttribute(
      "d",
      written.length > 1 ? `M${written.map(([x, y]) => `${x} ${y}`).join("L")}${this.#kind === "line" ? "" : "Z"}` : "",
    );
    this.#path.classList.toggle("is-open", this.#kind === "line");
  }

  /** @param {PointerEvent} event @returns {Place} */
  #place({ clientX, clientY }) {
    const { left, top } = this.stage.overlay.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  /** Not on a control that lies over it. @param {PointerEvent} event */
  #isOnMap({ target }) {
    return target instanceof Element && this.stage.element.contains(target) && !target.closest("button");
  }
}

/** @param {Place[]} line from one corner to the other @returns {Place[]} */
function corners(line) {
  if (line.length < 2) return [];
  const [[x0, y0], [x1, y1]] = line;
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

/** @param {[number, number][]} places @returns {Box} */
function boxAround(places) {
  const [x, y] = [0, 1].map((axis) => places.map((place) => place[axis]));
  return [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)];
}
