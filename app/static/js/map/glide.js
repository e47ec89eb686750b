// Going from one view to another in sight, so that one sees where to.

/** @import {Box} from "../types/api" */

const LENGTH_MS = 200;
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Glide {
  #request = 0;

  /** @param {Box} from @param {Box} to @param {(view: Box) => void} show */
  start(from, to, show) {
    this.cancel();
    if (still.matches) return show(to);
    const start_ms = performance.now();
    const step = (/** @type {number} */ now_ms) => {
      const share = Math.min(1, Math.max(0, (now_ms - start_ms) / LENGTH_MS));
      this.#request = share < 1 ? requestAnimationFrame(step) : 0;
      const eased = share ** 2 * (3 - 2 * share);
      show(share < 1 ? /** @type {Box} */ (from.map((edge, i) => edge + eased * (to[i] - edge))) : to);
    };
    this.#request = requestAnimationFrame(step);
  }

  cancel() {
    cancelAnimationFrame(this.#request);
    this.#request = 0;
  }
}
