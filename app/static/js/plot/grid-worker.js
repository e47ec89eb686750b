// Sorts points (Uint16 columns) into square cells, off the main thread: the points of cell c are order[start[c]] … order[start[c + 1] - 1].

const FEWEST_CELLS = 16;
const MOST_CELLS = 2048;
const POINTS_PER_CELL = 2;

self.addEventListener("message", ({ data: { ticket, x, y } }) => {
  const n = x.length;
  const wanted = 2 ** Math.round(Math.log2(Math.sqrt(n / POINTS_PER_CELL) || 1));
  const n_cells = Math.min(MOST_CELLS, Math.max(FEWEST_CELLS, wanted));
  const shift = 16 - Math.log2(n_cells);
  const start = new Uint32Array(n_cells * n_cells + 1);
  const order = new Uint32Array(n);
  const cell = (/** @type {number} */ i) => (y[i] >> shift) * n_cells + (x[i] >> shift);
  for (let i = 0; i < n; i++) start[cell(i) + 1]++;
  for (let c = 0; c < n_cells * n_cells; c++) start[c + 1] += start[c];
  const next = start.slice(0, -1);
  for (let i = 0; i < n; i++) order[next[cell(i)]++] = i;
  self.postMessage({ ticket, grid: { n_cells, start, order } }, { transfer: [start.buffer, order.buffer] });
});
