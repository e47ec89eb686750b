// One set of points on the graphics card, and what is needed to put it there again.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */
/** @import {DiscProgram} from "./gl.js" */
/** @import {Grid} from "./grid.js" */

import { drawOrder } from "./draw-order.js";
import { ATTRIBUTES } from "./gl.js";
import { COLUMN_STEPS, size } from "./viewport.js";

/**
 * How columns of a box, as the card has them, from 0 to 1, become places of clip space.
 * @param {Box} box @param {Box} view
 * @returns {{ scale: [number, number], offset: [number, number] }}
 */
export function placing(box, view) {
  const [all, seen] = [size(box), size(view)];
  return {
    scale: [(2 * all.width) / seen.width, (2 * all.height) / seen.height],
    offset: [(2 * (box[0] - view[0])) / seen.width - 1, (2 * (box[2] - view[2])) / seen.height - 1],
  };
}

export class PointLayer {
  /** @type {Grid | null} where to look for a point under the pointer, once indexed */
  grid = null;
  /** @type {WebGLVertexArrayObject | null} */
  #vertices = null;
  /** @type {WebGLBuffer[]} */
  #buffers = [];
  #isOrdered = false;

  /** @param {Points} points */
  constructor(points) {
    this.points = points;
  }

  /** @param {WebGL2RenderingContext} gl @param {DiscProgram} program */
  upload(gl, { attributes }) {
    const { x, y, values, spreads } = this.points;
    const columns = { x, y, value: values, spread: spreads };
    this.#vertices = gl.createVertexArray();
    gl.bindVertexArray(this.#vertices);
    this.#buffers = [];
    for (const name of ATTRIBUTES) {
      const column = columns[name];
      // an attribute without a column is 0 for every point: all take the palette's first colour, and all have one size
      if (!column) continue;
      const buffer = /** @type {WebGLBuffer} */ (gl.createBuffer());
      this.#buffers.push(buffer);
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, column, gl.STATIC_DRAW);
      gl.enableVertexAttribArray(attributes[name]);
      gl.vertexAttribPointer(
        attributes[name],
        1,
        column.BYTES_PER_ELEMENT === 1 ? gl.UNSIGNED_BYTE : gl.UNSIGNED_SHORT,
        true,
        0,
        0,
      );
    }
    const order = drawOrder(this.points);
    this.#isOrdered = order !== null;
    if (order) {
      const buffer = /** @type {WebGLBuffer} */ (gl.createBuffer());
      this.#buffers.push(buffer);
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, order, gl.STATIC_DRAW);
    }
    gl.bindVertexArray(null);
  }

  /**
   * Draw a part of the points: of all of them those `from` to `to` in the order of their heights, or a sample in any order.
   * @param {WebGL2RenderingContext} gl @param {DiscProgram} program
   * @param {Box} view @param {number} from @param {number} to @param {boolean} [isSample]
   */
  draw(gl, { uniforms }, view, from, to, isSample = false) {
    const { scale, offset } = placing(this.points.box, view);
    gl.bindVertexArray(this.#vertices);
    gl.uniform2f(uniforms.scale, ...scale);
    gl.uniform2f(uniforms.offset, ...offset);
    if (this.#isOrdered && !isSample) gl.drawElements(gl.POINTS, to - from, gl.UNSIGNED_INT, from * Uint32Array.BYTES_PER_ELEMENT);
    else gl.drawArrays(gl.POINTS, from, to - from);
    gl.bindVertexArray(null);
  }

  /** Which point a row is, or which is the average of its track; -1 where none is. @param {number} row */
  indexOf(row) {
    const { rows, firstRows } = this.points;
    if (!firstRows) return rows.indexOf(row);
    let best = -1;
    // the track with the last first row that is not behind it: rows between tracks are gone
    for (let i = 0; i < firstRows.length; i++) if (firstRows[i] <= row && (best < 0 || firstRows[i] > firstRows[best])) best = i;
    return best;
  }

  /** A point in data units. @param {number} index @returns {[number, number]} */
  at(index) {
    const { x, y, box } = this.points;
    const { width, height } = size(box);
    return [box[0] + (x[index] / COLUMN_STEPS) * width, box[2] + (y[index] / COLUMN_STEPS) * height];
  }

  /** @param {WebGL2RenderingContext} gl */
  free(gl) {
    for (const buffer of this.#buffers) gl.deleteBuffer(buffer);
    gl.deleteVertexArray(this.#vertices);
  }
}
