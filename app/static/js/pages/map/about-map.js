// "What is this map?": a button at the sentence that tells it.

/** @import {MapPage} from "./map-page.js" */

import { element } from "../../lib/dom.js";
import { about } from "../../state/about.js";

const NAME = "What is this map?";

export class AboutMap {
  #text = element("dl", { class: "about-map", popover: "auto", "aria-label": NAME });

  /** @param {HTMLElement} host the sentence @param {HTMLElement} layer where the text is @param {MapPage} page */
  constructor(host, layer, page) {
    const button = element("button", { class: "about-button", type: "button", "aria-label": NAME, title: NAME }, "?");
    button.popoverTargetElement = this.#text;
    this.#text.addEventListener("beforetoggle", () => this.#show(page, host));
    host.append(" ", button);
    layer.append(this.#text);
  }

  /** @param {MapPage} page @param {HTMLElement} host */
  #show({ collection, shown }, host) {
    const parts = about(collection, shown);
    this.#text.replaceChildren(...parts.flatMap(({ term, text }) => [element("dt", {}, term), element("dd", {}, text)]));
    this.#text.style.top = `${host.getBoundingClientRect().bottom}px`;
  }
}
