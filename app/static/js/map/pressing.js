// Whether a button of the mouse, or a finger, is down that went down on the map.

export class Pressing {
  /** @type {Set<number>} */
  #pointers = new Set();
  /** Whether shift was held when the last one went down. */
  isShifted = false;

  /** @param {HTMLElement} host @param {() => void} onPress @param {AbortSignal} signal */
  constructor(host, onPress, signal) {
    const options = { capture: true, signal };
    const press = (/** @type {PointerEvent} */ { pointerId, target, shiftKey }) => {
      if (target instanceof Element && target.closest("button")) return;
      this.isShifted = shiftKey;
      this.#pointers.add(pointerId);
      onPress();
    };
    const lift = (/** @type {PointerEvent} */ { pointerId }) => void this.#pointers.delete(pointerId);
    host.addEventListener("pointerdown", press, options);
    // some systems show a menu for the right button and never tell that it came up
    host.addEventListener("pointermove", (event) => event.buttons === 0 && lift(event), options);
    // wherever it comes up again
    for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) addEventListener(name, lift, options);
  }

  get isDown() {
    return this.#pointers.size > 0;
  }
}
