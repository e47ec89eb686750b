// A map to look at and to point at: the figure, the points over it and the marks over them, moving as one. It makes its own
// elements inside its host, so several can stand on a page, and it knows rows but neither segments nor sound.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */
/** @import {MarkName} from "./marks.js" */

import { element } from "../lib/dom.js";
import { framed } from "../lib/timing.js";
import { Camera } from "./camera.js";
import { EdgeArrow } from "./edge-arrow.js";
import { Figure } from "./figure.js";
import { Glide } from "./glide.js";
import { Loupe } from "./loupe.js";
import { Marks } from "./marks.js";
import { PointMap } from "./point-map.js";
import { Pointer } from "./pointer.js";
import { figureColours, lineColour, onThemeChange, pointPalette } from "./theme.js";
import { centred, panned, zoomed } from "./viewport.js";

/**
 * @typedef {object} StageOptions
 * @property {string} label for those who do not see the map
 * @property {string} [describedBy] id of the element that explains its keys
 * @property {() => HTMLElement[]} [obstacles] what lies over the map, and hides points
 */

/**
 * Dispatches `pointed` with `{ row, at }` when the pointer comes to another point, in CSS pixels of `overlay` (row null: to none),
 * `pressed` when a button or a finger goes down, `clicked` with `{ row, shifted }`, `crowded` when a finger chose one of several,
 * `marked` with `{ name, row }` when a row gets a ring or loses it, `moved` when the view is another, `layout` when the frame is,
 * and `recoloured` with light and dark. Its element is `aria-busy` until all is drawn and answers to the pointer.
 */
export class Stage extends EventTarget {
  #ending = new AbortController();
  #canvas = element("canvas", { class: "points" });
  #ground = element("div", { class: "figure", "data-waiting": true });
  /** Lies exactly over the points: a place for what follows them. */
  overlay = element("div", { class: "marks" });
  #obstacles;
  #arrow;
  #pointer;
  #camera = new Camera();
  #glide = new Glide();
  /** Tools may ask several times in a frame. */
  #follow = framed(() => this.#moved());
  /** @type {import("../types/api").Colour | null} */
  #colour = null;
  /** @type {(level: number) => boolean} */
  #isKept = () => true;
  /** @type {"pan" | "box"} */
  #drag = "pan";
  #waiting = true;

  /** @param {HTMLElement} host has a size and is positioned @param {StageOptions} options @throws {NoWebGl} */
  constructor(host, { label, describedBy = undefined, obstacles = () => [] }) {
    super();
    this.#obstacles = obstacles;
    this.points = new PointMap(this.#canvas, this.#ending.signal);
    this.figure = new Figure();
    this.marks = new Marks(this.overlay, this.points);
    this.element = element(
      "div",
      {
        class: "stage",
        role: "application",
        tabindex: 0,
        "aria-label": label,
        "aria-describedby": describedBy,
        "aria-busy": "true",
      },
      this.#ground,
      this.#canvas,
      this.overlay,
    );
    this.#arrow = new EdgeArrow(this.overlay, this.element, () => this.#goToPlaying());
    this.loupe = new Loupe(this.element, this.points);
    this.#pointer = new Pointer(this, this.#ending.signal);
    host.prepend(this.element);
    onThemeChange(() => this.#recolour(), this.#ending.signal);
  }

  async show() {
    const { figure, points } = this;
    this.#recolour();
    await figure.show(this.#ground, this.#ending.signal);
    if (this.#ending.signal.aborted) return;
    this.#layout();
    figure.addEventListener("layout", () => this.#layout());
    figure.addEventListener("asked", (event) => {
      this.#glide.cancel();
      this.#camera.move(/** @type {CustomEvent} */ (event).detail.view);
      figure.view = this.#camera.view;
      this.#follow();
    });
    for (const event of ["begun", "rest", "indexed"]) points.addEventListener(event, () => this.#showBusy());
  }

  /** Give everything back: elements, listeners, the worker, the graphics context. Nothing works afterwards. */
  dispose() {
    this.#ending.abort();
    this.#follow.cancel();
    this.#glide.cancel();
    this.element.remove();
  }

  /** What the figure shows, in data units. */
  get view() {
    return this.#camera.view;
  }

  /** What shows the whole map. */
  get whole() {
    return this.#camera.whole;
  }

  /** What the figure shows, or null for the whole map. @returns {Box | null} */
  get box() {
    return this.#camera.box;
  }

  /** Other points are on their way. @param {boolean} waiting */
  set waiting(waiting) {
    this.#waiting = waiting;
    this.#showBusy();
  }

  /** @param {string} label */
  set label(label) {
    this.element.setAttribute("aria-label", label);
  }

  /**
   * Another map.
   * @param {Points} points all of it, or a sample @param {boolean} axes whether they stand for something
   * @param {Box | null} box null for the whole map
   */
  setMap(points, axes, box) {
    const before = this.points.seen;
    this.setPoints(points);
    this.figure.setAxes(axes);
    this.#ground.removeAttribute("data-waiting");
    this.#camera.setMap(points, !axes, this.#edges());
    this.#camera.show(box);
    this.#see();
    this.points.moveFrom(before);
  }

  /** The same map, with other colours. @param {Points} points */
  setPoints(points) {
    this.#colour = points.colour;
    this.#recolour();
    this.points.setPoints("detail", null);
    this.points.setPoints("base", points);
    this.#camera.points = points;
    this.#waiting = false;
    this.marks.forget();
    this.#findMarks();
  }

  /** Dim points of other levels. @param {(level: number) => boolean} isKept */
  keep(isKept) {
    this.#isKept = isKept;
    this.points.setPalette(pointPalette(this.#colour, isKept));
  }

  /** Finer points for a part of the map. @param {Points} points */
  setDetail(points) {
    this.points.setPoints("detail", points);
    this.#findMarks();
  }

  /** Nothing to show. */
  clear() {
    this.#waiting = false;
    this.#camera.points = null;
    this.points.setPoints("base", null);
    this.points.setPoints("detail", null);
    this.#ground.setAttribute("data-waiting", "");
    this.#findMarks();
  }

  /** @param {Box | null} box null for the whole map */
  setBox(box) {
    // what the page was told is not asked for: after a resize that would make it the view to come back to
    if (box && box === this.#camera.box) return;
    this.#glide.cancel();
    this.#camera.show(box);
    this.#see();
  }

  showWhole() {
    this.setBox(null);
  }

  /** @param {number} factor below 1 zooms in */
  zoom(factor) {
    this.#move(zoomed(this.#camera.view, factor));
  }

  /** @param {number} across @param {number} up shares of what is seen */
  pan(across, up) {
    this.#move(panned(this.#camera.view, across, up));
  }

  /** Go there in sight. @param {Box} box */
  glideTo(box) {
    this.#glide.start(this.#camera.view, box, (each) => {
      this.#camera.move(each);
      this.#see();
    });
  }

  /** Drag to move, or to draw a box to zoom into; gives which it is now. */
  toggleDrag() {
    this.#drag = this.#drag === "pan" ? "box" : "pan";
    this.figure.setDrag(this.#drag);
    return this.#drag;
  }

  /** @param {MarkName} name @param {number | null} row */
  mark(name, row) {
    this.marks.set(name, row);
    this.#showArrow();
    this.dispatchEvent(new CustomEvent("marked", { detail: { name, row } }));
  }

  /** Where a marked row lies whose point is not drawn. @param {MarkName} name @param {[number, number]} place in data units */
  place(name, place) {
    this.marks.learn(name, place);
    this.#showArrow();
  }

  /** The row in view that is nearest to its middle, or null. */
  middle() {
    return this.points.finder.middle();
  }

  #recolour() {
    this.figure.setColours(figureColours());
    this.points.lineColour = lineColour();
    this.points.setPalette(pointPalette(this.#colour, this.#isKept));
    this.dispatchEvent(new Event("recoloured"));
  }

  #layout() {
    // a frame without room has no scale
    if (this.figure.frame.width < 1 || this.figure.frame.height < 1) return;
    this.points.setFrame(this.figure.frame);
    const { left, top, width, height } = this.#canvas.style;
    Object.assign(this.overlay.style, { left, top, width, height });
    this.#glide.cancel();
    this.#camera.setFrame(this.figure.frame, this.#edges());
    this.#see();
    this.dispatchEvent(new Event("layout"));
  }

  /** Where what lies over the map is, in CSS pixels of the frame. */
  #edges() {
    const frame = this.overlay.getBoundingClientRect();
    return this.#obstacles().map((each) => {
      const { left, right, top, bottom } = each.getBoundingClientRect();
      return { left: left - frame.left, right: right - frame.left, top: top - frame.top, bottom: bottom - frame.top };
    });
  }

  /** @param {Box} asked */
  #move(asked) {
    this.#glide.cancel();
    this.#camera.move(asked);
    this.#see();
  }

  #see() {
    this.figure.view = this.#camera.view;
    this.#moved();
  }

  #moved() {
    this.points.setView(this.#camera.view);
    this.marks.update();
    this.#showArrow();
    // another point may lie under the pointer now; which one, its next move tells
    this.#pointer.hover(null);
    this.dispatchEvent(new Event("moved"));
  }

  #goToPlaying() {
    const place = this.marks.placeOf("playing");
    if (!place) return;
    this.glideTo(centred(this.#camera.view, place));
  }

  #findMarks() {
    this.marks.find();
    this.#showArrow();
  }

  #showArrow() {
    this.#arrow.show(this.marks.at("playing"), this.points.frame, () => this.#edges());
  }

  #showBusy() {
    const { layer, resting } = this.points;
    const isAnswering = !layer || Boolean(layer.grid);
    this.element.setAttribute("aria-busy", String(this.#waiting || !resting || !isAnswering));
  }
}
