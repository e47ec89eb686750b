// How many points there are of each level, and which of them are in view.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */

import { COLUMN_STEPS, size } from "./viewport.js";

const N_LEVELS = 256;
/** @type {WeakMap<Points, Uint32Array>} */
const known = new WeakMap();

/** Points of each level [256]. @param {Points} points */
export function levelCounts(points) {
  const counts = known.get(points) ?? new Uint32Array(N_LEVELS);
  if (!known.has(points) && points.values) for (const level of points.values) counts[level]++;
  known.set(points, counts);
  return counts;
}

/**
 * Points in view, and how many of each level [256].
 * @param {Points} points @param {Box} view
 */
export function countsInView(points, view) {
  const { n, x, y, values } = points;
  const [x0, x1, y0, y1] = inSteps(points.box, view);
  const counts = new Uint32Array(N_LEVELS);
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (x[i] < x0 || x[i] > x1 || y[i] < y0 || y[i] > y1) continue;
    total++;
    if (values) counts[values[i]]++;
  }
  return { n: total, counts };
}

/**
 * Which points are in view, at most so many.
 * @param {Points} points @param {Box} view @param {Uint32Array | null} order null for their own
 * @param {number} n of them are looked at @param {number} [most]
 * @returns {number[]} indices, in the order
 */
export function indicesInView({ x, y, box }, view, order, n, most = Infinity) {
  const [x0, x1, y0, y1] = inSteps(box, view);
  /** @type {number[]} */
  const found = [];
  for (let k = 0; k < n && found.length < most; k++) {
    const i = order ? order[k] : k;
    if (x[i] >= x0 && x[i] <= x1 && y[i] >= y0 && y[i] <= y1) found.push(i);
  }
  return found;
}

/** A view in steps of the columns of a box. @param {Box} box @param {Box} view */
function inSteps(box, view) {
  const { width, height } = size(box);
  const step = (/** @type {number} */ edge, /** @type {number} */ low, /** @type {number} */ all) =>
    ((edge - low) / (all || 1)) * COLUMN_STEPS;
  return [step(view[0], box[0], width), step(view[1], box[0], width), step(view[2], box[2], height), step(view[3], box[2], height)];
}
