// The lines under the points, if there are any: what a map holds of them on the graphics card.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */
/** @import {Lines} from "./line-layer.js" */

import { lineProgram } from "./gl.js";
import { LineLayer } from "./line-layer.js";

export class LineSet {
  /** @type {LineLayer | null} */
  #layer = null;
  /** Made with the first lines: most maps never have any. @type {import("./gl.js").LineProgram | null} */
  #program = null;
  #isPart = false;

  /** Whether only a part of the lines is drawn. */
  get isPart() {
    return this.#isPart;
  }

  /** @returns {{ points: Points, lines: Lines } | null} */
  get joined() {
    return this.#layer;
  }

  /**
   * @param {WebGL2RenderingContext} gl @param {{ points: Points, lines: Lines } | null} joined
   * @returns {boolean} whether they are others
   */
  set(gl, joined) {
    if (!joined && !this.#layer) return false;
    this.#layer?.free(gl);
    this.#layer = joined && new LineLayer(joined.points, joined.lines);
    if (this.#layer) {
      this.#program ??= lineProgram(gl);
      this.#layer.upload(gl, this.#program);
    }
    return true;
  }

  /** What was held before went with the context. @param {WebGL2RenderingContext} gl */
  restore(gl) {
    if (!this.#program) return;
    this.#program = lineProgram(gl);
    this.#layer?.upload(gl, this.#program);
  }

  /** @param {WebGL2RenderingContext} gl @param {Box} view @param {number} most @param {readonly number[]} colour */
  draw(gl, view, most, colour) {
    const { lines } = this.#layer ?? {};
    this.#isPart = lines !== undefined && lines.indices.length > most;
    if (this.#layer && this.#program) this.#layer.draw(gl, this.#program, view, most, colour);
  }

  /** @param {WebGL2RenderingContext} gl */
  dispose(gl) {
    this.#layer?.free(gl);
    if (this.#program) gl.deleteProgram(this.#program.program);
  }
}
