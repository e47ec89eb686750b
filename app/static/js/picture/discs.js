// Points and what joins them as shapes in CSS pixels, as the graphics card draws them.

/** @import {Box} from "../types/api" */
/** @import {Disc, PathItem, Size} from "../types/picture" */
/** @import {Points} from "../types/points" */
/** @import {Lines} from "../map/line-layer.js" */
/** @import {Stratum} from "../map/point-picture.js" */

import { drawOrder } from "../map/draw-order.js";
import { indicesInView } from "../map/in-view.js";
import { RESTART, STRENGTH } from "../map/line-layer.js";
import { COLUMN_STEPS, size } from "../map/viewport.js";

/** Lines of so many strengths, each one path. */
const STRENGTHS = 16;
const TOP = 255;

/** @typedef {{ view: Box, frame: Size }} Seen */

/**
 * How many shapes the points in view are, and the lines; those beyond `most` are not looked for.
 * @param {Stratum[]} strata @param {{ points: Points, lines: Lines } | null} joined @param {Box} view @param {number} most
 */
export function countShapes(strata, joined, view, most) {
  let n = 0;
  for (const { points, n: first } of strata) n += indicesInView(points, view, null, first, most + 1 - n).length;
  if (joined && n <= most) for (const _ of steps(joined, view)) if (++n > most) break;
  return n;
}

/**
 * @param {Stratum} stratum @param {Uint8Array} palette 256 times red, green, blue, opacity @param {Seen} seen
 * @returns {Disc[]} from the bottom up
 */
export function discsOf({ name, points, n, size: diameter, alpha, growth }, palette, { view, frame }) {
  const { values, spreads } = points;
  const place = placing(points.box, view, frame);
  // a ground has no order: its points are all alike
  const order = name === "ground" ? null : drawOrder(points);
  return indicesInView(points, view, order, n).map((i) => {
    const [red, green, blue, opacity] = palette.subarray(4 * (values?.[i] ?? 0));
    const [x, y] = place(points.x[i], points.y[i]);
    const r = (diameter / 2) * (1 + (growth * (spreads?.[i] ?? 0)) / TOP);
    return { x, y, r, fill: `rgb(${red},${green},${blue})`, opacity: (alpha * opacity) / TOP };
  });
}

/**
 * The steps of trajectories, as a path for each strength.
 * @param {{ points: Points, lines: Lines }} joined @param {readonly number[]} colour @param {Seen} seen
 * @returns {PathItem[]}
 */
export function linesOf(joined, colour, { view, frame }) {
  const { points, lines } = joined;
  const place = placing(points.box, view, frame);
  const written = (/** @type {number} */ i) =>
    place(points.x[i], points.y[i])
      .map((px) => Math.round(px * 10) / 10)
      .join(" ");
  const paths = new Array(STRENGTHS).fill("");
  for (const [from, to] of steps(joined, view)) {
    const age = (lines.ages[from] + lines.ages[to]) / 2;
    paths[Math.min(STRENGTHS - 1, Math.floor((age / TOP) * STRENGTHS))] += `M${written(from)}L${written(to)}`;
  }
  return paths.flatMap((d, i) => {
    const strokeOpacity = STRENGTH.first + ((i + 0.5) / STRENGTHS) * (STRENGTH.last - STRENGTH.first);
    return d ? [{ kind: "path", d, stroke: `rgb(${colour.join(",")})`, strokeOpacity, strokeWidth: 1 }] : [];
  });
}

/**
 * Pairs of points that are joined, and not both beyond the same edge.
 * @param {{ points: Points, lines: Lines }} joined @param {Box} view
 */
function* steps({ points: { x, y, box }, lines: { indices } }, view) {
  const place = placing(box, view, { width: 1, height: 1 });
  for (let k = 1; k < indices.length; k++) {
    const [from, to] = [indices[k - 1], indices[k]];
    if (from === RESTART || to === RESTART) continue;
    const [a, b] = [place(x[from], y[from]), place(x[to], y[to])];
    if ([0, 1].every((i) => Math.max(a[i], b[i]) >= 0 && Math.min(a[i], b[i]) <= 1)) yield [from, to];
  }
}

/** @param {Box} box of columns @param {Box} view @param {Size} frame @returns {(x: number, y: number) => [number, number]} */
function placing(box, view, frame) {
  const [all, seen] = [size(box), size(view)];
  return (x, y) => [
    ((box[0] + (x / COLUMN_STEPS) * all.width - view[0]) / seen.width) * frame.width,
    ((view[3] - box[2] - (y / COLUMN_STEPS) * all.height) / seen.height) * frame.height,
  ];
}
