// What is said where something is to be seen: in the middle while there is nothing else, over it when that stays as it is.

/** @import {NextStep} from "../types/api" */

import { ApiError } from "../api/client.js";
import { element } from "../lib/dom.js";

export class Notice {
  /** The failure that is told. */
  #message = "";
  /** What failed, of `failingOver`. */
  #what = "";

  /** @param {HTMLElement} host @param {HTMLElement} progress a thin bar */
  constructor(host, progress) {
    this.host = host;
    this.progress = progress;
  }

  /** @param {string} text shown while nothing else is there to see; empty while something older still is */
  loading(text) {
    this.progress.hidden = false;
    if (text) this.#show("status", false, element("p", { class: "quiet late" }, text));
  }

  /** Nothing is on its way any more; what is said stays. */
  loaded() {
    this.progress.hidden = true;
  }

  done() {
    this.loaded();
    this.host.hidden = true;
  }

  /** @param {NextStep} step */
  empty({ message, hint }) {
    this.progress.hidden = true;
    this.#show("status", false, element("h2", {}, message), nextStep(hint));
  }

  /** In place of what could not be had. @param {unknown} error @param {(() => void) | null} retry */
  failing(error, retry) {
    this.progress.hidden = true;
    const { message, hint } = told(error);
    /** @type {HTMLElement[]} */
    const nodes = [element("h2", {}, message), nextStep(hint)];
    if (retry) nodes.push(tryAgain(retry));
    this.#show("alert", false, ...nodes);
    this.#message = message;
  }

  /** Over something good that stays. @param {string} what failed @param {unknown} error why @param {() => void} retry */
  failingOver(what, error, retry) {
    this.progress.hidden = true;
    const { message, hint } = told(error);
    const dismiss = element("button", { type: "button", class: "link-button", onclick: () => this.done() }, "Dismiss");
    const text = element("p", {}, element("strong", {}, what), ` ${message} `, ...nextStep(hint).childNodes);
    this.#show("alert", true, text, element("div", { class: "notice-steps" }, tryAgain(retry), dismiss));
    this.#message = message;
    this.#what = what;
  }

  /** It is there after all: a failure of something else stays told, and what is on its way is still. @param {string} what failed */
  mended(what) {
    if (this.#what === what) this.host.hidden = true;
  }

  /** Whether this very failure is told already. @param {unknown} error */
  tells(error) {
    return !this.host.hidden && this.#message === told(error).message;
  }

  /** @param {"status" | "alert"} role @param {boolean} isOver @param {...Node} nodes */
  #show(role, isOver, ...nodes) {
    this.#message = "";
    this.#what = "";
    this.host.setAttribute("role", role);
    this.host.toggleAttribute("data-over", isOver);
    this.host.replaceChildren(...nodes);
    this.host.hidden = false;
  }
}

/** @param {() => void} retry */
function tryAgain(retry) {
  return element("button", { type: "button", class: "plain-button", onclick: retry }, "Try again");
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
