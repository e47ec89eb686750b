// Doing things once, later, or only for the last who asked. Whatever waits can be cancelled: a page that is gone does nothing more.

/**
 * Call `action` when nobody has asked for `delay_ms`.
 * @param {() => void} action @param {number} delay_ms
 */
export function debounced(action, delay_ms) {
  let timer = 0;
  const ask = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      timer = 0;
      action();
    }, delay_ms);
  };
  ask.cancel = () => {
    clearTimeout(timer);
    timer = 0;
  };
  /** Do at once what waits. */
  ask.flush = () => {
    if (!timer) return;
    ask.cancel();
    action();
  };
  return ask;
}

/** @param {number} ms @returns {Promise<void>} */
export function passed(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What is about to be drawn is on the screen: a frame draws it, the next one shows it, and with the third that is done. */
export async function painted() {
  for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Call `action` at most once per frame. @param {() => void} action */
export function framed(action) {
  let frame = 0;
  const ask = () => {
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      action();
    });
  };
  ask.cancel = () => {
    cancelAnimationFrame(frame);
    frame = 0;
  };
  return ask;
}

/** One errand after the other: each finds what the one before has left. */
export class InTurn {
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();
  #going = new AbortController();

  /**
   * @template T
   * @param {(signal: AbortSignal) => Promise<T>} errand
   * @returns {Promise<T | undefined>} undefined when it was called off before its turn came
   */
  run(errand) {
    const { signal } = this.#going;
    const mine = this.#last.then(() => (signal.aborted ? undefined : errand(signal)));
    this.#last = mine.catch(() => {});
    return mine;
  }

  /** Those that wait are called off, and what comes now does not wait for the one that is under way. */
  cancel() {
    this.#going.abort();
    this.#going = new AbortController();
    this.#last = Promise.resolve();
  }
}

/** One errand at a time: a new one aborts the one before, whose answer is dropped. */
export class Latest {
  /** @type {AbortController | null} */
  #running = null;

  /**
   * @template T
   * @param {(signal: AbortSignal) => Promise<T>} errand
   * @returns {Promise<T | undefined>} undefined when a newer errand took over
   */
  async run(errand) {
    this.cancel();
    const mine = new AbortController();
    this.#running = mine;
    try {
      const result = await errand(mine.signal);
      return mine.signal.aborted ? undefined : result;
    } catch (error) {
      if (mine.signal.aborted) return undefined;
      throw error;
    }
  }

  cancel() {
    this.#running?.abort();
  }
}
