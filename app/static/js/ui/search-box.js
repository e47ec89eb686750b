// A text box with suggestions by kind: a combobox of the ARIA patterns. It knows neither filters nor maps.

/** @import {Suggestion} from "../types/api" */

import { element } from "../lib/dom.js";

const KINDS = /** @type {Record<string, string>} */ ({
  track: "Tracks",
  artist: "Artists",
  album: "Albums",
  tag: "Tags",
  genre: "Genres",
  title: "Titles",
  file: "Files",
  field: "Fields",
  function: "About the track",
  value: "Values",
  keyword: "Words that join",
});

let boxes = 0;

/**
 * Dispatches `written` when the text or the cursor is another, `chosen` with `{ suggestion }`, `entered` when a text is meant as it
 * stands, `left` when no suggestions are wanted, and `cleared`.
 */
export class SearchBox extends EventTarget {
  /** @type {Suggestion[]} */
  #suggestions = [];
  #active = -1;
  #isStale = false;

  /** @param {HTMLElement} host @param {string} label @param {string} placeholder */
  constructor(host, label, placeholder) {
    super();
    const id = `search-list-${++boxes}`;
    this.input = element("input", {
      type: "text",
      class: "search-input",
      role: "combobox",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      enterkeyhint: "search",
      placeholder,
      "aria-label": label,
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": id,
      "aria-describedby": `${id}-state`,
      oninput: () => this.#write(),
      onclick: () => this.dispatchEvent(new Event("written")),
      onkeydown: (event) => this.#press(event),
      onblur: () => this.close(),
    });
    this.clearing = element(
      "button",
      { type: "button", class: "tool search-clear", "aria-label": "No filter", title: "No filter", hidden: true },
      "×",
    );
    this.clearing.addEventListener("click", () => this.dispatchEvent(new Event("cleared")));
    this.list = element("div", { class: "search-list", role: "listbox", id, "aria-label": "Suggestions", hidden: true });
    this.state = element("p", { class: "search-state", id: `${id}-state`, role: "status" });
    // a press would take the focus from the box, which closes the list before it is a click
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    host.replaceChildren(this.input, this.clearing, this.list, this.state);
  }

  get text() {
    return this.input.value;
  }

  /** @param {string} text */
  set text(text) {
    this.input.value = text;
    this.clearing.hidden = !text;
  }

  get cursor() {
    return this.input.selectionStart ?? this.text.length;
  }

  get open() {
    return !this.list.hidden;
  }

  /** What may be written. @param {Suggestion[]} suggestions */
  suggest(suggestions) {
    this.#suggestions = suggestions;
    this.#active = -1;
    this.#isStale = false;
    const kinds = [...new Set(suggestions.map(({ kind }) => kind))];
    // shown by kind: the order of the keys is that of the eyes
    this.#suggestions = kinds.flatMap((kind) => suggestions.filter((each) => each.kind === kind));
    let at = 0;
    this.list.replaceChildren(
      ...kinds.map((kind) =>
        element(
          "div",
          { role: "group", "aria-label": KINDS[kind] ?? kind },
          element("div", { class: "search-kind", "aria-hidden": "true" }, KINDS[kind] ?? kind),
          ...this.#suggestions.filter((each) => each.kind === kind).map((each) => this.#option(each, at++)),
        ),
      ),
    );
    this.list.hidden = !suggestions.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.suggest([]);
  }

  /** Say what the text does, below it. @param {string} text @param {boolean} [isProblem] */
  say(text, isProblem = false) {
    this.state.textContent = text;
    this.state.toggleAttribute("data-problem", isProblem);
    this.input.setAttribute("aria-invalid", String(isProblem));
  }

  /** Mark the characters that are to blame, so that typing takes their place. @param {number} start @param {number} end */
  blame(start, end) {
    this.input.focus();
    this.input.setSelectionRange(start, end);
  }

  /** Write a suggestion in place of what it completes. @param {Suggestion} suggestion @param {number} end */
  write({ text, start }, end) {
    const goesOn = /[(:]$/.test(text) ? "" : " ";
    const rest = this.text.slice(end);
    this.text = `${this.text.slice(0, start)}${text}${goesOn}${rest.trimStart()}`;
    const cursor = start + text.length + goesOn.length;
    this.input.setSelectionRange(cursor, cursor);
  }

  /** @param {Suggestion} suggestion @param {number} at */
  #option(suggestion, at) {
    const option = element(
      "div",
      { class: "search-option", role: "option", id: `${this.list.id}-${at}`, "aria-selected": "false" },
      element("bdi", {}, suggestion.label),
      element("span", { class: "quiet" }, suggestion.note),
    );
    option.addEventListener("click", () => this.#choose(suggestion));
    return option;
  }

  /** @param {Suggestion} suggestion */
  #choose(suggestion) {
    if (this.#isStale) return;
    this.dispatchEvent(new CustomEvent("chosen", { detail: { suggestion } }));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.isComposing) return;
    const acts = /** @type {Record<string, () => void>} */ ({
      ArrowDown: () => (this.open ? this.#move(1) : this.dispatchEvent(new Event("written"))),
      ArrowUp: () => this.#move(-1),
      Enter: () => this.#enter(),
      Escape: () => this.#leave(),
    });
    if (event.key === "Tab" && this.#active >= 0) this.#choose(this.#suggestions[this.#active]);
    else if (acts[event.key]) acts[event.key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** What is suggested completes another text, until there are other suggestions. */
  #write() {
    this.#isStale = true;
    this.clearing.hidden = !this.text;
    this.#activate(-1);
    this.dispatchEvent(new Event("written"));
  }

  #leave() {
    if (this.open) this.close();
    else this.input.blur();
    this.dispatchEvent(new Event("left"));
  }

  #enter() {
    if (this.#active >= 0) this.#choose(this.#suggestions[this.#active]);
    else this.dispatchEvent(new Event("entered"));
  }

  /** @param {number} step */
  #move(step) {
    const n = this.#suggestions.length;
    if (!n || this.#isStale) return;
    // beyond either end lies the text itself
    this.#activate(((this.#active + 1 + step + n + 1) % (n + 1)) - 1);
  }

  /** @param {number} active */
  #activate(active) {
    this.#active = active;
    const options = this.list.querySelectorAll(".search-option");
    for (const [at, option] of options.entries()) option.setAttribute("aria-selected", String(at === this.#active));
    const option = options[active];
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }
}
