// Several who ask for the same thing at once get one answer.

/** @template T @typedef {{ answer: Promise<T>, ending: AbortController, n_asking: number }} Errand */

/** @template K, T */
export class Shared {
  /** @type {Map<K, Errand<T>>} */
  #underway = new Map();

  /**
   * The answer that is on its way, or one that `fetch` brings. Who gives up stops waiting; the errand itself ends when all who
   * asked have given up.
   * @param {K} key @param {(signal: AbortSignal) => Promise<T>} fetch @param {AbortSignal} [signal]
   * @returns {Promise<T>}
   */
  async ask(key, fetch, signal) {
    signal?.throwIfAborted();
    const errand = this.#underway.get(key) ?? this.#begin(key, fetch);
    errand.n_asking++;
    const stop = new AbortController();
    try {
      return await Promise.race([errand.answer, ...(signal ? [aborted(signal, stop.signal)] : [])]);
    } finally {
      stop.abort();
      if (--errand.n_asking === 0) this.#end(key, errand);
    }
  }

  /** @param {K} key @param {(signal: AbortSignal) => Promise<T>} fetch */
  #begin(key, fetch) {
    const ending = new AbortController();
    const errand = { answer: fetch(ending.signal), ending, n_asking: 0 };
    this.#underway.set(key, errand);
    // whoever waits hears of it; nobody may wait any more
    errand.answer.catch(() => {});
    return errand;
  }

  /** @param {K} key @param {Errand<T>} errand */
  #end(key, errand) {
    if (this.#underway.get(key) === errand) this.#underway.delete(key);
    errand.ending.abort();
  }
}

/**
 * Rejects when `signal` is aborted.
 * @param {AbortSignal} signal @param {AbortSignal} end takes the listener back
 * @returns {Promise<never>}
 */
function aborted(signal, end) {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true, signal: end });
  });
}
