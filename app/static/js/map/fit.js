// How the whole map is first seen: as large as can be, with no point behind what lies over the map.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */
/** @import {Edges, Insets, Size} from "./viewport.js" */

import { COLUMN_STEPS, fitted, size } from "./viewport.js";

/** Air around all points. */
const AIR_PX = 24;
/** Air between points and what they are to stay clear of. */
const CLEARANCE_PX = 10;
/** A point closer than this is hidden in part. */
const TOUCH_PX = 8;
const SAME_SHARE = 1e-6;

/**
 * @param {Points} points all of the map, or a sample of it @param {Size} frame @param {boolean} isometric
 * @param {Edges[]} obstacles at the upper edge of the frame, at its left or right
 * @returns {Box} in data units
 */
export function wholeView(points, frame, isometric, obstacles) {
  const views = insetsAround(obstacles, frame).map((insets) => fitted(points.extent, frame, isometric, insets));
  const largestFirst = views.sort((a, b) => (Math.abs(area(a) / area(b) - 1) < SAME_SHARE ? 0 : area(a) - area(b)));
  return (
    largestFirst.find((view) => !obstacles.some((obstacle) => hides(obstacle, points, view, frame))) ??
    largestFirst[largestFirst.length - 1]
  );
}

/** Each obstacle can be ignored, stayed beside of, or stayed under. @param {Edges[]} obstacles @param {Size} frame */
function insetsAround(obstacles, frame) {
  /** @type {Insets[]} */
  let all = [{ left: AIR_PX, right: AIR_PX, top: AIR_PX, bottom: AIR_PX }];
  for (const { left, right, bottom } of obstacles) {
    const isLeft = left + right < frame.width;
    all = all.flatMap((insets) => [
      insets,
      isLeft
        ? { ...insets, left: Math.max(insets.left, right + CLEARANCE_PX) }
        : { ...insets, right: Math.max(insets.right, frame.width - left + CLEARANCE_PX) },
      { ...insets, top: Math.max(insets.top, bottom + CLEARANCE_PX) },
    ]);
  }
  return all;
}

/** @param {Box} view */
function area(view) {
  const { width, height } = size(view);
  return width * height;
}

/** @param {Edges} obstacle @param {Points} points @param {Box} view @param {Size} frame */
function hides(obstacle, { n, x, y, box }, view, frame) {
  const [all, seen] = [size(box), size(view)];
  const stepX = (/** @type {number} */ px) =>
    ((view[0] + (px / frame.width) * seen.width - box[0]) / (all.width || 1)) * COLUMN_STEPS;
  const stepY = (/** @type {number} */ px) =>
    ((view[3] - (px / frame.height) * seen.height - box[2]) / (all.height || 1)) * COLUMN_STEPS;
  const [x0, x1] = [stepX(obstacle.left - TOUCH_PX), stepX(obstacle.right + TOUCH_PX)];
  const [y0, y1] = [stepY(obstacle.bottom + TOUCH_PX), stepY(obstacle.top - TOUCH_PX)];
  for (let i = 0; i < n; i++) if (x[i] > x0 && x[i] < x1 && y[i] > y0 && y[i] < y1) return true;
  return false;
}
