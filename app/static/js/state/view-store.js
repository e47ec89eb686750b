// The one view that everything on the page shows, kept in step with the address.

/** @import {View} from "../types/view" */

import { fromQuery, toQuery } from "./address.js";
import { debounced } from "../lib/timing.js";

const QUIET = new Set(["box", "sound", "track", "segment"]);
const WRITE_DELAY_MS = 250;

/** Dispatches `change` with `{ before, keys }` whenever the view is another. */
export class ViewStore extends EventTarget {
  /** @param {View} view */
  constructor(view) {
    super();
    this.view = view;
    this.write = debounced(() => this.#write("replaceState"), WRITE_DELAY_MS);
    this.#write("replaceState");
  }

  /**
   * A change of what is shown becomes a step in the browser's history; moving, sound and the player do not.
   * @param {Partial<View>} patch
   */
  set(patch) {
    const loud = this.#differing(patch).some((key) => !QUIET.has(key));
    if (loud) this.#write("replaceState");
    if (this.#apply(patch)) loud ? this.#write("pushState") : this.write();
  }

  /** Listen to back and forward, which leave the player alone. @param {(asked: Partial<View>) => View} settle makes the address's view whole */
  followHistory(settle) {
    addEventListener("popstate", () => {
      this.write.cancel();
      const { track, segment } = this.view;
      this.#apply(settle({ ...fromQuery(location.search), track: track ?? undefined, segment: segment ?? undefined }));
      this.write();
    });
  }

  /** @param {Partial<View>} patch */
  #apply(patch) {
    const before = this.view;
    const keys = new Set(this.#differing(patch));
    if (!keys.size) return false;
    this.view = { ...before, ...patch };
    this.dispatchEvent(new CustomEvent("change", { detail: { before, keys } }));
    return true;
  }

  /** @param {Partial<View>} patch */
  #differing(patch) {
    const keys = /** @type {(keyof View)[]} */ (Object.keys(patch));
    return keys.filter((key) => String(patch[key]) !== String(this.view[key]));
  }

  /** @param {"pushState" | "replaceState"} how */
  #write(how) {
    this.write?.cancel();
    const query = toQuery(this.view);
    if (query !== location.search) history[how](null, "", query);
  }
}
