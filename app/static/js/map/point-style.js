// How large and how opaque points are, so that density reads at every zoom.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */
/** @import {Size} from "./viewport.js" */

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

/**
 * @param {Points} points @param {Box} view @param {Size} frame
 * @returns {{ size: number, alpha: number }} diameter in CSS pixels
 */
export function pointStyle(points, view, frame) {
  const [all, seen] = [size(points.box), size(view)];
  const share = Math.min(1, seen.width / (all.width || 1)) * Math.min(1, seen.height / (all.height || 1));
  const spacingPx = Math.sqrt((frame.width * frame.height) / Math.max(1, points.n * share));
  const diameterPx = Math.min(LARGEST_PX, Math.max(SMALLEST_PX, UNIT_PX * spacingPx ** GROWTH));
  return { size: diameterPx, alpha: Math.min(0.85, 0.45 + diameterPx / 16) };
}
