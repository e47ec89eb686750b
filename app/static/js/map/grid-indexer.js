// Sorts points into a grid in a worker.

/** @import {Points} from "../types/points" */
/** @import {Grid} from "./grid.js" */

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
    // copies, for what is handed to a worker without copying is gone here, and the columns are needed for picking
    const [x, y] = [points.x.slice(), points.y.slice()];
    this.#worker.postMessage({ ticket, x, y }, { transfer: [x.buffer, y.buffer] });
    return new Promise((resolve) => this.#waiting.set(ticket, resolve));
  }

  /** Nothing more is answered. */
  dispose() {
    this.#worker.terminate();
    this.#waiting.clear();
  }
}
