// Why a region is called as it is, and what can be done with it: a card beside its label.

/** @import {Region, RegionDetail, Word} from "../../types/api" */

import { element } from "../../lib/dom.js";
import { counted, isolated, percent } from "../../lib/format.js";

const GAP_PX = 8;
const STRONGEST = "Shares of segments that are among the strongest quarter of the collection.";

/**
 * @typedef {object} Why
 * @property {Region} region
 * @property {RegionDetail} detail
 * @property {Region} [parent] that its words set it apart from
 * @property {(label: string) => void} colour the map by a tag
 * @property {() => void} show all of it
 * @property {() => void} play what lies in its middle
 * @property {() => void} select all of it
 */

export class WhyCard {
  /** @type {HTMLElement | null} */
  #button = null;
  #closing = new AbortController();

  /** @param {HTMLElement} host is positioned, and holds the labels */
  constructor(host) {
    this.host = host;
    this.card = element("div", { class: "why-card", role: "dialog", "aria-labelledby": "why-title", tabindex: -1, hidden: true });
    host.append(this.card);
  }

  /** @param {HTMLElement} button that asked @param {Why} why */
  open(button, why) {
    this.close();
    this.#button = button;
    button.setAttribute("aria-expanded", "true");
    this.card.replaceChildren(...this.#content(why));
    this.card.hidden = false;
    this.#place(button);
    this.card.focus({ preventScroll: true });
    this.#closing = new AbortController();
    const { signal } = this.#closing;
    addEventListener("pointerdown", (event) => this.#outside(event), { capture: true, signal });
    this.card.addEventListener("keydown", (event) => this.#press(event), { signal });
    this.card.addEventListener("focusout", (event) => this.#left(event), { signal });
  }

  close() {
    if (!this.#button) return;
    this.#closing.abort();
    const hadFocus = this.card.contains(document.activeElement);
    this.card.hidden = true;
    this.#button.removeAttribute("aria-expanded");
    if (hadFocus) this.#button.focus({ preventScroll: true });
    this.#button = null;
  }

  /** @param {Why} why @returns {HTMLElement[]} */
  #content({ region, detail, parent, colour, show, play, select }) {
    const action = (/** @type {string} */ text, /** @type {() => void} */ run, /** @type {string} */ name) => {
      const onclick = () => {
        this.close();
        run();
      };
      return element("button", { type: "button", class: "plain-button", "data-action": name, onclick }, text);
    };
    const tags = region.words.slice(0, region.track ? 0 : 2);
    return [
      element("h2", { id: "why-title", dir: "auto" }, nameOf(region)),
      element(
        "p",
        { class: "quiet" },
        `${counted(detail.n_segments, "segment")} of ${counted(region.n_tracks, "track")}. ${reason(region, parent)}`,
      ),
      ...(detail.tags.length ? [table(detail.tags, new Set(tags.map(({ label }) => label)))] : []),
      element(
        "div",
        { class: "why-actions" },
        action("Play", play, "play"),
        action("Show", show, "show"),
        action("Select", select, "select"),
        ...tags.map(({ label }) => action(`Colour by ${isolated(label)}`, () => colour(label), "colour")),
      ),
    ];
  }

  /** Beside the label, where there is room. @param {HTMLElement} button */
  #place(button) {
    const [area, label] = [this.host, button].map((each) => each.getBoundingClientRect());
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const below = label.bottom - area.top + GAP_PX;
    const above = label.top - area.top - GAP_PX - height;
    const top = below + height <= area.height || above < 0 ? below : above;
    const left = label.left - area.left + (label.width - width) / 2;
    const fit = (/** @type {number} */ at, /** @type {number} */ most) => Math.max(GAP_PX, Math.min(at, most - GAP_PX));
    this.card.style.left = `${fit(left, area.width - width)}px`;
    this.card.style.top = `${fit(top, area.height - height)}px`;
  }

  /** @param {Event} event */
  #outside({ target }) {
    if (target instanceof Node && !this.card.contains(target)) this.close();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }

  /** @param {FocusEvent} event */
  #left({ relatedTarget }) {
    if (relatedTarget instanceof Node && !this.card.contains(relatedTarget)) this.close();
  }
}

/** What a region is called. @param {Region} region */
export function nameOf({ track, words }) {
  if (track)
    return [track.artist, track.title]
      .filter(Boolean)
      .map((name) => isolated(String(name)))
      .join(" – ");
  return words.map(({ label }) => isolated(label)).join(", ");
}

/** @param {Region} region @param {Region} [parent] */
function reason({ track, by_contrast }, parent) {
  if (track) return "Nearly all of them are of one track.";
  if (by_contrast && parent) return `Called by what sets it apart from “${nameOf(parent)}” around it.`;
  return "Called by what sets it apart from the whole collection.";
}

/** @param {readonly Word[]} tags @param {Set<string>} naming those that are its name */
function table(tags, naming) {
  const row = (/** @type {Word} */ { label, inside, outside }) =>
    element(
      "tr",
      { "data-naming": naming.has(label) },
      element("th", { scope: "row", dir: "auto" }, label),
      element("td", {}, bar(inside), percent(inside)),
      element("td", { class: "quiet" }, percent(outside)),
    );
  return element(
    "table",
    {},
    element("caption", { class: "quiet" }, STRONGEST),
    element(
      "thead",
      {},
      element("tr", {}, element("td", {}), element("th", { scope: "col" }, "here"), element("th", { scope: "col" }, "elsewhere")),
    ),
    element("tbody", {}, ...tags.map(row)),
  );
}

/** @param {number} share */
function bar(share) {
  const filled = element("span", { class: "why-bar", "aria-hidden": "true" });
  filled.style.setProperty("--share", String(share));
  return filled;
}
