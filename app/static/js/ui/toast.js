// A short message in the corner, which goes by itself and takes no focus.

import { element } from "../lib/dom.js";
import { told } from "./notice.js";

const SHOWN_MS = 7000;

export class Toast {
  #timer = 0;
  #said = "";

  /** @param {HTMLElement} host a live region */
  constructor(host) {
    this.host = host;
  }

  /** @param {string} message */
  say(message) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.hide(), SHOWN_MS);
    // what is there already is not said again to those who listen
    if (!this.host.hidden && this.#said === message) return;
    this.#said = message;
    const close = element("button", { type: "button", class: "link-button", onclick: () => this.hide() }, "Dismiss");
    this.host.replaceChildren(element("span", {}, message), close);
    this.host.hidden = false;
  }

  /** What failed, and the next step. @param {unknown} error */
  tell(error) {
    const { message, hint } = told(error);
    this.say(`${message} ${hint}`.trim());
  }

  hide() {
    clearTimeout(this.#timer);
    this.host.hidden = true;
  }
}
