// The selected points over all others, which step back meanwhile. They are drawn again on a canvas of their own, as the points are,
// so that what draws those knows nothing of selections.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */
/** @import {DiscProgram} from "./gl.js" */
/** @import {Stratum} from "./point-picture.js" */
/** @import {Stage} from "./stage.js" */

import { element } from "../lib/dom.js";
import { framed } from "../lib/timing.js";
import { discProgram, fillPalette, paletteTexture, release } from "./gl.js";
import { PointLayer } from "./point-layer.js";
import { pictureOf } from "./point-picture.js";
import { GROWTH_BY_SPREAD } from "./point-style.js";
import { size } from "./viewport.js";

/** Drawn in every frame of a movement; the others when it rests. */
const MOVING_POINTS = 100_000;
/** Around them, when one zooms to them: shares of what they cover, and of the map. */
const ROOM = 0.1;
const LEAST_ROOM = 0.01;

/** @typedef {{ gl: WebGL2RenderingContext, disc: DiscProgram, texture: WebGLTexture }} Held what the graphics card has */

export class SelectedPoints {
  #canvas = element("canvas", { class: "selected-points", "aria-hidden": "true", hidden: true });
  /** Only while something is selected. @type {Held | null} */
  #held = null;
  /** Once there was a selection, until the page ends. @type {WebGL2RenderingContext | null} */
  #gl = null;
  /** @type {((row: number) => boolean) | null} */
  #isSelected = null;
  /** The selected points of a layer. @type {{ of: PointLayer, layer: PointLayer } | null} */
  #drawn = null;
  /** What the picture shows, where it shows all of them. @type {unknown[]} */
  #shown = [];
  #follow = framed(() => this.#redraw(MOVING_POINTS));

  /** @param {Stage} stage @param {AbortSignal} signal releases everything */
  constructor(stage, signal) {
    this.stage = stage;
    this.points = stage.points;
    stage.element.insertBefore(this.#canvas, stage.overlay);
    stage.addEventListener("moved", () => this.#isSelected && this.#follow());
    stage.addEventListener("recoloured", () => this.#isSelected && this.#follow());
    // other points may be there, and the view is still
    this.points.addEventListener("rest", () => this.#redraw(Infinity));
    this.#canvas.addEventListener("webglcontextlost", (event) => event.preventDefault(), { signal });
    this.#canvas.addEventListener("webglcontextrestored", () => this.#renew(), { signal });
    signal.addEventListener("abort", () => this.#dispose(), { once: true });
  }

  /** @param {((row: number) => boolean) | null} isSelected null: nothing is, and all points are as they were */
  show(isSelected) {
    this.#isSelected = isSelected;
    this.#forget();
    this.#canvas.hidden = !isSelected;
    this.stage.element.toggleAttribute("data-selecting", isSelected !== null);
    if (isSelected) this.#draw(Infinity);
    else this.#release();
  }

  /** A box around the selected points of a layer, with some room; null where there are none. @param {PointLayer | null} layer */
  box(layer) {
    if (!layer || !this.#isSelected) return null;
    return boxAround(new PointLayer(subset(layer.points, this.#isSelected)));
  }

  /** What the picture depends on, besides who is selected. */
  get #present() {
    const { layer, view, palette, canvas } = this.points;
    return [layer, view, palette, canvas.width, canvas.height, canvas.style.left, canvas.style.top];
  }

  /** Points that all fit into a frame rest in every frame: what is drawn already is not drawn again. @param {number} most points */
  #redraw(most) {
    const isShown = this.#present.every((each, i) => each === this.#shown[i]);
    if (!isShown) this.#draw(most);
  }

  get canvas() {
    return this.#canvas;
  }

  /** What is drawn, for whoever draws it elsewhere. @returns {Stratum | null} */
  get stratum() {
    const points = this.#isSelected && this.#drawn?.layer.points;
    return points ? { name: "selected", points, n: points.n, ...this.#style } : null;
  }

  /** Drawn anew: what is on the screen stays as it is. @param {number} density pixels for a CSS pixel */
  picture(density) {
    const held = /** @type {Held} */ (this.#hold());
    const [width, height] = [this.points.frame.width, this.points.frame.height].map((px) => Math.max(1, Math.round(px * density)));
    return pictureOf(held.gl, { width, height }, () => this.#fill(held, { width, height }, density, Infinity));
  }

  get #style() {
    const { size: diameterPx, alpha } = this.points.style;
    return { size: diameterPx + 1, alpha: Math.max(alpha, 0.85), growth: GROWTH_BY_SPREAD };
  }

  /** @param {number} most points */
  #draw(most) {
    const { layer } = this.points;
    if (!this.#isSelected || !layer) return;
    const held = this.#hold();
    if (!held || held.gl.isContextLost()) return;
    if (this.#drawn?.of !== layer) this.#take(layer, held);
    this.#place();
    this.#fill(held, this.#canvas, devicePixelRatio, most);
    this.#shown = most < (this.#drawn?.layer.points.n ?? 0) ? [] : this.#present;
  }

  /** @param {Held} held @param {{ width: number, height: number }} size in pixels @param {number} density @param {number} most */
  #fill({ gl, disc, texture }, { width, height }, density, most) {
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const { size: diameterPx, alpha, growth } = this.#style;
    gl.useProgram(disc.program);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    fillPalette(gl, texture, this.points.palette);
    gl.uniform1i(disc.uniforms.palette, 0);
    gl.uniform1f(disc.uniforms.size, diameterPx * density);
    gl.uniform1f(disc.uniforms.growth, growth);
    gl.uniform1f(disc.uniforms.alpha, alpha);
    const drawn = this.#drawn?.layer;
    const n = drawn?.points.n ?? 0;
    if (drawn && n) drawn.draw(gl, disc, this.points.view, 0, Math.min(most, n), most < n);
  }

  /** @param {PointLayer} layer @param {Held} held */
  #take(layer, { gl, disc }) {
    this.#forget();
    const chosen = new PointLayer(subset(layer.points, /** @type {(row: number) => boolean} */ (this.#isSelected)));
    chosen.upload(gl, disc);
    this.#drawn = { of: layer, layer: chosen };
  }

  #forget() {
    this.#shown = [];
    if (this.#held) this.#drawn?.layer.free(this.#held.gl);
    this.#drawn = null;
  }

  /** Exactly over the points. */
  #place() {
    const { canvas } = this.points;
    const { left, top, width, height } = canvas.style;
    Object.assign(this.#canvas.style, { left, top, width, height });
    if (this.#canvas.width !== canvas.width || this.#canvas.height !== canvas.height)
      Object.assign(this.#canvas, { width: canvas.width, height: canvas.height });
  }

  #hold() {
    if (this.#held) return this.#held;
    // what is drawn once stays, until the next movement
    const gl = this.#canvas.getContext("webgl2", { antialias: false, depth: false, preserveDrawingBuffer: true });
    if (!gl) return null;
    this.#gl = gl;
    this.#held = { gl, disc: discProgram(gl), texture: paletteTexture(gl) };
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    return this.#held;
  }

  /** The context was lost, and with it what it held. */
  #renew() {
    this.#held = null;
    this.#drawn = null;
    this.#shown = [];
    this.#draw(Infinity);
  }

  #release() {
    if (!this.#held) return;
    const { gl, disc, texture } = this.#held;
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.deleteTexture(texture);
    gl.deleteProgram(disc.program);
    this.#held = null;
  }

  #dispose() {
    this.#follow.cancel();
    this.#forget();
    this.#release();
    if (this.#gl) release(this.#gl);
  }
}

/** @param {PointLayer} layer @returns {Box | null} */
function boxAround(layer) {
  const { n, extent } = layer.points;
  if (!n) return null;
  /** @type {Box} */
  const box = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < n; i++) {
    const [x, y] = layer.at(i);
    box[0] = Math.min(box[0], x);
    box[1] = Math.max(box[1], x);
    box[2] = Math.min(box[2], y);
    box[3] = Math.max(box[3], y);
  }
  const [all, seen] = [size(extent), size(box)];
  const [across, up] = [seen.width * ROOM + all.width * LEAST_ROOM, seen.height * ROOM + all.height * LEAST_ROOM];
  return [box[0] - across, box[1] + across, box[2] - up, box[3] + up];
}

/**
 * Some of the points, in their order: the first ones stay a uniform sample.
 * @param {Points} points @param {(row: number) => boolean} isSelected
 * @returns {Points}
 */
export function subset(points, isSelected) {
  const { rows } = points;
  const at = new Uint32Array(rows.length);
  let n = 0;
  for (let i = 0; i < rows.length; i++) if (isSelected(rows[i])) at[n++] = i;
  /** @type {Record<string, any>} */
  const chosen = { ...points, n };
  for (const [name, column] of Object.entries(points))
    if (ArrayBuffer.isView(column)) chosen[name] = taken(/** @type {Uint8Array | Uint16Array | Uint32Array} */ (column), at, n);
  return /** @type {Points} */ (chosen);
}

/** @template {Uint8Array | Uint16Array | Uint32Array} T @param {T} column @param {Uint32Array} at @param {number} n @returns {T} */
function taken(column, at, n) {
  const values = /** @type {T} */ (new /** @type {any} */ (column.constructor)(n));
  for (let i = 0; i < n; i++) values[i] = column[at[i]];
  return values;
}
