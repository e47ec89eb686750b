// What stands in the middle while there is nothing else: waiting, nothing there, or what failed and the next step.

/** @import {NextStep} from "../types/api" */

import { ApiError } from "../api/client.js";
import { element } from "../lib/dom.js";

export class Notice {
  /** @param {HTMLElement} host @param {HTMLElement} progress a thin bar */
  constructor(host, progress) {
    this.host = host;
    this.progress = progress;
  }

  /** @param {string} text shown while nothing else is there to see; empty while something older still is */
  loading(text) {
    this.progress.hidden = false;
    if (text) this.#show("status", element("p", { class: "quiet late" }, text));
  }

  done() {
    this.progress.hidden = true;
    this.host.hidden = true;
  }

  /** @param {NextStep} step */
  empty({ message, hint }) {
    this.progress.hidden = true;
    this.#show("status", element("h2", {}, message), nextStep(hint));
  }

  /** @param {unknown} error @param {(() => void) | null} retry */
  failing(error, retry) {
    this.progress.hidden = true;
    const { message, hint } = told(error);
    /** @type {HTMLElement[]} */
    const nodes = [element("h2", {}, message), nextStep(hint)];
    if (retry) nodes.push(element("button", { type: "button", class: "plain-button", onclick: retry }, "Try again"));
    this.#show("alert", ...nodes);
  }

  /** @param {"status" | "alert"} role @param {...Node} nodes */
  #show(role, ...nodes) {
    this.host.setAttribute("role", role);
    this.host.replaceChildren(...nodes);
    this.host.hidden = false;
  }
}

/** An error in words. @param {unknown} error @returns {NextStep} */
export function told(error) {
  if (error instanceof ApiError) return { message: error.message, hint: error.hint };
  return { message: error instanceof Error ? error.message : String(error), hint: "" };
}

/** A hint whose command stands out, to be copied: "Run: flask sync". @param {string} hint */
function nextStep(hint) {
  const [, before = hint, command = ""] = /^(.*?)((?:flask|make) .+?)\.?$/s.exec(hint) ?? [];
  const line = element("p", {}, before);
  if (command) line.append(element("code", {}, command));
  line.hidden = !hint;
  return line;
}
