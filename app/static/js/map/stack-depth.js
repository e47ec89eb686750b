// How many points lie on each other where they are dense, so that their opacity can be chosen: dense reads as dense, and what lies
// alone stays visible. Of the whole map, not of what is seen of it: points keep their opacity while the view moves.

/** @import {Points} from "../types/points" */
/** @import {Size} from "./viewport.js" */

import { COLUMN_STEPS } from "./viewport.js";

const PERCENTILE = 0.95;
/** Cells along an axis; closer, stacks are those of the larger cells. */
const MOST_CELLS = 1024;
/** Enough to know the dense cells by. */
const LOOKED_AT = 200_000;
/** Sizes of cells are rounded to steps of so many octaves, each looked at once. */
const OCTAVES = 0.5;
const DEEPEST = 4096;

/** @type {WeakMap<Points, Map<string, number>>} */
const known = new WeakMap();

/**
 * The 95th percentile of the points in a cell, of cells that have any.
 * @param {Points} points @param {Size} cell of a point's size, as shares of the points' box
 */
export function stackDepth(points, cell) {
  const counts = [cellsAlong(cell.width), cellsAlong(cell.height)];
  const key = counts.join();
  const depths = known.get(points) ?? new Map();
  known.set(points, depths);
  if (!depths.has(key)) depths.set(key, counted(points, counts[0], counts[1]));
  return /** @type {number} */ (depths.get(key));
}

/** @param {number} share */
function cellsAlong(share) {
  const octave = Math.round(Math.log2(1 / Math.max(share, 1e-9)) / OCTAVES) * OCTAVES;
  return Math.min(Math.max(Math.round(2 ** octave), 1), MOST_CELLS);
}

/** @param {Points} points @param {number} across @param {number} up */
function counted({ n, x, y }, across, up) {
  const looked = Math.min(n, LOOKED_AT);
  if (!looked) return 1;
  const cells = new Uint16Array(across * up);
  const [stepX, stepY] = [across / (COLUMN_STEPS + 1), up / (COLUMN_STEPS + 1)];
  for (let i = 0; i < looked; i++) cells[((y[i] * stepY) | 0) * across + ((x[i] * stepX) | 0)]++;
  const depths = new Uint32Array(DEEPEST);
  let occupied = 0;
  for (const depth of cells) {
    if (!depth) continue;
    depths[Math.min(depth, DEEPEST - 1)]++;
    occupied++;
  }
  let depth = 0;
  for (let seen = 0; seen < PERCENTILE * occupied; ) seen += depths[++depth];
  return Math.max(1, (depth * n) / looked);
}
