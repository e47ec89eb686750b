// Finding the point under the pointer without looking at all of them: points sorted into square cells. Pure functions of arrays.

/** @typedef {{ n_cells: number, start: Uint32Array, order: Uint32Array }} Grid cells per side, and the points sorted by cell */
/** @typedef {{ x: Uint16Array, y: Uint16Array }} Columns */

const COLUMN_RANGE = 65536;
const FEWEST_CELLS = 16;
const MOST_CELLS = 2048;
const POINTS_PER_CELL = 2;

/**
 * The points of cell c, counted row by row, are order[start[c]] … order[start[c + 1] - 1].
 * @param {Uint16Array} x @param {Uint16Array} y
 * @returns {Grid}
 */
export function sorted(x, y) {
  const n = x.length;
  const wanted = 2 ** Math.round(Math.log2(Math.sqrt(n / POINTS_PER_CELL) || 1));
  const n_cells = Math.min(MOST_CELLS, Math.max(FEWEST_CELLS, wanted));
  // the number of cells is a power of two, so a point's cell is the highest bits of its columns
  const shift = 16 - Math.log2(n_cells);
  const start = new Uint32Array(n_cells * n_cells + 1);
  const order = new Uint32Array(n);
  const cell = (/** @type {number} */ i) => (y[i] >> shift) * n_cells + (x[i] >> shift);
  // a counting sort: how many in each cell, where each cell begins, then every point to the next free place of its cell
  for (let i = 0; i < n; i++) start[cell(i) + 1]++;
  for (let c = 0; c < n_cells * n_cells; c++) start[c + 1] += start[c];
  const next = start.slice(0, -1);
  for (let i = 0; i < n; i++) order[next[cell(i)]++] = i;
  return { n_cells, start, order };
}

/**
 * The nearest point to a place, both in steps of the columns, or -1.
 * @param {Grid} grid @param {Columns} points
 * @param {number} x @param {number} y
 * @param {{ x: number, y: number }} stepPx CSS pixels per step
 * @param {number} radiusPx
 */
export function nearest(grid, points, x, y, stepPx, radiusPx) {
  let best = -1;
  let bestDistance = Infinity;
  visit(grid, points, x, y, stepPx, radiusPx, (i, distance) => {
    if (distance > bestDistance) return;
    bestDistance = distance;
    best = i;
  });
  return best;
}

/**
 * All points around a place, as `nearest` takes them.
 * @param {Grid} grid @param {Columns} points
 * @param {number} x @param {number} y
 * @param {{ x: number, y: number }} stepPx
 * @param {number} radiusPx
 */
export function within(grid, points, x, y, stepPx, radiusPx) {
  /** @type {number[]} */
  const found = [];
  visit(grid, points, x, y, stepPx, radiusPx, (i) => found.push(i));
  return found;
}

/**
 * @param {Grid} grid @param {Columns} points
 * @param {number} x @param {number} y
 * @param {{ x: number, y: number }} stepPx
 * @param {number} radiusPx
 * @param {(index: number, distance: number) => void} see squared, in CSS pixels
 */
function visit(grid, { x: xs, y: ys }, x, y, stepPx, radiusPx, see) {
  const cell = (/** @type {number} */ v) => Math.max(0, Math.min(grid.n_cells - 1, Math.floor((v * grid.n_cells) / COLUMN_RANGE)));
  const [reachX, reachY] = [radiusPx / stepPx.x, radiusPx / stepPx.y];
  const [left, right] = [cell(x - reachX), cell(x + reachX)];
  for (let row = cell(y - reachY); row <= cell(y + reachY); row++) {
    // cells of one row lie side by side in `order`: from the left one's start to the right one's end in one loop
    const end = grid.start[row * grid.n_cells + right + 1];
    for (let k = grid.start[row * grid.n_cells + left]; k < end; k++) {
      const i = grid.order[k];
      const distance = ((xs[i] - x) * stepPx.x) ** 2 + ((ys[i] - y) * stepPx.y) ** 2;
      if (distance <= radiusPx ** 2) see(i, distance);
    }
  }
}
