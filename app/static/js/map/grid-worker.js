// Sorts points into the cells of a grid, off the main thread, which a million points would hold up for some tens of milliseconds.

import { sorted } from "./grid.js";

self.addEventListener("message", ({ data: { ticket, x, y } }) => {
  const grid = sorted(x, y);
  self.postMessage({ ticket, grid }, { transfer: [grid.start.buffer, grid.order.buffer] });
});
