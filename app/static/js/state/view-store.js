// The one view that everything on the page asks for, kept in step with the page's address, which says what is really shown.

/** @import {PageAddress} from "../types/page" */
/** @import {View} from "./view-schema.js" */

import { debounced } from "../lib/timing.js";
import { fromQuery, isOtherMap, KEYS, LISTENING, SCHEMA, toQuery } from "./view-schema.js";

const WRITE_DELAY_MS = 250;

/**
 * Dispatches `change` with `{ keys }` whenever another view is asked for. What is a step of the history is only asked for at first:
 * `keep` says that it is shown, `giveBack` that it could not be: it dispatches `returned` with `{ keys }`.
 */
export class ViewStore extends EventTarget {
  #address;
  #shown;
  #write = debounced(() => this.#address.replace(toQuery(this.#shown)), WRITE_DELAY_MS);

  /** @param {View} view @param {PageAddress} address */
  constructor(view, address) {
    super();
    this.view = view;
    this.#shown = view;
    this.#address = address;
    address.replace(toQuery(view));
  }

  /** @param {Partial<View>} patch */
  set(patch) {
    const keys = differing(this.view, patch);
    // the step that is left keeps the box that it was last seen with
    if (keys.some(isStep)) this.#leave();
    this.#apply(patch);
  }

  /** What was asked for is shown: it becomes a step to come back to. */
  keep() {
    this.#write.cancel();
    const isNew = !this.#address.isMoved && differing(this.#shown, this.view).some(isStep);
    this.#shown = this.view;
    if (isNew) this.#address.push(toQuery(this.view));
    else this.#address.replace(toQuery(this.view));
  }

  /**
   * What was asked for cannot be shown: the view is again the one that is.
   * @returns {Partial<View>} what was asked for, to be asked for again
   */
  giveBack() {
    const keys = differing(this.#shown, this.view).filter(isStep);
    if (isOtherMap(keys)) keys.push("box");
    const missed = Object.fromEntries(keys.map((key) => [key, this.view[key]]));
    const returned = new Set(differing(this.view, this.#shown));
    this.view = this.#shown;
    if (this.#address.isMoved) this.#address.undo();
    else this.#address.replace(toQuery(this.view));
    this.dispatchEvent(new CustomEvent("returned", { detail: { keys: returned } }));
    return missed;
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
      const { isMoved, query } = this.#address;
      this.#apply(isMoved ? settle({ ...fromQuery(query), ...present }) : this.#shown);
      if (!differing(this.#shown, this.view).some(isStep)) this.keep();
    };
    this.#address.addEventListener("popped", follow, { signal });
  }

  /** Write at once what waits to be written. */
  flush() {
    this.#write.flush();
  }

  /** Another step is asked for: the present one stays as it is. */
  #leave() {
    if (this.#address.isMoved) this.#address.keep();
    else this.flush();
  }

  /** @param {Partial<View>} patch */
  #apply(patch) {
    const keys = differing(this.view, patch);
    if (!keys.length) return;
    this.view = { ...this.view, ...patch };
    if (!keys.some(isStep)) this.#showAtOnce(keys);
    this.dispatchEvent(new CustomEvent("change", { detail: { keys: new Set(keys) } }));
  }

  /** Moving, sound and the player wait for nothing. @param {(keyof View)[]} keys */
  #showAtOnce(keys) {
    const moved = Object.fromEntries(keys.map((key) => [key, this.view[key]]));
    this.#shown = { ...this.#shown, ...moved };
    if (!this.#address.isMoved) this.#write();
  }
}

/** @param {View} view @param {Partial<View>} patch */
function differing(view, patch) {
  return KEYS.filter((key) => key in patch && String(patch[key]) !== String(view[key]));
}

/** @param {keyof View} key */
function isStep(key) {
  return SCHEMA[key].history;
}
