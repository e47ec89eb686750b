// What the colours mean, and a control of what is kept of them: a ramp with handles, or words to click.

/** @import {Colour} from "../types/api" */
/** @import {Scale} from "../state/view-schema.js" */

import { element } from "../lib/dom.js";
import { LegendRamp } from "./legend-ramp.js";
import { LegendWords } from "./legend-words.js";

const SCALES = /** @type {[Scale, string, string][]} */ ([
  ["rank", "Rank", "By rank in the whole collection: every colour is seen equally often"],
  ["value", "Value", "Evenly by value"],
  ["shown", "Shown", "By rank among what is shown"],
]);
export const WEAK = "Weak everywhere: 99\u202f% of the collection stay below 0.05.";

/**
 * Dispatches `dim` with `{ kept }` while a handle is dragged, `keep` with `{ kept }` when it is let go or a word is clicked, and
 * `scale` with `{ scale }`.
 */
export class Legend extends EventTarget {
  /** @type {LegendRamp | LegendWords | null} */
  #control = null;
  #count = element("p", { class: "legend-count" });
  #without = element("p", { class: "legend-without" });

  /** @param {HTMLElement} host */
  constructor(host) {
    super();
    this.host = host;
  }

  /**
   * @param {Colour | null} colour @param {{ name: string, about: string }} said what colours, and what of it
   * @param {string | null} kept
   */
  show(colour, { name, about }, kept) {
    const hadFocus = this.host.contains(document.activeElement);
    const act = (/** @type {string} */ what) => (/** @type {string | null} */ next) => this.#tell(what, { kept: next });
    this.#control = colour && new (colour.kind === "word" ? LegendWords : LegendRamp)(colour, kept, act("dim"), act("keep"));
    const isOpen = this.host.hasAttribute("data-open");
    const toggle = element("button", { type: "button", class: "legend-toggle", "aria-expanded": isOpen }, "Legend");
    toggle.addEventListener("click", () => toggle.setAttribute("aria-expanded", String(this.host.toggleAttribute("data-open"))));
    const nodes = colour && [
      element(
        "p",
        { class: "legend-title" },
        element("strong", { dir: "auto" }, name),
        element("span", { class: "quiet" }, ` ${about}`),
      ),
      toggle,
      ...(this.#control ? [this.#control.element] : []),
      ...(colour.kind === "word" ? [] : [this.#scales(colour.scale)]),
      ...(colour.weak ? [element("p", { class: "legend-weak" }, WEAK)] : []),
    ];
    this.host.replaceChildren(...(nodes ?? []), this.#count, this.#without);
    this.host.hidden = false;
    if (hadFocus) this.host.querySelector("button")?.focus();
  }

  hide() {
    this.host.hidden = true;
  }

  /** @param {string | null} kept */
  set kept(kept) {
    if (this.#control) this.#control.kept = kept;
  }

  /** @param {string} text how many segments there are @param {string} without how many have no value, or nothing */
  say(text, without) {
    this.#count.textContent = text;
    this.#without.textContent = without;
    this.#without.hidden = !without;
  }

  /** @param {Uint32Array} all points of each level @param {Uint32Array} seen those in view */
  count(all, seen) {
    this.#control?.count(all, seen);
  }

  /** @param {string} chosen */
  #scales(chosen) {
    const button = (/** @type {[Scale, string, string]} */ [scale, label, title]) => {
      const attributes = { type: "button", class: "legend-scale", title, "aria-pressed": String(scale === chosen) };
      return element("button", { ...attributes, onclick: () => this.#tell("scale", { scale }) }, label);
    };
    return element("div", { class: "legend-scales", role: "group", "aria-label": "Colours follow" }, ...SCALES.map(button));
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
