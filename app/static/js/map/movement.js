// Points on their way from where they were on another map: turned as a whole while each goes to its own new place.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */
/** @import {Alignment} from "./alignment.js" */
/** @import {MoveProgram} from "./gl.js" */
/** @import {Size} from "./viewport.js" */

import { aligned, turned } from "./alignment.js";
import { MOVE_ATTRIBUTES } from "./gl.js";
import { placing } from "./point-layer.js";
import { GROWTH_BY_SPREAD } from "./point-style.js";
import { COLUMN_STEPS } from "./viewport.js";

const LENGTH_MS = 600;
/** So many points are seen to move: as many as a frame may draw. */
const MOST_POINTS = 60_000;
const SAMPLE = 4000;

/** What was seen before. @typedef {{ points: Points, view: Box, frame: Size }} Seen */

/**
 * Whether the segments of a map are those of another, so that they can be seen to move.
 * @param {Points} one @param {Points} other
 */
export function areShared(one, other) {
  return one.segmentation === other.segmentation && !one.firstRows === !other.firstRows;
}

/**
 * Where points were in what was seen before, and where they are now: x times the aspect of the frame, and y, of clip space.
 * @param {Seen} before @param {Seen} now
 * @returns {{ from: Float32Array, to: Float32Array, n: number }} `n` points; those that were not there stay where they will be
 */
export function ways(before, now) {
  const n = Math.min(now.points.n, MOST_POINTS);
  const find = finder(before.points, now.points, n);
  const [from, to] = [new Float32Array(2 * n), new Float32Array(2 * n)];
  const [put, had] = [placer(now), placer(before)];
  for (let i = 0; i < n; i++) {
    put(to, i, i);
    const was = find(i);
    if (was < 0) put(from, i, i);
    else had(from, i, was);
  }
  return { from, to, n };
}

/**
 * Both maps are in the order of the same priorities: mostly the points are the same ones.
 * @param {Points} before @param {Points} now @param {number} n
 */
function finder(before, now, n) {
  const isSame = before.n >= n && now.rows.subarray(0, n).every((row, i) => row === before.rows[i]);
  if (isSame) return (/** @type {number} */ i) => i;
  const known = new Map();
  for (let i = 0; i < before.n; i++) known.set(before.rows[i], i);
  return (/** @type {number} */ i) => known.get(now.rows[i]) ?? -1;
}

/** @param {Seen} seen */
function placer({ points, view, frame }) {
  const { scale, offset } = placing(points.box, view);
  const aspect = frame.width / frame.height;
  return (/** @type {Float32Array} */ places, /** @type {number} */ at, /** @type {number} */ index) => {
    places[2 * at] = ((points.x[index] / COLUMN_STEPS) * scale[0] + offset[0]) * aspect;
    places[2 * at + 1] = (points.y[index] / COLUMN_STEPS) * scale[1] + offset[1];
  };
}

export class Movement {
  /** @type {WebGLVertexArrayObject | null} */
  #vertices = null;
  /** @type {WebGLBuffer[]} */
  #buffers = [];
  #began_ms = 0;
  /** @type {Alignment} */
  #alignment;

  /** @param {WebGL2RenderingContext} gl @param {MoveProgram} program @param {Seen} before @param {Seen} now */
  constructor(gl, program, before, now) {
    this.program = program;
    const { from, to, n } = ways(before, now);
    this.points = now.points;
    this.n = n;
    this.#alignment = aligned(from.subarray(0, 2 * SAMPLE), to.subarray(0, 2 * SAMPLE));
    const { x, y, values, spreads } = now.points;
    const columns = {
      from,
      x: x.subarray(0, n),
      y: y.subarray(0, n),
      value: values?.subarray(0, n),
      spread: spreads?.subarray(0, n),
    };
    this.#vertices = gl.createVertexArray();
    gl.bindVertexArray(this.#vertices);
    for (const name of MOVE_ATTRIBUTES) {
      const column = columns[name];
      if (!column) continue;
      const buffer = /** @type {WebGLBuffer} */ (gl.createBuffer());
      this.#buffers.push(buffer);
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, column, gl.STATIC_DRAW);
      gl.enableVertexAttribArray(program.attributes[name]);
      const kinds = { 1: gl.UNSIGNED_BYTE, 2: gl.UNSIGNED_SHORT, 4: gl.FLOAT };
      const kind = kinds[/** @type {1 | 2 | 4} */ (column.BYTES_PER_ELEMENT)];
      gl.vertexAttribPointer(program.attributes[name], name === "from" ? 2 : 1, kind, kind !== gl.FLOAT, 0, 0);
    }
    gl.bindVertexArray(null);
  }

  /**
   * Draw the points where they are at a moment.
   * @param {WebGL2RenderingContext} gl @param {Box} view @param {Size} frame
   * @param {{ size: number, alpha: number }} style size in pixels of the canvas @param {number} now_ms
   * @returns {boolean} whether they are still on their way
   */
  draw(gl, view, frame, style, now_ms) {
    this.#began_ms ||= now_ms;
    const share = Math.min(1, (now_ms - this.#began_ms) / LENGTH_MS);
    const eased = share ** 2 * (3 - 2 * share);
    const { program, uniforms } = this.program;
    const { scale, offset } = placing(this.points.box, view);
    const [present, whole] = [turned(this.#alignment, eased), turned(this.#alignment, 1)];
    gl.useProgram(program);
    gl.bindVertexArray(this.#vertices);
    gl.uniform2f(uniforms.scale, ...scale);
    gl.uniform2f(uniforms.offset, ...offset);
    gl.uniform1f(uniforms.aspect, frame.width / frame.height);
    gl.uniform1f(uniforms.share, eased);
    gl.uniform2f(uniforms.start, ...this.#alignment.from);
    gl.uniformMatrix2fv(uniforms.turn, false, present.matrix);
    gl.uniform2f(uniforms.middle, ...present.middle);
    gl.uniformMatrix2fv(uniforms.wholeTurn, false, whole.matrix);
    gl.uniform2f(uniforms.end, ...whole.middle);
    gl.uniform1f(uniforms.size, style.size);
    gl.uniform1f(uniforms.growth, GROWTH_BY_SPREAD);
    gl.uniform1f(uniforms.alpha, style.alpha);
    gl.uniform1i(uniforms.palette, 0);
    gl.drawArrays(gl.POINTS, 0, this.n);
    gl.bindVertexArray(null);
    return share < 1;
  }

  /** @param {WebGL2RenderingContext} gl */
  free(gl) {
    for (const buffer of this.#buffers) gl.deleteBuffer(buffer);
    gl.deleteVertexArray(this.#vertices);
    gl.deleteProgram(this.program.program);
  }
}
