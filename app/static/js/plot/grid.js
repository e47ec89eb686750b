// Finding the point under the pointer without looking at all of them.

/** @import {Points} from "../types/api" */

/** @typedef {{ n_cells: number, start: Uint32Array, order: Uint32Array }} Grid cells per side, and the points sorted by cell */

const COLUMN_RANGE = 65536;

/** Sorts points into cells in a worker. */
export class GridIndexer {
  #worker = new Worker(new URL("./grid-worker.js", import.meta.url), { type: "module" });
  #ticket = 0;
  /** @type {Map<number, (grid: Grid) => void>} */
  #waiting = new Map();

  constructor() {
    this.#worker.addEventListener("message", ({ data: { ticket, grid } }) => {
      this.#waiting.get(ticket)?.(grid);
      this.#waiting.delete(ticket);
    });
  }

  /** @param {Points} points @returns {Promise<Grid>} */
  index(points) {
    const ticket = ++this.#ticket;
    const [x, y] = [points.x.slice(), points.y.slice()];
    this.#worker.postMessage({ ticket, x, y }, { transfer: [x.buffer, y.buffer] });
    return new Promise((resolve) => this.#waiting.set(ticket, resolve));
  }
}

/**
 * The nearest point to a place, both in steps of the columns, or -1.
 * @param {Grid} grid @param {Points} points
 * @param {number} x @param {number} y
 * @param {{ x: number, y: number }} stepPx CSS pixels per step
 * @param {number} radiusPx
 */
export function nearest(grid, { x: xs, y: ys }, x, y, stepPx, radiusPx) {
  const cell = (/** @type {number} */ v) => Math.max(0, Math.min(grid.n_cells - 1, Math.floor((v * grid.n_cells) / COLUMN_RANGE)));
  const [reachX, reachY] = [radiusPx / stepPx.x, radiusPx / stepPx.y];
  const [left, right] = [cell(x - reachX), cell(x + reachX)];
  let best = -1;
  let bestDistance = radiusPx ** 2;
  for (let row = cell(y - reachY); row <= cell(y + reachY); row++) {
    const end = grid.start[row * grid.n_cells + right + 1];
    for (let k = grid.start[row * grid.n_cells + left]; k < end; k++) {
      const i = grid.order[k];
      const distance = ((xs[i] - x) * stepPx.x) ** 2 + ((ys[i] - y) * stepPx.y) ** 2;
      if (distance <= bestDistance) {
        bestDistance = distance;
        best = i;
      }
    }
  }
  return best;
}
