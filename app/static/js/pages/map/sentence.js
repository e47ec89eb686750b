// One sentence is the control panel, the title and the caption.

/** @import {Collection} from "../../types/api" */
/** @import {View} from "../../state/view-schema.js" */
/** @import {MapPage} from "./map-page.js" */

import { element } from "../../lib/dom.js";
import { isolated } from "../../lib/format.js";
import { chosen } from "../../state/choices.js";
import { colourName } from "../../state/colours.js";
import { ViewPicker } from "./view-picker.js";

export class Sentence {
  #pickers;
  /** Of which tracks: leads to the search box. */
  #of = element("button", { type: "button", class: "sentence-of" });

  /** @param {HTMLElement} host @param {HTMLElement} layer where the lists are @param {MapPage} page */
  constructor(host, layer, page) {
    const keys = /** @type {const} */ (["granularity", "network", "layer", "projection", "colour"]);
    this.#pickers = keys.map((key) => new ViewPicker(key, layer, (patch) => page.change(patch)));
    const [granularity, network, space, projection, colour] = this.#pickers;
    this.#of.addEventListener("click", () => page.search.focus());
    host.replaceChildren(
      ...["Show ", granularity.button, " of ", this.#of, " in "],
      ...[network.button, " ", space.button, " as ", projection.button, ", coloured by "],
      element("span", { class: "keep" }, colour.button, "."),
    );
  }

  /** @param {Collection} collection @param {View} view */
  show(collection, view) {
    for (const picker of this.#pickers) picker.show(collection, view);
    this.#of.textContent = view.filter ? "what matches" : "all tracks";
    this.#of.title = view.filter ? isolated(view.filter) : "Filter (/)";
  }

  /** The sentence without its pickers. @param {Collection} collection @param {View} view */
  static text(collection, view) {
    const { network, projection } = chosen(collection, view);
    const granularity = view.granularity === "segments" ? "" : `, ${view.granularity}`;
    return `${projection.title} of ${network.title} ${view.layer}${granularity}, coloured by ${colourName(collection, view)}`;
  }
}
