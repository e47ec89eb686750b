// The list of a picker: filtered options in groups, one of them active.

/** @import {Group, Option} from "./picker.js" */

import { element } from "../lib/dom.js";

export class OptionList {
  /** @type {{ option: Option, node: HTMLElement }[]} */
  #shown = [];
  #active = -1;

  /** @param {string} id @param {(value: string) => void} onTake @param {() => void} onActive another option is the active one */
  constructor(id, onTake, onActive) {
    this.onTake = onTake;
    this.onActive = onActive;
    this.element = element("div", { id, role: "listbox", class: "picker-list" });
    this.element.addEventListener("pointerdown", (event) => event.preventDefault());
    this.element.addEventListener("scroll", () => this.#follow());
  }

  /** @returns {string | null} */
  get activeId() {
    return this.#shown[this.#active]?.node.id ?? null;
  }

  /** @param {Group[]} groups @param {string} search @param {string} chosen */
  show(groups, search, chosen) {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    this.#shown = [];
    const nodes = groups.flatMap((group, i) => this.#group(group, `${this.element.id}-group-${i}`, words, chosen));
    this.element.replaceChildren(...(nodes.length ? nodes : [element("div", { class: "picker-none" }, "Nothing matches.")]));
    const best = words.length ? this.#best(words.join(" ")) : this.#shown.findIndex(({ option }) => option.value === chosen);
    this.#activate(Math.max(0, best));
  }

  /** @param {number} step */
  move(step) {
    this.#activate(Math.min(Math.max(this.#active + step, 0), this.#shown.length - 1));
  }

  /** Enter takes the active option, so it is never out of sight. */
  reveal() {
    this.#shown[this.#active]?.node.scrollIntoView({ block: "nearest" });
  }

  take() {
    const shown = this.#shown[this.#active];
    if (shown) this.onTake(shown.option.value);
  }

  /** The option that is, or begins with, what was typed; else the first. @param {string} text */
  #best(text) {
    const labels = this.#shown.map(({ option }) => option.label.toLowerCase());
    return Math.max(labels.indexOf(text), labels.includes(text) ? -1 : labels.findIndex((label) => label.startsWith(text)));
  }

  /** @param {Group} group @param {string} id @param {string[]} words @param {string} chosen @returns {HTMLElement[]} */
  #group({ title, options }, id, words, chosen) {
    const matching = options.filter(({ label, detail = "" }) =>
      words.every((word) => `${label} ${detail} ${title}`.toLowerCase().includes(word)),
    );
    if (!matching.length) return [];
    const nodes = matching.map((option) => this.#option(option, chosen));
    if (!title) return nodes;
    return [
      element(
        "div",
        { role: "group", "aria-labelledby": id },
        element("div", { class: "picker-group", id, role: "presentation" }, title),
        ...nodes,
      ),
    ];
  }

  /** @param {Option} option @param {string} chosen */
  #option(option, chosen) {
    const node = element(
      "div",
      {
        id: `${this.element.id}-${this.#shown.length}`,
        role: "option",
        class: "picker-option",
        "aria-selected": String(option.value === chosen),
        onclick: () => this.onTake(option.value),
      },
      element("bdi", {}, option.label),
    );
    if (option.detail) node.append(element("span", { class: "picker-detail" }, option.detail));
    this.#shown.push({ option, node });
    return node;
  }

  /** @param {number} index */
  #activate(index) {
    for (const { node } of this.#shown) node.classList.remove("active");
    this.#active = index;
    this.#shown[index]?.node.classList.add("active");
    this.reveal();
    this.onActive();
  }

  /** Whoever scrolls the active option away means one of those in sight. */
  #follow() {
    const { top, bottom } = this.element.getBoundingClientRect();
    const places = this.#shown.map(({ node }) => node.getBoundingClientRect());
    const seen = places.map((place) => place.top > top - place.height / 2 && place.bottom < bottom + place.height / 2);
    if (seen.includes(true) && !seen[this.#active])
      this.#activate(places[this.#active].top < top ? seen.indexOf(true) : seen.lastIndexOf(true));
  }
}
