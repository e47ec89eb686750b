// How large and how opaque points are, so that density reads at every zoom.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */
/** @import {Size} from "./viewport.js" */

import { stackDepth } from "./stack-depth.js";
import { size } from "./viewport.js";

/**
 * The size of a point at a spacing of one pixel, and how it grows: slower than the spacing, so that few points stay points and
 * small screens show them.
 */
const UNIT_PX = 1.05;
const GROWTH = 0.65;
const SMALLEST_PX = 2;
const LARGEST_PX = 12;

/** The dot of the track with the widest spread is so much larger than that of one without any. */
export const GROWTH_BY_SPREAD = 2.5;

/** So opaque is a stack of points that only one in twenty is deeper than. */
const OPAQUE = 0.9;
const FAINTEST = 0.3;

/**
 * @param {Points} points @param {Box} view @param {Size} frame
 * @param {number} [n] so many of them are drawn: fewer are larger and more opaque, lest a map grows pale as it begins to move
 * @returns {{ size: number, alpha: number }} diameter in CSS pixels
 */
export function pointStyle(points, view, frame, n = points.n) {
  const [all, seen] = [size(points.box), size(view)];
  const share = Math.min(1, seen.width / (all.width || 1)) * Math.min(1, seen.height / (all.height || 1));
  const spacingPx = Math.sqrt((frame.width * frame.height) / Math.max(1, n * share));
  const diameterPx = Math.min(LARGEST_PX, Math.max(SMALLEST_PX, UNIT_PX * spacingPx ** GROWTH));
  const cell = {
    width: (diameterPx / frame.width) * (seen.width / (all.width || 1)),
    height: (diameterPx / frame.height) * (seen.height / (all.height || 1)),
  };
  const depth = Math.max(1, stackDepth(points, cell) * (n / Math.max(1, points.n)));
  return { size: diameterPx, alpha: Math.max(FAINTEST, 1 - (1 - OPAQUE) ** (1 / depth)) };
}
