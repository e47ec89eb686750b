// Words with bars: how many have each, and how many of those match. A click asks for a word, or no longer does.

/** @import {Histogram} from "../types/api" */

import { element } from "../lib/dom.js";
import { count, counted, isolated } from "../lib/format.js";

export class WordHistogram {
  /** @param {Histogram} found @param {string} name of what is counted @param {(word: string) => void} toggle */
  constructor({ words, n_words }, name, toggle) {
    const most = Math.max(...words.map(({ n_all }) => n_all), 1);
    const rows = words.map(({ word, n_all, n_matching, kept }) => {
      const about = `${isolated(word)}: ${count(n_matching)} of ${counted(n_all, "segment")}`;
      const bar = element("span", { class: "word-bar", "aria-hidden": "true" }, element("i", {}), element("b", {}));
      bar.style.setProperty("--all", String(Math.sqrt(n_all / most)));
      bar.style.setProperty("--matching", String(Math.sqrt(n_matching / most)));
      return element(
        "li",
        {},
        element(
          "button",
          { type: "button", class: "word", "aria-pressed": String(kept), title: about, onclick: () => toggle(word) },
          element("bdi", {}, word),
          bar,
          element("span", { class: "quiet" }, count(n_matching)),
        ),
      );
    });
    const rest = n_words - words.length;
    this.element = element("div", {}, element("ul", { class: "histogram-words" }, ...rows));
    if (rest > 0) this.element.append(element("p", { class: "quiet" }, `and ${counted(rest, `other ${name}`)}`));
  }
}
