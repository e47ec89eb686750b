// A finger that rests on the map before it slides: told apart from a tap, a drag and a pinch, which stay the figure's.

import { encloses } from "./viewport.js";

/** @typedef {{ x: number, y: number }} Place CSS pixels of the window */
/**
 * @typedef {object} HoldActions
 * @property {(at: Place) => void} begin
 * @property {(at: Place) => void} slide
 * @property {() => void} lift
 * @property {() => void} cancel a second finger came, or this one left the map
 */

const HOLD_MS = 200;
/** From here on BokehJS takes a movement for a drag. */
const STILL_PX = 5;

export class Hold {
  /** Whether the last to press was a finger. */
  isTouched = false;
  /** Fingers on the map. @type {Set<number>} */
  #fingers = new Set();
  #timer = 0;
  /** Where the only finger went down. @type {Place} */
  #start = { x: 0, y: 0 };
  /** @type {number | null} */
  #held = null;
  /** After it was cancelled, until all fingers are lifted. */
  #ignoring = false;

  /** @param {HTMLElement} host @param {HoldActions} actions @param {AbortSignal} signal */
  constructor(host, actions, signal) {
    this.host = host;
    this.actions = actions;
    // before BokehJS hears of them
    const options = { capture: true, signal };
    const acts = { pointerdown: this.down, pointermove: this.move, pointerup: this.up, pointercancel: this.up };
    for (const [name, act] of Object.entries(acts)) {
      const hear = (/** @type {Event} */ event) =>
        event instanceof PointerEvent && event.pointerType === "touch" && act.call(this, event);
      host.addEventListener(name, hear, options);
    }
    const note = (/** @type {PointerEvent} */ { pointerType }) => {
      this.isTouched = pointerType === "touch";
    };
    host.addEventListener("pointerdown", note, options);
    host.addEventListener("contextmenu", (event) => this.#held !== null && event.preventDefault(), options);
    signal.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.target instanceof Element && event.target.closest("button")) return;
    this.#fingers.add(event.pointerId);
    clearTimeout(this.#timer);
    if (this.#held !== null) this.#cancel();
    if (this.#ignoring) return event.stopPropagation();
    if (this.#fingers.size > 1) return;
    this.#start = place(event);
    const [target] = event.composedPath();
    this.#timer = window.setTimeout(() => this.#begin(event.pointerId, target), HOLD_MS);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const at = place(event);
    if (this.#ignoring || this.#held === event.pointerId) event.stopPropagation();
    else if (Math.hypot(at.x - this.#start.x, at.y - this.#start.y) > STILL_PX) clearTimeout(this.#timer);
    if (this.#held !== event.pointerId) return;
    if (encloses(this.host.getBoundingClientRect(), at.x, at.y)) this.actions.slide(at);
    else this.#cancel();
  }

  /** @param {PointerEvent} event */
  up(event) {
    this.#fingers.delete(event.pointerId);
    clearTimeout(this.#timer);
    if (this.#ignoring || this.#held === event.pointerId) event.stopPropagation();
    if (this.#held === event.pointerId) {
      this.#held = null;
      if (event.type === "pointerup") this.actions.lift();
      else this.actions.cancel();
    }
    if (!this.#fingers.size) this.#ignoring = false;
  }

  /** @param {number} pointerId @param {EventTarget} target */
  #begin(pointerId, target) {
    this.#held = pointerId;
    // BokehJS has seen the finger come, so it has to see it go. Inside its shadow tree: nobody else hears of it
    target.dispatchEvent(new PointerEvent("pointercancel", { pointerId, pointerType: "touch", composed: false }));
    this.actions.begin(this.#start);
  }

  #cancel() {
    this.#held = null;
    this.#ignoring = true;
    this.actions.cancel();
  }
}

/** @param {PointerEvent} event @returns {Place} */
function place({ clientX, clientY }) {
  return { x: clientX, y: clientY };
}
