// One set of points on the graphics card, and what is needed to put it there again.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */
/** @import {DiscProgram} from "./gl.js" */
/** @import {Grid} from "./grid.js" */

import { ATTRIBUTES } from "./gl.js";
import { COLUMN_STEPS, size } from "./viewport.js";

export class PointLayer {
  /** @type {Grid | null} where to look for a point under the pointer, once indexed */
  grid = null;
  /** @type {WebGLVertexArrayObject | null} */
  #vertices = null;
  /** @type {WebGLBuffer[]} */
  #buffers = [];

  /** @param {Points} points */
  constructor(points) {
    this.points = points;
  }

  /** @param {WebGL2RenderingContext} gl @param {DiscProgram} program */
  upload(gl, { attributes }) {
    const { x, y, values } = this.points;
    const columns = { x, y, value: values };
    this.#vertices = gl.createVertexArray();
    gl.bindVertexArray(this.#vertices);
    this.#buffers = [];
    for (const name of ATTRIBUTES) {
      const column = columns[name];
      // an attribute without a column is 0 for every point: without values, all take the palette's first colour
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
    gl.bindVertexArray(null);
  }

  /**
   * Draw the points `from` to `to`.
   * @param {WebGL2RenderingContext} gl @param {DiscProgram} program
   * @param {Box} view @param {number} from @param {number} to
   */
  draw(gl, { uniforms }, view, from, to) {
    const [points, seen] = [size(this.points.box), size(view)];
    gl.bindVertexArray(this.#vertices);
    gl.uniform2f(uniforms.scale, (2 * points.width) / seen.width, (2 * points.height) / seen.height);
    gl.uniform2f(
      uniforms.offset,
      (2 * (this.points.box[0] - view[0])) / seen.width - 1,
      (2 * (this.points.box[2] - view[2])) / seen.height - 1,
    );
    gl.drawArrays(gl.POINTS, from, to - from);
    gl.bindVertexArray(null);
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
