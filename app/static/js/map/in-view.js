// How many points there are of each level, and how many of them are in view.

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
export function countsInView({ n, x, y, values, box }, view) {
  const { width, height } = size(box);
  const step = (/** @type {number} */ edge, /** @type {number} */ low, /** @type {number} */ all) =>
    ((edge - low) / (all || 1)) * COLUMN_STEPS;
  const [x0, x1] = [step(view[0], box[0], width), step(view[1], box[0], width)];
  const [y0, y1] = [step(view[2], box[2], height), step(view[3], box[2], height)];
  const counts = new Uint32Array(N_LEVELS);
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (x[i] < x0 || x[i] > x1 || y[i] < y0 || y[i] > y1) continue;
    total++;
    if (values) counts[values[i]]++;
  }
  return { n: total, counts };
}
