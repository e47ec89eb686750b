// Words with their colours and counts: a click keeps or drops one, with shift or a long press only this one is kept.

/** @import {Colour} from "../types/api" */
/** @typedef {(kept: string | null) => void} Keep */

import { element } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { alone, toggled, wordsOf, writtenWords } from "./kept.js";
import { category, css } from "./palette.js";
import { scheme } from "./theme.js";

const LONG_MS = 500;
const TITLE = "Click to dim or to show, with shift to keep only this one";

export class LegendWords {
  /** @type {Set<string | null> | null} */
  #kept = null;

  /** @param {Colour} colour @param {string | null} kept @param {Keep} _dim @param {Keep} keep */
  constructor(colour, kept, _dim, keep) {
    this.keep = keep;
    this.colour = colour;
    this.buttons = colour.categories.map((each) => this.#button(each));
    this.element = element("ul", { class: "legend-words" }, ...this.buttons.map((button) => element("li", {}, button)));
    this.kept = kept;
  }

  /** @param {string | null} kept */
  set kept(kept) {
    this.#kept = wordsOf(kept);
    for (const [i, { word }] of this.colour.categories.entries())
      this.buttons[i].setAttribute("aria-pressed", String(!this.#kept || this.#kept.has(word)));
  }

  /** @param {Uint32Array} _all @param {Uint32Array} seen points in view by level */
  count(_all, seen) {
    const { steps } = this.colour;
    for (const [i, { colour }] of this.colour.categories.entries()) {
      const n = seen.subarray(colour * steps, (colour + 1) * steps).reduce((sum, each) => sum + each, 0);
      this.buttons[i].toggleAttribute("data-unseen", n === 0);
    }
  }

  /** @param {Colour["categories"][number]} shown */
  #button({ word, colour, n }) {
    const button = element(
      "button",
      { type: "button", class: "legend-word", title: TITLE },
      element("i", { class: "legend-swatch" }),
      element("bdi", {}, word ?? "all others"),
      element("span", { class: "quiet" }, count(n)),
    );
    button.style.setProperty("--colour", css(category(colour, 1, scheme())));
    let timer = 0;
    let wasLong = false;
    button.addEventListener("pointerdown", () => {
      wasLong = false;
      timer = window.setTimeout(() => {
        wasLong = true;
        this.#choose(word, true);
      }, LONG_MS);
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) button.addEventListener(end, () => clearTimeout(timer));
    button.addEventListener("click", (event) => {
      if (!wasLong) this.#choose(word, event.shiftKey);
      wasLong = false;
    });
    return button;
  }

  /** @param {string | null} word @param {boolean} only */
  #choose(word, only) {
    const every = this.colour.categories.map((each) => each.word);
    this.keep(writtenWords(only ? alone(this.#kept, word) : toggled(every, this.#kept, word)));
  }
}
