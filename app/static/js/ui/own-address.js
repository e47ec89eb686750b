// The part of the browser's address that belongs to one page, for as long as the page is there.

export class OwnAddress extends EventTarget {
  #path = location.pathname;
  #signal;
  /** The step of the history that this page has last written or kept. */
  #step = present();

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
    if (this.#differs(query)) pushStep(query);
    this.keep();
  }

  /** @param {string} query */
  replace(query) {
    if (this.#differs(query)) history.replaceState(history.state, "", query);
    this.keep();
  }

  /** Back or forward have led to another step, which is not kept yet. */
  get isMoved() {
    return this.isPresent && present() !== this.#step;
  }

  keep() {
    this.#step = present();
  }

  /** Return to the step that was kept last. */
  undo() {
    if (this.isMoved) history.go(this.#step - present());
  }

  /** @param {string} query */
  #differs(query) {
    return this.isPresent && query !== location.search;
  }
}

/** A step to come back to. Steps are numbered, so that one that leads nowhere can be undone. @param {string | URL} url */
export function pushStep(url) {
  history.pushState({ step: present() + 1 }, "", url);
}

function present() {
  return Number(history.state?.step ?? 0);
}
