// What a pointer does on the stage: it comes to points, presses, clicks; a resting finger opens the loupe.

/** @import {Stage} from "./stage.js" */

import { Hold } from "./hold.js";
import { Pressing } from "./pressing.js";

const PICK_RADIUS_PX = 10;
/** Averages are larger than segments. */
const PICK_RADIUS_OF_AVERAGES_PX = 20;

export class Pointer {
  #pressing;
  #hold;
  /** @type {import("./hold.js").HoldActions} */
  #holding = {
    begin: (finger) => this.stage.loupe.open(finger),
    slide: (finger) => this.stage.loupe.move(finger),
    lift: () => this.#click(this.stage.loupe.close()),
    cancel: () => void this.stage.loupe.close(),
  };
  /** @type {number | null} */
  #pointed = null;

  /** @param {Stage} stage tells what the pointer does @param {AbortSignal} signal */
  constructor(stage, signal) {
    this.stage = stage;
    this.#hold = new Hold(stage.element, this.#holding, signal);
    this.#pressing = new Pressing(stage.element, () => stage.dispatchEvent(new Event("pressed")), signal);
    stage.figure.addEventListener("hover", (event) => this.#point(this.#rowAt(event)));
    stage.figure.addEventListener("tap", (event) => this.#tap(event));
    stage.figure.addEventListener("leave", () => this.hover(null));
  }

  /** @param {number | null} row that the pointer is at */
  hover(row) {
    if (row === this.#pointed) return;
    this.#pointed = row;
    const { stage } = this;
    stage.mark("hovered", row);
    stage.element.toggleAttribute("data-hovering", row !== null);
    const place = row === null ? null : stage.points.placeOf(row);
    stage.dispatchEvent(new CustomEvent("pointed", { detail: { row, at: place ? stage.points.toPixels(place) : [0, 0] } }));
  }

  /** @param {Event} event of the figure */
  #rowAt(event) {
    const { x, y } = /** @type {CustomEvent} */ (event).detail;
    const { points } = this.stage;
    return points.finder.pick(x, y, points.layer?.points.spreads ? PICK_RADIUS_OF_AVERAGES_PX : PICK_RADIUS_PX);
  }

  /** Nothing else is pointed at while a button is down: the map is moved, or a box drawn. @param {number | null} row */
  #point(row) {
    this.hover(this.#pressing.isDown && row !== this.#pointed ? null : row);
  }

  /** @param {Event} event of the figure */
  #tap(event) {
    this.#click(this.#rowAt(event));
    const { x, y } = /** @type {CustomEvent} */ (event).detail;
    const isCrowded = this.stage.points.finder.around(x, y, PICK_RADIUS_PX).length > 1;
    if (this.#hold.isTouched && isCrowded) this.stage.dispatchEvent(new Event("crowded"));
  }

  /** @param {number | null} row */
  #click(row) {
    const { isShifted: shifted } = this.#pressing;
    if (row !== null) this.stage.dispatchEvent(new CustomEvent("clicked", { detail: { row, shifted } }));
  }
}
