// The one view that everything on the page shows, kept in step with the page's address.

/** @import {PageAddress} from "../types/page" */
/** @import {View} from "./view-schema.js" */

import { debounced } from "../lib/timing.js";
import { fromQuery, KEYS, LISTENING, SCHEMA, toQuery } from "./view-schema.js";

const WRITE_DELAY_MS = 250;

/** Dispatches `change` with `{ keys }` whenever the view is another. */
export class ViewStore extends EventTarget {
  #address;
  #write = debounced(() => this.#address.replace(toQuery(this.view)), WRITE_DELAY_MS);

  /** @param {View} view @param {PageAddress} address */
  constructor(view, address) {
    super();
    this.view = view;
    this.#address = address;
    address.replace(toQuery(view));
  }

  /**
   * A change of what is shown becomes a step in the browser's history; moving, sound and the player do not.
   * @param {Partial<View>} patch
   */
  set(patch) {
    const isStep = this.#differing(patch).some((key) => SCHEMA[key].history);
    // the step that is left keeps the box that it was last seen with
    if (isStep) this.flush();
    if (!this.#apply(patch)) return;
    if (isStep) this.#address.push(toQuery(this.view));
    else this.#write();
  }

  /**
   * Listen to back and forward, which leave the player alone.
   * @param {(asked: Partial<View>) => View} settle makes the address's view whole
   * @param {AbortSignal} signal
   */
  followHistory(settle, signal) {
    const follow = () => {
      this.#write.cancel();
      const present = Object.fromEntries(LISTENING.map((key) => [key, this.view[key] ?? undefined]));
      this.#apply(settle({ ...fromQuery(this.#address.query), ...present }));
      this.#write();
    };
    this.#address.addEventListener("popped", follow, { signal });
  }

  /** Write at once what waits to be written. */
  flush() {
    this.#write.flush();
  }

  /** @param {Partial<View>} patch */
  #apply(patch) {
    const keys = new Set(this.#differing(patch));
    if (!keys.size) return false;
    this.view = { ...this.view, ...patch };
    this.dispatchEvent(new CustomEvent("change", { detail: { keys } }));
    return true;
  }

  /** @param {Partial<View>} patch */
  #differing(patch) {
    return KEYS.filter((key) => key in patch && String(patch[key]) !== String(this.view[key]));
  }
}
