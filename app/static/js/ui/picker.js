// A button that opens a list with search: ARIA combobox over a listbox.

import { element } from "../lib/dom.js";
import { OptionList } from "./option-list.js";

/** @typedef {{ value: string, label: string, detail?: string }} Option */
/** @typedef {{ title: string, options: Option[] }} Group */

const SEARCH_FROM = 8;
const EDGE_PX = 8;
let made = 0;

export class Picker {
  #id = `picker-${++made}`;
  /** @type {Group[]} */
  #groups = [];
  #value = "";
  #list = new OptionList(`${this.#id}-list`, (value) => this.#take(value));

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
    const label = groups.flatMap(({ options }) => options).find((option) => option.value === value)?.label ?? "…";
    this.button.textContent = label;
    this.button.setAttribute("aria-label", `${this.name}: ${label}`);
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
    this.#active();
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
    this.#active();
  }

  /** @param {boolean} open */
  #toggled(open) {
    this.button.setAttribute("aria-expanded", String(open));
  }

  /** Under the button, or over it, inside the window. */
  #place() {
    const { left, top, bottom } = this.button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.popup;
    const over = bottom + height + EDGE_PX > innerHeight && top > innerHeight - bottom;
    const room = over ? top - 2 * EDGE_PX : innerHeight - bottom - 2 * EDGE_PX;
    this.popup.style.maxHeight = `${room}px`;
    this.popup.style.left = `${Math.max(EDGE_PX, Math.min(left, innerWidth - width - EDGE_PX))}px`;
    this.popup.style.top = over ? `${Math.max(EDGE_PX, top - Math.min(height, room) - 4)}px` : `${bottom + 4}px`;
  }
}
