// How large and how opaque points are, so that density reads at every zoom.

/** @import {Box, Points} from "../types/api" */
/** @import {Size} from "./viewport.js" */

import { size } from "./viewport.js";

const SHARE_OF_SPACING = 0.34;
const SMALLEST_PX = 2;
const LARGEST_PX = 11;

/**
 * @param {Points} points @param {Box} view @param {Size} frame
 * @returns {{ size: number, alpha: number }} diameter in CSS pixels
 */
export function pointStyle(points, view, frame) {
  const [all, seen] = [size(points.box), size(view)];
  const share = Math.min(1, seen.width / (all.width || 1)) * Math.min(1, seen.height / (all.height || 1));
  const spacingPx = Math.sqrt((frame.width * frame.height) / Math.max(1, points.n * share));
  const diameterPx = Math.min(LARGEST_PX, Math.max(SMALLEST_PX, SHARE_OF_SPACING * spacingPx));
  return { size: diameterPx, alpha: Math.min(0.85, 0.45 + diameterPx / 16) };
}
