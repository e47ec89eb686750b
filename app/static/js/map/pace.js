// How many points a frame can draw, learnt from how long frames take: what draws quickly draws all at once.

const FIRST_POINTS = 100_000;
const FEWEST_POINTS = 20_000;
const FRAME_MS = 12;
/** Two frames this far apart do not belong to one movement. */
const REST_MS = 1000;

export class Pace {
  #budget = FIRST_POINTS;
  #last_ms = 0;

  /** Points for the frame that is drawn now. @param {number} now_ms @param {number} n points that there are */
  budget(now_ms, n) {
    const took_ms = now_ms - this.#last_ms;
    this.#last_ms = now_ms;
    if (took_ms < 2 * FRAME_MS) this.#budget = Math.min(Math.max(FIRST_POINTS, n), Math.ceil(this.#budget * 1.2));
    else if (took_ms < REST_MS) this.#budget = Math.max(FEWEST_POINTS, Math.floor(this.#budget * 0.7));
    return this.#budget;
  }
}
