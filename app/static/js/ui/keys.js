// Keys that work everywhere but where one types, and the overlay that lists them.

import { element, isControl, takesText } from "../lib/dom.js";

/** @typedef {{ keys: string[], shown: string, does: string, run: (event: KeyboardEvent) => void }} Binding */

export class Keys {
  #help = { keys: ["?"], shown: "?", does: "show or hide this list", run: () => this.toggleHelp() };
  /** @type {Set<Binding[]>} */
  #groups = new Set();

  /** The control that had the focus before the pointer went down elsewhere. @type {Element | null} */
  #kept = null;

  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.dialog = dialog;
    addEventListener("keydown", (event) => this.#press(event));
    // before it moves the focus, and before anyone keeps it to himself
    addEventListener("pointerdown", (event) => this.#point(event), { capture: true });
    // sliders are let go at the end of a drag, which need not end over them; labels and pickers focus only after the click
    addEventListener("pointerup", () => this.#letGo());
    addEventListener("click", (event) => event.detail > 0 && this.#letGo());
  }

  /** @param {Binding[]} bindings @param {AbortSignal} [signal] takes them back */
  add(bindings, signal) {
    this.#groups.add(bindings);
    signal?.addEventListener("abort", () => this.#groups.delete(bindings), { once: true });
  }

  toggleHelp() {
    if (this.dialog.open) return this.dialog.close();
    const rows = this.#bindings
      .filter(({ shown }) => shown)
      .map(({ shown, does }) => element("div", {}, element("dt", {}, element("kbd", {}, shown)), element("dd", {}, does)));
    const close = element("button", { type: "button", class: "plain-button", onclick: () => this.dialog.close() }, "Close");
    this.dialog.replaceChildren(element("h2", { id: "help-title" }, "Keys"), element("dl", {}, ...rows), close);
    this.dialog.showModal();
  }

  get #bindings() {
    return [...[...this.#groups].flat(), this.#help];
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event)) return;
    const name = event.shiftKey && event.key.startsWith("Arrow") ? `Shift+${event.key}` : event.key;
    // what was added last is what was opened last
    const binding = this.#bindings.reverse().find(({ keys }) => keys.includes(name));
    if (!binding || (this.dialog.open && name !== "?")) return;
    event.preventDefault();
    binding.run(event);
  }

  /** @param {PointerEvent} event */
  #point({ target }) {
    const { activeElement } = document;
    this.#kept = target instanceof Node && activeElement?.contains(target) ? null : activeElement;
  }

  /**
   * A control that was clicked or dragged is done with: whoever points expects space and arrows to mean the player still. One that
   * the keyboard has led to stays what the keys mean.
   */
  #letGo() {
    const { activeElement } = document;
    if (activeElement !== this.#kept && isControl(activeElement) && !activeElement.closest("dialog")) activeElement.blur();
  }
}

/** A control reached by keyboard keeps its own keys: space presses a button, arrows move a slider. @param {KeyboardEvent} event */
function typing({ key, target }) {
  if (takesText(target)) return true;
  if (target instanceof HTMLInputElement) return key.startsWith("Arrow") || key === " ";
  return isControl(target) && (key === " " || key === "Enter");
}
