// Which points lie at a place of the map, as it is drawn.

/** @import {Points} from "../types/points" */
/** @import {PointMap} from "./point-map.js" */

import { nearest, within } from "./grid.js";
import { COLUMN_STEPS, size } from "./viewport.js";

export class Finder {
  /** @param {PointMap} map */
  constructor(map) {
    this.map = map;
  }

  /**
   * The row whose point is nearest to a place in CSS pixels, or null.
   * @param {number} px @param {number} py @param {number} radiusPx
   */
  pick(px, py, radiusPx) {
    const { layer } = this.map;
    if (!layer?.grid) return null;
    const { x, y, stepPx } = this.#inSteps(layer.points, px, py);
    const index = nearest(layer.grid, layer.points, x, y, stepPx, radiusPx);
    return index < 0 ? null : layer.points.rows[index];
  }

  /**
   * The points around a place in CSS pixels, as they are drawn.
   * @param {number} px @param {number} py @param {number} radiusPx
   * @returns {{ row: number, place: [number, number], colour: string }[]} places in CSS pixels
   */
  around(px, py, radiusPx) {
    const { map } = this;
    const { layer } = map;
    if (!layer?.grid) return [];
    const { rows, values } = layer.points;
    const { x, y, stepPx } = this.#inSteps(layer.points, px, py);
    return within(layer.grid, layer.points, x, y, stepPx, radiusPx).map((i) => {
      return { row: rows[i], place: map.toPixels(layer.at(i)), colour: map.colourOf(values?.[i] ?? 0) };
    });
  }

  /** The row in view whose point is nearest to the middle, or null. */
  middle() {
    const { layer, frame } = this.map;
    if (!layer) return null;
    const { points } = layer;
    const { x, y, stepPx } = this.#inSteps(points, frame.width / 2, frame.height / 2);
    let best = -1;
    let bestDistance = Infinity;
    for (let i = 0; i < points.n; i++) {
      const [dx, dy] = [Math.abs(points.x[i] - x) * stepPx.x, Math.abs(points.y[i] - y) * stepPx.y];
      const distance = dx ** 2 + dy ** 2;
      if (dx > frame.width / 2 || dy > frame.height / 2 || distance >= bestDistance) continue;
      bestDistance = distance;
      best = i;
    }
    return best < 0 ? null : points.rows[best];
  }

  /**
   * A place in CSS pixels, in steps of the columns of points, and how many pixels a step is.
   * @param {Points} points @param {number} px @param {number} py
   */
  #inSteps({ box }, px, py) {
    const { view, frame } = this.map;
    const [all, seen] = [size(box), size(view)];
    const x = view[0] + (px / frame.width) * seen.width;
    const y = view[2] + (1 - py / frame.height) * seen.height;
    const steps = { x: COLUMN_STEPS / (all.width || 1), y: COLUMN_STEPS / (all.height || 1) };
    const stepPx = { x: frame.width / seen.width / steps.x, y: frame.height / seen.height / steps.y };
    return { x: (x - box[0]) * steps.x, y: (y - box[2]) * steps.y, stepPx };
  }
}
