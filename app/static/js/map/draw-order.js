// In which order points are drawn, so that what matters lies on top: high numbers, far differences, strong words. Where many points
// lie on each other, chance would decide otherwise.

/** @import {Colour} from "../types/api" */
/** @import {Points} from "../types/points" */

import { LEVELS } from "./palette.js";

const MIDDLE = (LEVELS - 1) / 2;
const N_LEVELS = 256;

/** How far up points of a level lie; those without a value at the bottom. @param {Colour} colour @param {number} level */
export function height({ kind, steps }, level) {
  if (level >= LEVELS) return 0;
  if (kind === "word") return 1 + (level % steps);
  return 1 + (kind === "difference" ? Math.abs(level - MIDDLE) : level);
}

/**
 * The points from the lowest to the highest, in their own order where they are equally high; null where all are.
 * @param {Points} points
 */
export function drawOrder({ n, values, colour }) {
  if (!values || !colour) return null;
  const heights = Uint8Array.from({ length: N_LEVELS }, (_, level) => height(colour, level));
  const next = new Uint32Array(N_LEVELS + 1);
  for (let i = 0; i < n; i++) next[heights[values[i]] + 1]++;
  for (let i = 1; i <= N_LEVELS; i++) next[i] += next[i - 1];
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[next[heights[values[i]]]++] = i;
  return order;
}
