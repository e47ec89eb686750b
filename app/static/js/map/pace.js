// How many points a frame can draw, learnt from how long frames take: what draws quickly draws all at once.

const FIRST_POINTS = 100_000;
const FEWEST_POINTS = 10_000;
/** A frame and a half of 60 a second: what takes longer is felt. */
const LONG_MS = 24;
/** Two frames this far apart do not belong to one movement. */
const REST_MS = 1000;

/** A movement and the filling in after it have a pace each: what fits into a frame of rest is far too much while one drags. */
export class Pace {
  #budget = FIRST_POINTS;
  #last_ms = -Infinity;

  /** Points for the frame that is drawn now. @param {number} now_ms @param {number} n points that there are */
  budget(now_ms, n) {
    const took_ms = now_ms - this.#last_ms;
    this.#last_ms = now_ms;
    if (took_ms < LONG_MS) this.#budget = Math.min(Math.max(FIRST_POINTS, n), Math.ceil(this.#budget * 1.2));
    else if (took_ms < REST_MS) this.#budget = Math.max(FEWEST_POINTS, Math.floor(this.#budget * shrunk(took_ms)));
    return this.#budget;
  }
}

/** Frames that are much too long are mended at once, others step by step. @param {number} took_ms */
function shrunk(took_ms) {
  return Math.min(0.7, Math.max(0.3, LONG_MS / took_ms));
}
