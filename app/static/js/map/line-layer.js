// The trajectories of tracks on the graphics card: lines from segment to segment, pale where a track begins, strong where it ends.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */
/** @import {LineProgram} from "./gl.js" */

import { LINE_ATTRIBUTES } from "./gl.js";
import { placing } from "./point-layer.js";

/** Between two tracks: WebGL2 begins a new line at the highest index. */
export const RESTART = 0xffffffff;
/** Opacity of a line where a track begins and where it ends. */
export const STRENGTH = { first: 0.08, last: 0.55 };

/**
 * @typedef {object} Lines
 * @property {Uint32Array} indices of points, track by track and in the order of time, RESTART between tracks
 * @property {Uint8Array} ages of each point: 0 at the beginning of its track, 255 at its end
 * @property {number} n_tracks
 */

/**
 * Join points by track. Pure.
 * @param {Uint32Array} rows of points, in any order
 * @param {Uint32Array} firstRows of tracks, in any order
 * @returns {Lines}
 */
export function joined(rows, firstRows) {
  const n = rows.length;
  // row and index in one number each: both stay whole below 2^53, and numbers sort many times as fast as objects
  const keys = Float64Array.from(rows, (row, i) => row * n + i).sort();
  const firsts = firstRows.slice().sort();
  const indices = new Uint32Array(n + firsts.length);
  const ages = new Uint8Array(n);
  let at = 0;
  let [written, n_tracks] = [0, 0];
  for (let track = 0; track < firsts.length; track++) {
    const end = track + 1 < firsts.length ? firsts[track + 1] * n : Infinity;
    const begin = at;
    while (at < n && keys[at] < end) at++;
    if (at === begin) continue;
    for (let i = begin; i < at; i++) {
      const index = keys[i] % n;
      ages[index] = Math.round((255 * (i - begin)) / Math.max(1, at - begin - 1));
      indices[written++] = index;
    }
    indices[written++] = RESTART;
    n_tracks++;
  }
  return { indices: indices.subarray(0, written), ages, n_tracks };
}

export class LineLayer {
  /** @type {WebGLVertexArrayObject | null} */
  #vertices = null;
  /** @type {WebGLBuffer[]} */
  #buffers = [];

  /** @param {Points} points @param {Lines} lines */
  constructor(points, lines) {
    this.points = points;
    this.lines = lines;
  }

  /** @param {WebGL2RenderingContext} gl @param {LineProgram} program */
  upload(gl, { attributes }) {
    const columns = { x: this.points.x, y: this.points.y, age: this.lines.ages };
    this.#vertices = gl.createVertexArray();
    gl.bindVertexArray(this.#vertices);
    this.#buffers = [];
    for (const name of LINE_ATTRIBUTES) {
      this.#fill(gl, gl.ARRAY_BUFFER, columns[name]);
      gl.enableVertexAttribArray(attributes[name]);
      gl.vertexAttribPointer(attributes[name], 1, name === "age" ? gl.UNSIGNED_BYTE : gl.UNSIGNED_SHORT, true, 0, 0);
    }
    this.#fill(gl, gl.ELEMENT_ARRAY_BUFFER, this.lines.indices);
    gl.bindVertexArray(null);
  }

  /**
   * @param {WebGL2RenderingContext} gl @param {LineProgram} program @param {Box} view
   * @param {number} most indices that are drawn @param {readonly number[]} colour red, green, blue, 0 to 255
   */
  draw(gl, { program, uniforms }, view, most, colour) {
    const { scale, offset } = placing(this.points.box, view);
    gl.useProgram(program);
    gl.bindVertexArray(this.#vertices);
    gl.uniform2f(uniforms.scale, ...scale);
    gl.uniform2f(uniforms.offset, ...offset);
    gl.uniform2f(uniforms.strength, STRENGTH.first, STRENGTH.last);
    gl.uniform3f(uniforms.colour, colour[0] / 255, colour[1] / 255, colour[2] / 255);
    gl.drawElements(gl.LINE_STRIP, Math.min(most, this.lines.indices.length), gl.UNSIGNED_INT, 0);
    gl.bindVertexArray(null);
  }

  /** @param {WebGL2RenderingContext} gl */
  free(gl) {
    for (const buffer of this.#buffers) gl.deleteBuffer(buffer);
    gl.deleteVertexArray(this.#vertices);
  }

  /** @param {WebGL2RenderingContext} gl @param {number} target @param {ArrayBufferView} column */
  #fill(gl, target, column) {
    const buffer = /** @type {WebGLBuffer} */ (gl.createBuffer());
    this.#buffers.push(buffer);
    gl.bindBuffer(target, buffer);
    gl.bufferData(target, column, gl.STATIC_DRAW);
  }
}
