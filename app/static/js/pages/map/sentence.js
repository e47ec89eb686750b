// One sentence is the control panel, the title and the caption.

/** @import {Collection} from "../../types/api" */
/** @import {View} from "../../state/view-schema.js" */
/** @import {MapPage} from "./map-page.js" */

import { element } from "../../lib/dom.js";
import { chosen, colourName } from "../../state/choices.js";
import { ViewPicker } from "./view-picker.js";

export class Sentence {
  #pickers;

  /** @param {HTMLElement} host @param {HTMLElement} layer where the lists are @param {MapPage} page */
  constructor(host, layer, page) {
    const [network, space, projection, colour] = /** @type {const} */ (["network", "layer", "projection", "colour"]).map(
      (key) => new ViewPicker(key, layer, (patch) => page.change(patch)),
    );
    this.#pickers = [network, space, projection, colour];
    host.replaceChildren(
      "Show segments of all tracks in ",
      ...[network.button, " ", space.button, " as ", projection.button, ", coloured by "],
      element("span", { class: "keep" }, colour.button, "."),
    );
  }

  /** @param {Collection} collection @param {View} view */
  show(collection, view) {
    for (const picker of this.#pickers) picker.show(collection, view);
  }

  /** The sentence without its pickers. @param {Collection} collection @param {View} view */
  static text(collection, view) {
    const { network, projection } = chosen(collection, view);
    return `${projection.title} of ${network.title} ${view.layer}, coloured by ${colourName(collection, view)}`;
  }
}
