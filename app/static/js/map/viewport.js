// Boxes in data units: pure functions of numbers.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */

/** @typedef {{ width: number, height: number }} Size CSS pixels */
/** @typedef {{ left: number, right: number, top: number, bottom: number }} Insets CSS pixels from each edge of the frame */
/** @typedef {{ left: number, right: number, top: number, bottom: number }} Edges CSS pixels from the frame's top left corner */

/** Columns of coordinates go from 0 to this. */
export const COLUMN_STEPS = 65535;
const COARSEST_STEP_PX = 0.75;
const DETAIL_MARGIN = 0.5;
const SPARSE_SHARE = 0.6;

/** @param {Box} box */
export function size([x0, x1, y0, y1]) {
  return { width: x1 - x0, height: y1 - y0 };
}

/**
 * The box grown by a share of its size on each side; one without width gets some.
 * @param {Box} box @param {number} share
 * @returns {Box}
 */
export function padded(box, share) {
  const [x0, x1, y0, y1] = box;
  const { width, height } = size(box);
  const dx = width > 0 ? width * share : Math.abs(x0) * share || 0.5;
  const dy = height > 0 ? height * share : Math.abs(y0) * share || 0.5;
  return [x0 - dx, x1 + dx, y0 - dy, y1 + dy];
}

/**
 * The box that shows all of `extent` inside the insets of a frame.
 * @param {Box} extent @param {Size} frame @param {boolean} isometric @param {Insets} insets
 * @returns {Box}
 */
export function fitted(extent, frame, isometric, { left, right, top, bottom }) {
  const inner = { width: Math.max(1, frame.width - left - right), height: Math.max(1, frame.height - top - bottom) };
  const filled = padded(extent, 0);
  const [x0, x1, y0, y1] = isometric ? squared(filled, inner) : filled;
  const [unitX, unitY] = [(x1 - x0) / inner.width, (y1 - y0) / inner.height];
  return [x0 - left * unitX, x1 + right * unitX, y0 - bottom * unitY, y1 + top * unitY];
}

/**
 * The smallest box around `box` in which a unit is as long across as it is up.
 * @param {Box} box @param {Size} frame
 * @returns {Box}
 */
export function squared(box, frame) {
  const { width, height } = size(box);
  const unit = Math.max(width / frame.width, height / frame.height);
  const dx = (unit * frame.width - width) / 2;
  const dy = (unit * frame.height - height) / 2;
  return [box[0] - dx, box[1] + dx, box[2] - dy, box[3] + dy];
}

/**
 * Move by shares of the box's own size.
 * @param {Box} box @param {number} across @param {number} up
 * @returns {Box}
 */
export function panned(box, across, up) {
  const { width, height } = size(box);
  return [box[0] + across * width, box[1] + across * width, box[2] + up * height, box[3] + up * height];
}

/**
 * A box with all of some places and a margin, at least a share of the extent wide and high.
 * @param {number[]} x @param {number[]} y @param {Box} extent @param {number} share
 * @returns {Box}
 */
export function around(x, y, extent, share) {
  const edges = (/** @type {number[]} */ values, /** @type {number} */ whole) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const half = Math.max((high - low) * 0.6, (whole * share) / 2);
    return [(low + high) / 2 - half, (low + high) / 2 + half];
  };
  const { width, height } = size(extent);
  return /** @type {Box} */ ([...edges(x, width), ...edges(y, height)]);
}

/** A box of the same size around a place. @param {Box} box @param {[number, number]} place @returns {Box} */
export function centred(box, [x, y]) {
  const { width, height } = size(box);
  return [x - width / 2, x + width / 2, y - height / 2, y + height / 2];
}

/** @param {Box} box @param {number} factor below 1 zooms in @returns {Box} */
export function zoomed(box, factor) {
  const { width, height } = size(box);
  const dx = (width * (factor - 1)) / 2;
  const dy = (height * (factor - 1)) / 2;
  return [box[0] - dx, box[1] + dx, box[2] - dy, box[3] + dy];
}

/**
 * What is seen when a frame gets another size: the same middle, as many units per pixel.
 * @param {Box} view @param {Size} before @param {Size} after
 * @returns {Box}
 */
export function resized(view, before, after) {
  const { width, height } = size(view);
  const dx = (width * (after.width / before.width - 1)) / 2;
  const dy = (height * (after.height / before.height - 1)) / 2;
  return [view[0] - dx, view[1] + dx, view[2] - dy, view[3] + dy];
}

/** @param {Box} outer @param {Box} inner */
function contains(outer, inner) {
  return outer[0] <= inner[0] && outer[1] >= inner[1] && outer[2] <= inner[2] && outer[3] >= inner[3];
}

/** Whether a place lies between edges, in CSS pixels. @param {Edges} edges @param {number} x @param {number} y */
export function encloses({ left, right, top, bottom }, x, y) {
  return x >= left && x <= right && y >= top && y <= bottom;
}

/** The part of `box` inside `limits`, or null. @param {Box} box @param {Box} limits @returns {Box | null} */
export function clipped(box, limits) {
  const x0 = Math.max(box[0], limits[0]);
  const x1 = Math.min(box[1], limits[1]);
  const y0 = Math.max(box[2], limits[2]);
  const y1 = Math.min(box[3], limits[3]);
  return x0 < x1 && y0 < y1 ? [x0, x1, y0, y1] : null;
}

/**
 * Whether points of `box` show all that there is in the view of a map.
 * @param {Box} box @param {Box} view @param {Box} extent of the map
 */
export function covers(box, view, extent) {
  const shown = clipped(view, extent);
  return shown === null || contains(box, shown);
}

/**
 * What to ask for when `view` needs its own points: the view and some of what is next to it, so that a small move needs nothing
 * new.
 * @param {Box} view @param {Box} extent
 */
export function detailBox(view, extent) {
  return clipped(padded(view, DETAIL_MARGIN), padded(extent, 0.001));
}

/**
 * Whether points show the view as well as the server could: their steps stay below a pixel, and a sample is not looked at closely.
 * @param {Points} points @param {Box} view @param {Size} frame
 */
export function suffices(points, view, frame) {
  const all = size(points.box);
  const seen = size(view);
  const stepPx = Math.max((all.width / seen.width) * frame.width, (all.height / seen.height) * frame.height) / COLUMN_STEPS;
  const isSample = points.n < points.n_matching;
  const seenShare = (seen.width * seen.height) / (all.width * all.height || 1);
  return stepPx <= COARSEST_STEP_PX && !(isSample && seenShare < SPARSE_SHARE);
}
