// The figure, the points over it and the marks over them, moving as one.

/** @import {Box, Points} from "../types/api" */

import { byId } from "../lib/dom.js";
import { Figure } from "./figure.js";
import { wholeView } from "./fit.js";
import { Marks } from "./marks.js";
import { PointMap } from "./point-map.js";
import { figureColours, pointPalette } from "./theme.js";
import { panned, size, squared, zoomed } from "./viewport.js";

const PICK_RADIUS_PX = 10;
const MIDDLE_RADIUS_PX = 4000;
const SAME_SHARE = 1e-4;

/** Dispatches `moved` when the view is another, `layout` when the frame is, `hover` and `tap` with the `{ index, x, y }` of a point (-1 for none). */
export class Stage extends EventTarget {
  figure = new Figure();
  points = new PointMap(/** @type {HTMLCanvasElement} */ (byId("points")));
  overlay = byId("marks");
  #host = byId("figure");
  /** What lies over the map, and hides points. */
  #obstacles = [byId("legend"), byId("tools")];
  marks = new Marks(this.overlay, this.points);
  /** A unit is as long across as it is up. */
  #isometric = false;
  /** @type {Points | null} */
  #points = null;
  /** @type {Box} what shows the whole map */
  #whole = [0, 1, 0, 1];
  #isWhole = true;
  /** @type {"pan" | "box"} */
  #drag = "pan";

  async show() {
    this.recolour(false);
    await this.figure.show(this.#host);
    this.#layout();
    this.figure.addEventListener("layout", () => this.#layout());
    this.figure.addEventListener("view", () => this.#moved());
    this.figure.addEventListener("hover", (event) => this.#point("hover", event));
    this.figure.addEventListener("tap", (event) => this.#point("tap", event));
    this.figure.addEventListener("leave", () =>
      this.dispatchEvent(new CustomEvent("hover", { detail: { index: -1, x: 0, y: 0 } })),
    );
  }

  /** What the figure shows, or null for the whole map. @returns {Box | null} */
  get box() {
    return this.#isWhole ? null : this.figure.view;
  }

  /** Another map: its points, and whether its axes stand for something. The legend is there already. @param {Points} points @param {boolean} axes @param {Box | null} box */
  setMap(points, axes, box) {
    this.#isometric = !axes;
    this.#points = points;
    this.figure.setAxes(axes);
    byId("stage").toggleAttribute("data-axes", axes);
    this.#host.removeAttribute("data-waiting");
    this.#fit();
    this.setBox(box);
  }

  /** Nothing to show. */
  clear() {
    this.#points = null;
    this.#host.setAttribute("data-waiting", "");
    byId("stage").removeAttribute("data-axes");
    this.marks.set("playing", null);
  }

  /** @param {Box | null} box null for the whole map */
  setBox(box) {
    this.#isWhole = !box;
    const { frame } = this.figure;
    if (!box) this.figure.view = this.#whole;
    else this.figure.view = this.#isometric ? squared(box, frame) : box;
    this.#moved();
  }

  showWhole() {
    this.setBox(null);
  }

  /** @param {number} factor below 1 zooms in */
  zoom(factor) {
    this.figure.view = zoomed(this.figure.view, factor);
  }

  /** @param {number} across @param {number} up shares of what is seen */
  pan(across, up) {
    this.figure.view = panned(this.figure.view, across, up);
  }

  toggleDrag() {
    this.#drag = this.#drag === "pan" ? "box" : "pan";
    this.figure.setDrag(this.#drag);
    byId("tool-box").setAttribute("aria-pressed", String(this.#drag === "box"));
  }

  /** @param {boolean} coloured */
  recolour(coloured) {
    this.figure.setColours(figureColours());
    this.points.setPalette(pointPalette(coloured));
  }

  /** Index of the point nearest to the middle of the view, or -1. */
  middle() {
    const { width, height } = this.points.frame;
    return this.points.pick(width / 2, height / 2, MIDDLE_RADIUS_PX);
  }

  #layout() {
    this.points.setFrame(this.figure.frame);
    const { left, top, width, height } = this.points.canvas.style;
    Object.assign(this.overlay.style, { left, top, width, height });
    this.#fit();
    this.setBox(this.box);
    this.dispatchEvent(new Event("layout"));
  }

  #fit() {
    if (!this.#points) return;
    const frame = this.overlay.getBoundingClientRect();
    const obstacles = this.#obstacles
      .map((each) => each.getBoundingClientRect())
      .map(({ left, right, top, bottom }) => ({
        left: left - frame.left,
        right: right - frame.left,
        top: top - frame.top,
        bottom: bottom - frame.top,
      }));
    this.#whole = wholeView(this.#points, frame, this.#isometric, obstacles);
  }

  #moved() {
    const { view } = this.figure;
    const { width, height } = size(this.#whole);
    this.#isWhole = view.every((edge, i) => Math.abs(edge - this.#whole[i]) < SAME_SHARE * (i < 2 ? width : height));
    this.points.setView(view);
    this.marks.update();
    this.dispatchEvent(new Event("moved"));
  }

  /** @param {"hover" | "tap"} name @param {Event} event */
  #point(name, event) {
    const { x, y } = /** @type {CustomEvent} */ (event).detail;
    this.dispatchEvent(new CustomEvent(name, { detail: { index: this.points.pick(x, y, PICK_RADIUS_PX), x, y } }));
  }
}
