// The part of the browser's address that belongs to one page, for as long as the page is there.

export class OwnAddress extends EventTarget {
  #path = location.pathname;
  #signal;

  /** @param {AbortSignal} signal of the page */
  constructor(signal) {
    super();
    this.#signal = signal;
  }

  /** Whether the browser is at this page: back and forward change the address before the page is another. */
  get isPresent() {
    return !this.#signal.aborted && location.pathname === this.#path;
  }

  get query() {
    return location.search;
  }

  /** @param {string} query */
  push(query) {
    if (this.#differs(query)) history.pushState(null, "", query);
  }

  /** @param {string} query */
  replace(query) {
    if (this.#differs(query)) history.replaceState(null, "", query);
  }

  /** @param {string} query */
  #differs(query) {
    return this.isPresent && query !== location.search;
  }
}
