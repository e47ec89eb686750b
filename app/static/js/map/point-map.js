// A WebGL2 scatter of up to some millions of points. They come in random order, so any prefix is a uniform sample: a moving view
// draws a prefix that fits the frame, and when it rests all are drawn, what matters on top, behind the picture that is seen.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */
/** @import {Lines} from "./line-layer.js" */
/** @import {Seen} from "./movement.js" */
/** @import {Stratum} from "./point-picture.js" */
/** @import {Size} from "./viewport.js" */

import { Finder } from "./finder.js";
import { discProgram, fillPalette, moveProgram, paletteTexture, release } from "./gl.js";
import { GridIndexer } from "./grid-indexer.js";
import { HiddenPicture } from "./hidden-picture.js";
import { LineSet } from "./line-set.js";
import { areShared, Movement } from "./movement.js";
import { Pace } from "./pace.js";
import { PointLayer } from "./point-layer.js";
import { pictureOf } from "./point-picture.js";
import { GROWTH_BY_SPREAD, pointStyle } from "./point-style.js";
import { covers, size, suffices } from "./viewport.js";

/** A view that has not moved for so long is being looked at. */
const SETTLE_MS = 90;
const FADE_MS = 250;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const LINES_WHILE_MOVING = 20_000;
/** A ground is drawn with every frame, so that it may not be larger. */
const GROUND_POINTS = 60_000;
const GROUND_SHARE = 0.5;

/** WebGL2 is not there. */
export class NoWebGl extends Error {}

/** Dispatches `begun` when they are about to be drawn anew, `rest` when all are drawn, and `indexed` when points can be picked. */
export class PointMap extends EventTarget {
  /** @type {{ base: PointLayer | null, detail: PointLayer | null }} the whole map, and the part of it that is looked at closely */
  layers = { base: null, detail: null };
  /** Pale under the points: what a filter leaves out. @type {PointLayer | null} */
  #ground = null;
  /** @type {Box} */
  view = [0, 1, 0, 1];
  /** @type {Size} */
  frame = { width: 1, height: 1 };
  /** @type {readonly number[]} red, green, blue, 0 to 255 */
  lineColour = [0, 0, 0];
  finder = new Finder(this);
  /** Colours are those among the points that are shown, so that of a part other colours are better than finer ones. */
  rescaling = false;
  #indexer;
  /** What the card holds besides the layers. @type {{ disc: import("./gl.js").DiscProgram, texture: WebGLTexture }} */
  #held;
  /** @type {Uint8Array} 256 colours */
  #palette = new Uint8Array(1024);
  /** The trajectories under the points, and their program, once there are any. */
  #lines = new LineSet();
  /** Points that are in the hidden picture, -1 where it is not begun. */
  #drawn = -1;
  /** Whether every point is on the screen. */
  #isWhole = false;
  #hidden = new HiddenPicture();
  /** Points on their way from the map before. @type {Movement | null} */
  #movement = null;
  #pace = { moving: new Pace(), filling: new Pace() };
  #request = 0;
  #moved = false;
  #moved_ms = 0;
  #signal;

  /** @param {HTMLCanvasElement} canvas @param {AbortSignal} signal releases everything @throws {NoWebGl} */
  constructor(canvas, signal) {
    super();
    // what is seen stays while the next picture is drawn behind it
    const gl = canvas.getContext("webgl2", {
      antialias: false,
      depth: false,
      preserveDrawingBuffer: true,
      premultipliedAlpha: true,
    });
    if (!gl) throw new NoWebGl("WebGL2 is not available");
    this.canvas = canvas;
    this.gl = gl;
    this.#signal = signal;
    this.#indexer = new GridIndexer();
    this.#held = this.#prepare();
    // without this the browser does not restore a lost context
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault(), { signal });
    const restore = () => {
      // what was held before went with the context
      this.#held = this.#prepare();
      for (const layer of Object.values(this.layers)) layer?.upload(gl, this.#held.disc);
      this.#ground?.upload(gl, this.#held.disc);
      this.#lines.restore(gl);
      this.#hidden.forget();
      this.#movement = null;
      this.invalidate();
    };
    canvas.addEventListener("webglcontextrestored", restore, { signal });
    this.#followPixelRatio();
    signal.addEventListener("abort", () => this.#dispose(), { once: true });
  }

  /** The layer that shows the present view best. */
  get layer() {
    const { base, detail } = this.layers;
    if (!base || !detail || (!this.rescaling && suffices(base.points, this.view, this.frame))) return base;
    return covers(detail.points.box, this.view, base.points.extent) ? detail : base;
  }

  /** Whether every point of the layer is on the screen. */
  get resting() {
    return !this.#request && !this.gl.isContextLost() && this.#isWhole;
  }

  /** @param {"base" | "detail"} name @param {Points | null} points */
  setPoints(name, points) {
    this.layers[name]?.free(this.gl);
    const layer = points && new PointLayer(points);
    this.layers[name] = layer;
    if (layer) {
      layer.upload(this.gl, this.#held.disc);
      this.#indexer.index(layer.points).then((grid) => {
        layer.grid = grid;
        this.dispatchEvent(new Event("indexed"));
      });
    }
    this.invalidate();
  }

  /** What is seen, to move from later. @returns {Seen | null} */
  get seen() {
    const { base } = this.layers;
    return base && { points: base.points, view: this.view, frame: this.frame };
  }

  /**
   * Let the points come from where they were on another map, or appear where nothing is shared; at once where motion is unwelcome.
   * @param {Seen | null} before
   */
  moveFrom(before) {
    const now = this.seen;
    this.#endMovement();
    if (!before || !now || still.matches || this.gl.isContextLost()) return;
    if (areShared(before.points, now.points)) this.#movement = new Movement(this.gl, moveProgram(this.gl), before, now);
    else this.canvas.animate([{ opacity: 0 }, {}], { duration: FADE_MS });
    this.invalidate();
  }

  #endMovement() {
    this.#movement?.free(this.gl);
    this.#movement = null;
  }

  /** Points of the whole map that lie pale under the others, or none. @param {Points | null} points */
  setGround(points) {
    if (this.#ground?.points === (points ?? undefined)) return;
    this.#ground?.free(this.gl);
    this.#ground = points && new PointLayer(points);
    this.#ground?.upload(this.gl, this.#held.disc);
    this.invalidate();
  }

  /** Join points of the whole map by lines, or no longer. @param {{ points: Points, lines: Lines } | null} joined */
  setLines(joined) {
    if (this.#lines.set(this.gl, joined)) this.invalidate();
  }

  /** @param {Uint8Array} rgba 256 entries */
  setPalette(rgba) {
    this.#palette = rgba;
    fillPalette(this.gl, this.#held.texture, rgba);
    this.invalidate();
  }

  /** The colours of all values: 256 times red, green, blue, opacity. */
  get palette() {
    return this.#palette;
  }

  /** What points of a value are coloured with, for style sheets. @param {number} value */
  colourOf(value) {
    const [red, green, blue] = this.#palette.subarray(4 * value);
    return `rgb(${red} ${green} ${blue})`;
  }

  /** @param {Box} view in data units */
  setView(view) {
    this.view = view;
    this.invalidate();
  }

  /** Where the canvas lies, in CSS pixels. @param {Size & { left: number, top: number }} frame */
  setFrame({ left, top, width, height }) {
    this.frame = { width, height };
    Object.assign(this.canvas.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    this.#resize();
  }

  /** A place in data units as CSS pixels of the canvas. @param {[number, number]} place @returns {[number, number]} */
  toPixels([x, y]) {
    const { width, height } = size(this.view);
    return [((x - this.view[0]) / width) * this.frame.width, (1 - (y - this.view[2]) / height) * this.frame.height];
  }

  /** A place in CSS pixels of the canvas in data units. @param {[number, number]} place @returns {[number, number]} */
  toData([x, y]) {
    const { width, height } = size(this.view);
    return [this.view[0] + (x / this.frame.width) * width, this.view[2] + (1 - y / this.frame.height) * height];
  }

  /** The point of a row, in the layer that shows it best; null where it has none. @param {number} row */
  find(row) {
    for (const layer of [this.layers.detail, this.layers.base]) {
      const index = layer?.indexOf(row) ?? -1;
      if (layer && index >= 0) return { layer, index };
    }
    return null;
  }

  /**
   * Where a row's point is in data units, as exactly as is known, or null.
   * @param {number} row
   * @returns {[number, number] | null}
   */
  placeOf(row) {
    const found = this.find(row);
    return found?.layer.at(found.index) ?? null;
  }

  /** How points look at present. */
  get style() {
    const { layer } = this;
    return layer ? pointStyle(layer.points, this.view, this.frame) : { size: 0, alpha: 0 };
  }

  /** What is drawn, from the bottom up, for whoever draws it elsewhere. @returns {Stratum[]} */
  get strata() {
    const stratum = (
      /** @type {string} */ name,
      /** @type {Points} */ points,
      /** @type {number} */ n,
      /** @type {number} */ share,
    ) => {
      const { size: diameterPx, alpha } = pointStyle(points, this.view, this.frame);
      return { name, points, n, size: diameterPx, alpha: alpha * share, growth: GROWTH_BY_SPREAD };
    };
    const [ground, points] = [this.#ground?.points, this.layer?.points];
    return [
      ...(ground ? [stratum("ground", ground, Math.min(ground.n, GROUND_POINTS), GROUND_SHARE)] : []),
      ...(points ? [stratum("points", points, points.n, 1)] : []),
    ];
  }

  /** What joins points, if anything does. */
  get lines() {
    return this.#lines.joined;
  }

  /**
   * All of it, drawn anew: what is on the screen stays as it is.
   * @param {number} density pixels for a CSS pixel
   * @returns {ImageData}
   * @throws {import("../api/client.js").ApiError} where the card cannot
   */
  picture(density) {
    const [width, height] = [this.frame.width, this.frame.height].map((px) => Math.max(1, Math.round(px * density)));
    return pictureOf(this.gl, { width, height }, () => {
      this.#begin(Infinity, { width, height }, density);
      this.#draw(0, this.layer?.points.n ?? 0, false, density);
    });
  }

  invalidate() {
    if (this.#signal.aborted) return;
    this.#moved = true;
    if (this.#request) return;
    const wasResting = this.resting;
    this.#request = requestAnimationFrame((now_ms) => this.#tick(now_ms));
    if (wasResting) this.dispatchEvent(new Event("begun"));
  }

  #dispose() {
    cancelAnimationFrame(this.#request);
    this.#indexer.dispose();
    for (const layer of Object.values(this.layers)) layer?.free(this.gl);
    this.#ground?.free(this.gl);
    this.#lines.dispose(this.gl);
    this.#hidden.free(this.gl);
    this.#endMovement();
    this.gl.deleteTexture(this.#held.texture);
    this.gl.deleteProgram(this.#held.disc.program);
    release(this.gl);
  }

  /** What the card has to hold, at first and whenever its context was lost. */
  #prepare() {
    const { gl } = this;
    const held = { disc: discProgram(gl), texture: paletteTexture(gl) };
    fillPalette(gl, held.texture, this.#palette);
    gl.enable(gl.BLEND);
    // colours come out of the shader multiplied by their opacity
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    return held;
  }

  /** @param {number} now_ms */
  #tick(now_ms) {
    this.#request = 0;
    const { gl, layer } = this;
    if (gl.isContextLost()) return;
    if (this.#movement && layer) return this.#move(this.#movement, layer, now_ms);
    const n = layer?.points.n ?? 0;
    if (this.#moved) this.#sketch(now_ms, n);
    else if (now_ms - this.#moved_ms >= SETTLE_MS) this.#finish(now_ms, n);
    if (this.#isWhole) this.dispatchEvent(new Event("rest"));
    else this.#request = requestAnimationFrame((next_ms) => this.#tick(next_ms));
  }

  /** @param {Movement} movement @param {PointLayer} layer @param {number} now_ms */
  #move(movement, { points }, now_ms) {
    this.#moved_ms = now_ms;
    this.#drawn = -1;
    this.#isWhole = false;
    this.#hidden.end(this.gl);
    this.#begin(LINES_WHILE_MOVING);
    const { size: pointPx, alpha } = pointStyle(points, this.view, this.frame, movement.n);
    this.gl.bindTexture(this.gl.TEXTURE_2D, this.#held.texture);
    const style = { size: pointPx * devicePixelRatio, alpha };
    if (!movement.draw(this.gl, this.view, this.frame, style, now_ms)) this.#endMovement();
    // the next frame moves on, or draws all points at their places
    this.invalidate();
  }

  /** While the view moves: all of the points, or as many as fit into a frame. @param {number} now_ms @param {number} n */
  #sketch(now_ms, n) {
    const { gl } = this;
    this.#moved = false;
    this.#moved_ms = now_ms;
    this.#drawn = -1;
    this.#hidden.end(gl);
    this.#begin(LINES_WHILE_MOVING);
    const end = Math.min(n, this.#pace.moving.budget(now_ms, n));
    this.#draw(0, end, end < n);
    this.#isWhole = end >= n && !this.#lines.isPart;
  }

  /**
   * When it rests: all, from the lowest to the highest, over some frames behind what is seen.
   * @param {number} now_ms @param {number} n
   */
  #finish(now_ms, n) {
    const { gl } = this;
    this.#hidden.begin(gl, this.canvas);
    if (this.#drawn < 0) {
      this.#begin(Infinity);
      this.#drawn = 0;
    }
    const end = Math.min(n, this.#drawn + this.#pace.filling.budget(now_ms, n));
    this.#draw(this.#drawn, end, false);
    this.#drawn = end;
    this.#hidden.end(gl);
    if (end < n) return;
    this.#hidden.show(gl);
    this.#isWhole = true;
  }

  /**
   * An empty picture with the lines that lie under the points.
   * @param {number} mostLines @param {Size} [size] in pixels @param {number} [density] pixels for a CSS pixel
   */
  #begin(mostLines, { width, height } = this.canvas, density = devicePixelRatio) {
    this.gl.viewport(0, 0, width, height);
    this.gl.clearColor(0, 0, 0, 0);
    this.gl.clear(this.gl.COLOR_BUFFER_BIT);
    const ground = this.#ground;
    if (ground) {
      this.#setUniforms(ground, GROUND_SHARE, density);
      ground.draw(this.gl, this.#held.disc, this.view, 0, Math.min(ground.points.n, GROUND_POINTS), true);
    }
    this.#lines.draw(this.gl, this.view, mostLines, this.lineColour);
  }

  /** @param {number} from @param {number} to @param {boolean} isSample @param {number} [density] pixels for a CSS pixel */
  #draw(from, to, isSample, density = devicePixelRatio) {
    const { layer } = this;
    if (!layer || to <= from) return;
    this.#setUniforms(layer, 1, density, isSample ? to - from : layer.points.n);
    layer.draw(this.gl, this.#held.disc, this.view, from, to, isSample);
  }

  /**
   * @param {PointLayer} layer @param {number} share of its opacity @param {number} density pixels for a CSS pixel
   * @param {number} [n] so many of its points are drawn
   */
  #setUniforms(layer, share, density, n = layer.points.n) {
    const { gl } = this;
    const { program, uniforms } = this.#held.disc;
    const { size: pointPx, alpha } = pointStyle(layer.points, this.view, this.frame, n);
    gl.useProgram(program);
    gl.bindTexture(gl.TEXTURE_2D, this.#held.texture);
    gl.uniform1i(uniforms.palette, 0);
    gl.uniform1f(uniforms.size, pointPx * density);
    gl.uniform1f(uniforms.growth, GROWTH_BY_SPREAD);
    gl.uniform1f(uniforms.alpha, alpha * share);
  }

  #resize() {
    const [width, height] = [this.frame.width, this.frame.height].map((px) => Math.max(1, Math.round(px * devicePixelRatio)));
    if (width === this.canvas.width && height === this.canvas.height) return;
    Object.assign(this.canvas, { width, height });
    this.invalidate();
  }

  /** The window may move to a screen of another density, or be zoomed. */
  #followPixelRatio() {
    const change = () => {
      this.#resize();
      this.#followPixelRatio();
    };
    // a query asks for one density, so each change needs the query of the next
    const signal = this.#signal;
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", change, { once: true, signal });
  }
}
