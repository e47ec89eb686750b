// A magnifying glass above the finger, which hides what it points at: the points under it, and a ring around the one that it would
// choose.

/** @import {Place} from "./hold.js" */
/** @import {PointMap} from "./point-map.js" */
/** @import {Size} from "./viewport.js" */

import { element } from "../lib/dom.js";

export const MAGNIFICATION = 4;
export const RADIUS_PX = 72;
/** The aim moves so much slower than the finger. */
export const SLOWNESS = 3;
const SEEN_PX = RADIUS_PX / MAGNIFICATION;
/** Between the finger's middle and the glass. */
const GAP_PX = 36;
/** At most. */
const CAPTION_PX = { width: 300, height: 104 };
const EDGE_PX = 4;
const RING_PX = 5;
const CROSS_PX = 5;

/** Dispatches `aimed` with `{ row }` when another point would be chosen (row null: none). */
export class Loupe extends EventTarget {
  /** The row that would be chosen. @type {number | null} */
  row = null;
  /** Beside the glass: a place for what the chosen point is. */
  caption = element("div", { class: "loupe-caption" });
  #canvas = element("canvas", { class: "loupe-glass" });
  /** @type {Place} of the finger, in the window */
  #start = { x: 0, y: 0 };

  /** @param {HTMLElement} host @param {PointMap} map */
  constructor(host, map) {
    super();
    this.map = map;
    this.element = element("div", { class: "loupe", "aria-hidden": "true", hidden: true }, this.#canvas, this.caption);
    host.append(this.element);
  }

  /** @param {Place} finger in the window */
  open(finger) {
    this.#start = finger;
    this.element.hidden = false;
    this.move(finger);
  }

  /** @param {Place} finger in the window */
  move(finger) {
    const { left, top } = this.map.canvas.getBoundingClientRect();
    const { x, y } = aimed(this.#start, finger);
    const aim = { x: x - left, y: y - top };
    this.#aimAt(this.map.finder.pick(aim.x, aim.y, SEEN_PX));
    this.#place(finger);
    this.#draw(aim);
  }

  /** Gives the row that was chosen. */
  close() {
    const { row } = this;
    this.element.hidden = true;
    this.#aimAt(null);
    return row;
  }

  /** @param {number | null} row */
  #aimAt(row) {
    if (row === this.row) return;
    this.row = row;
    this.dispatchEvent(new CustomEvent("aimed", { detail: { row } }));
  }

  /** @param {Place} finger */
  #place(finger) {
    const { glass, caption } = placed(finger, { width: innerWidth, height: innerHeight });
    this.#canvas.style.transform = `translate(${glass.x - RADIUS_PX}px, ${glass.y - RADIUS_PX}px)`;
    this.caption.style.transform = `translate(${caption.x}px, ${caption.y}px) translate(-50%, -100%)`;
  }

  /** @param {Place} aim in CSS pixels of the frame */
  #draw(aim) {
    const side = Math.round(2 * RADIUS_PX * devicePixelRatio);
    Object.assign(this.#canvas, { width: side, height: side });
    const pen = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    pen.scale(side / (2 * RADIUS_PX), side / (2 * RADIUS_PX));
    pen.translate(RADIUS_PX, RADIUS_PX);
    const { size, alpha } = this.map.style;
    const points = this.map.finder.around(aim.x, aim.y, SEEN_PX + size / MAGNIFICATION);
    // points keep their size, as they do when the map is zoomed, so that they come apart
    const trace = (/** @type {[number, number]} */ [x, y], /** @type {number} */ radius) => {
      pen.beginPath();
      pen.arc(MAGNIFICATION * (x - aim.x), MAGNIFICATION * (y - aim.y), radius, 0, 2 * Math.PI);
    };
    pen.globalAlpha = alpha;
    for (const { place, colour } of points) {
      trace(place, size / 2);
      pen.fillStyle = colour;
      pen.fill();
    }
    pen.globalAlpha = 1;
    const colours = getComputedStyle(this.element);
    drawCross(pen, colours.getPropertyValue("--text-quiet"));
    const chosen = points.find(({ row }) => row === this.row);
    if (!chosen) return;
    trace(chosen.place, size / 2 + RING_PX);
    stroke(pen, 5, colours.getPropertyValue("--page"));
    stroke(pen, 3, colours.getPropertyValue("--ring-hovered"));
  }
}

/** Where one aims, also where nothing is. @param {CanvasRenderingContext2D} pen @param {string} colour */
function drawCross(pen, colour) {
  pen.beginPath();
  pen.moveTo(-CROSS_PX, 0);
  pen.lineTo(CROSS_PX, 0);
  pen.moveTo(0, -CROSS_PX);
  pen.lineTo(0, CROSS_PX);
  stroke(pen, 1, colour);
}

/** @param {CanvasRenderingContext2D} pen @param {number} width @param {string} colour */
function stroke(pen, width, colour) {
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  pen.stroke();
}

/** Where a finger aims that has slid from its start. @param {Place} start @param {Place} finger @returns {Place} */
export function aimed(start, finger) {
  return { x: start.x + (finger.x - start.x) / SLOWNESS, y: start.y + (finger.y - start.y) / SLOWNESS };
}

/**
 * Where the glass is, and what stands over it, so that the finger hides neither: above it, or beside it near the window's upper
 * edge.
 * @param {Place} finger @param {Size} window
 * @returns {{ glass: Place, caption: Place }} the glass's middle; the middle of the caption's lower edge
 */
export function placed(finger, { width, height }) {
  const inside = (/** @type {number} */ value, /** @type {number} */ most, /** @type {number} */ half) =>
    Math.min(Math.max(value, half + EDGE_PX), Math.max(half + EDGE_PX, most - half - EDGE_PX));
  const highest = EDGE_PX + CAPTION_PX.height + RADIUS_PX;
  const above = finger.y - GAP_PX - RADIUS_PX;
  const side = above >= highest ? 0 : finger.x > width / 2 ? -1 : 1;
  const across = (/** @type {number} */ half) => inside(finger.x + side * (GAP_PX + half), width, half);
  const y = inside(Math.max(above, highest), height, RADIUS_PX);
  return {
    glass: { x: across(RADIUS_PX), y },
    caption: { x: across(CAPTION_PX.width / 2), y: y - RADIUS_PX - EDGE_PX },
  };
}
