// A button that opens a list with search: ARIA combobox over a listbox.

import { element } from "../lib/dom.js";
import { isolated } from "../lib/format.js";
import { OptionList } from "./option-list.js";

/**
 * @typedef {object} Option
 * @property {string} value
 * @property {string} label
 * @property {string} [detail] beside the label in the list
 * @property {string} [said] on the button in place of the label
 */
/** @typedef {{ title: string, options: Option[] }} Group */

const SEARCH_FROM = 8;
const EDGE_PX = 8;
const GAP_PX = 4;
/** The search and three options. */
const LEAST_ROOM_PX = 150;
let made = 0;

export class Picker {
  #id = `picker-${++made}`;
  /** @type {Group[]} */
  #groups = [];
  #value = "";
  #list = new OptionList(
    `${this.#id}-list`,
    (value) => this.#take(value),
    () => this.#active(),
  );
  #whileOpen = new AbortController();

  /**
   * @param {object} wanted
   * @param {string} wanted.name what is chosen, for those who do not see the sentence
   * @param {(value: string) => void} wanted.onChange
   * @param {HTMLElement} wanted.host where the list is, which opens over everything
   * @param {string} [wanted.class]
   */
  constructor({ name, onChange, host, class: extra = "" }) {
    this.name = name;
    this.onChange = onChange;
    this.button = element("button", {
      type: "button",
      class: `picker ${extra}`,
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      onclick: () => this.open(),
    });
    this.button.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        event.stopPropagation();
        this.open();
      }
    });
    this.input = element("input", {
      type: "text",
      role: "combobox",
      class: "picker-search",
      placeholder: "Type to search",
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": name,
      "aria-autocomplete": "list",
      "aria-expanded": "true",
      "aria-controls": this.#list.element.id,
      oninput: () => this.#filter(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    });
    this.popup = element("div", { class: "picker-popup", popover: "auto" }, this.input, this.#list.element);
    this.popup.addEventListener("beforetoggle", (event) => this.#toggled(/** @type {ToggleEvent} */ (event).newState === "open"));
    host.append(this.popup);
  }

  /** @param {Group[]} groups @param {string} value the one that is chosen */
  set(groups, value) {
    this.#groups = groups;
    this.#value = value;
    const chosen = groups.flatMap(({ options }) => options).find((option) => option.value === value);
    const label = chosen?.said ?? chosen?.label ?? "…";
    this.button.replaceChildren(element("bdi", {}, label));
    this.button.setAttribute("aria-label", `${this.name}: ${isolated(label)}`);
  }

  open() {
    this.input.value = "";
    const n_options = this.#groups.reduce((sum, { options }) => sum + options.length, 0);
    this.input.classList.toggle("visually-hidden", n_options < SEARCH_FROM);
    this.#filter();
    this.popup.showPopover();
    this.#place();
    this.#list.reveal();
    this.input.focus();
  }

  close() {
    this.popup.hidePopover();
    this.button.focus();
  }

  #filter() {
    this.#list.show(this.#groups, this.input.value, this.#value);
  }

  #active() {
    const active = this.#list.activeId;
    if (active) this.input.setAttribute("aria-activedescendant", active);
    else this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {string} value */
  #take(value) {
    this.close();
    if (value !== this.#value) this.onChange(value);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };
    event.stopPropagation();
    if (event.key in steps) this.#list.move(steps[/** @type {keyof typeof steps} */ (event.key)]);
    else if (event.key === "Enter") this.#list.take();
    else if (event.key === "Escape") this.close();
    else if (event.key === "Tab") return this.popup.hidePopover();
    else return;
    event.preventDefault();
  }

  /** @param {boolean} open */
  #toggled(open) {
    this.button.setAttribute("aria-expanded", String(open));
    this.#whileOpen.abort();
    if (!open) return;
    this.#whileOpen = new AbortController();
    const { signal } = this.#whileOpen;
    const stay = () => {
      this.#place();
      this.#list.reveal();
    };
    addEventListener("resize", stay, { signal });
    document.addEventListener("scroll", stay, { signal });
  }

  /** Under the button, or over it, inside the window; a list that has room for nothing covers the button. */
  #place() {
    const { left, top, bottom } = this.button.getBoundingClientRect();
    const { style } = this.popup;
    style.maxHeight = "";
    const { offsetWidth: width, offsetHeight: height } = this.popup;
    const below = innerHeight - bottom - GAP_PX - EDGE_PX;
    const above = top - GAP_PX - EDGE_PX;
    const over = height > below && above > below;
    const least = Math.min(height, LEAST_ROOM_PX, innerHeight - 2 * EDGE_PX);
    style.maxHeight = `${Math.max(over ? above : below, least)}px`;
    style.left = `${Math.max(EDGE_PX, Math.min(left, innerWidth - width - EDGE_PX))}px`;
    // from the edge that stays beside the button while the list grows and shrinks
    style.top = over ? "auto" : `${Math.max(EDGE_PX, Math.min(bottom + GAP_PX, innerHeight - least - EDGE_PX))}px`;
    style.bottom = over ? `${Math.max(EDGE_PX, Math.min(innerHeight - top + GAP_PX, innerHeight - least - EDGE_PX))}px` : "auto";
  }
}
