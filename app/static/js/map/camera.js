// Which part of a map is seen: the whole, or a box that keeps its middle and its scale while the frame changes.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */
/** @import {Edges, Size} from "./viewport.js" */

import { wholeView } from "./fit.js";
import { limited, readable } from "./limits.js";
import { resized, size } from "./viewport.js";

const SAME_SHARE = 1e-4;

export class Camera {
  /** @type {Points | null} all of the map, or a sample of it */
  points = null;
  /** @type {Box} in data units */
  view = [0, 1, 0, 1];
  /** @type {Size} */
  #frame = { width: 1, height: 1 };
  /** @type {Box} what shows the whole map */
  #whole = [0, 1, 0, 1];
  /** A unit is as long across as it is up. */
  #isometric = false;
  /**
   * The view that was last asked for, and the frame that it was asked for in. Every later frame starts from it: one that comes back
   * shows what it showed.
   */
  #asked = { view: this.view, frame: this.#frame };

  /** What shows the whole map. */
  get whole() {
    return this.#whole;
  }

  /** What is seen, or null for the whole map. @returns {Box | null} */
  get box() {
    return this.#isWhole ? null : this.view;
  }

  /**
   * Another map, of which the whole is seen.
   * @param {Points} points @param {boolean} isometric @param {Edges[]} obstacles
   */
  setMap(points, isometric, obstacles) {
    this.points = points;
    this.#isometric = isometric;
    this.#fit(obstacles);
    this.view = this.#whole;
  }

  /** @param {Size} frame @param {Edges[]} obstacles */
  setFrame(frame, obstacles) {
    const wasWhole = this.#isWhole;
    this.#frame = { width: frame.width, height: frame.height };
    this.#fit(obstacles);
    const { view, frame: before } = this.#asked;
    if (wasWhole) this.view = this.#whole;
    else if (this.points) this.view = limited(resized(view, before, this.#frame), this.#ground(this.points));
  }

  /** Show a box, from an address for example, which may hold anything. @param {Box | null} box null for the whole map */
  show(box) {
    const good = box && this.points ? readable(box, this.#ground(this.points)) : null;
    this.#take(good ?? this.#whole);
  }

  /** Go to another view, as far as there is something to see. @param {Box} asked */
  move(asked) {
    if (this.points) this.#take(limited(asked, this.#ground(this.points), this.view));
  }

  get #isWhole() {
    const { width, height } = size(this.#whole);
    return this.view.every((edge, i) => Math.abs(edge - this.#whole[i]) < SAME_SHARE * (i < 2 ? width : height));
  }

  /** @param {Box} view */
  #take(view) {
    this.view = view;
    this.#asked = { view, frame: this.#frame };
  }

  /** @param {Edges[]} obstacles */
  #fit(obstacles) {
    if (this.points) this.#whole = wholeView(this.points, this.#frame, this.#isometric, obstacles);
  }

  /** @param {Points} points */
  #ground({ extent }) {
    return { extent, whole: this.#whole, frame: this.#frame, isometric: this.#isometric };
  }
}
