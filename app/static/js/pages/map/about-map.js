// "What is this map?": a button at the sentence that tells it.

/** @import {MapPage} from "./map-page.js" */

import { element } from "../../lib/dom.js";
import { about } from "../../state/about.js";

const NAME = "What is this map?";

export class AboutMap {
  /** Ends what only the open text has. */
  #closing = new AbortController();
  #text = element("dl", { class: "about-map", popover: "auto", "aria-label": NAME });

  /** @param {HTMLElement} host the sentence @param {HTMLElement} layer where the text is @param {MapPage} page */
  constructor(host, layer, page) {
    const button = element("button", { class: "about-button", type: "button", "aria-label": NAME, title: NAME }, "?");
    button.popoverTargetElement = this.#text;
    this.#text.addEventListener("beforetoggle", () => this.#show(page, host));
    this.#text.addEventListener("toggle", (event) => this.#bind(page, /** @type {ToggleEvent} */ (event).newState === "open"));
    host.append(" ", button);
    layer.append(this.#text);
    page.context.signal.addEventListener("abort", () => this.#closing.abort(), { once: true });
  }

  /**
   * The page has uses of its own for Escape, which would keep the browser from closing.
   * @param {MapPage} page @param {boolean} isOpen
   */
  #bind(page, isOpen) {
    this.#closing.abort();
    if (!isOpen) return;
    this.#closing = new AbortController();
    const run = () => this.#text.hidePopover();
    page.context.keys.add([{ keys: ["Escape"], shown: "esc", does: "close what the map is", run }], this.#closing.signal);
  }

  /** @param {MapPage} page @param {HTMLElement} host */
  #show({ collection, shown }, host) {
    const parts = about(collection, shown);
    this.#text.replaceChildren(...parts.flatMap(({ term, text }) => [element("dt", {}, term), element("dd", {}, text)]));
    this.#text.style.top = `${host.getBoundingClientRect().bottom}px`;
  }
}
