// Keys that work everywhere but where one types, and the overlay that lists them.

import { element, takesText } from "../lib/dom.js";

/** @typedef {{ keys: string[], shown: string, does: string, run: (event: KeyboardEvent) => void }} Binding */

export class Keys {
  /** @type {Binding[]} */
  #bindings;

  /** @param {HTMLDialogElement} dialog @param {Binding[]} bindings */
  constructor(dialog, bindings) {
    this.dialog = dialog;
    const help = { keys: ["?"], shown: "?", does: "show or hide this list", run: () => this.toggleHelp() };
    this.#bindings = [...bindings, help];
    const rows = this.#bindings
      .filter(({ shown }) => shown)
      .map(({ shown, does }) => element("div", {}, element("dt", {}, element("kbd", {}, shown)), element("dd", {}, does)));
    const close = element("button", { type: "button", class: "plain-button", onclick: () => dialog.close() }, "Close");
    dialog.replaceChildren(element("h2", { id: "help-title" }, "Keys"), element("dl", {}, ...rows), close);
    addEventListener("keydown", (event) => this.#press(event));
  }

  toggleHelp() {
    if (this.dialog.open) this.dialog.close();
    else this.dialog.showModal();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event)) return;
    const name = event.shiftKey && event.key.startsWith("Arrow") ? `Shift+${event.key}` : event.key;
    const binding = this.#bindings.find(({ keys }) => keys.includes(name));
    if (!binding || (this.dialog.open && name !== "?")) return;
    event.preventDefault();
    binding.run(event);
  }
}

/** Space presses a focused button, arrows move a focused slider or radio, whatever plays. @param {KeyboardEvent} event */
function typing({ key, target }) {
  if (target instanceof HTMLInputElement && target.type !== "text") return key.startsWith("Arrow") || key === " ";
  if (target instanceof HTMLElement && target.closest("button, a, summary")) return key === " " || key === "Enter";
  return takesText(target);
}
