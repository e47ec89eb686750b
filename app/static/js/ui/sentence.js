// One sentence is the control panel, the title and the caption.

/** @import {Collection} from "../types/api" */
/** @import {View} from "../types/view" */

import { element } from "../lib/dom.js";
import { chosen, labels, networks, partsOf } from "../state/choices.js";
import { Picker } from "./picker.js";

const NO_COLOUR = "";
const LAYERS = { embeddings: "what the network hears", activations: "what the network calls it" };

export class Sentence {
  /** @param {HTMLElement} host @param {(patch: Partial<View>) => void} change */
  constructor(host, change) {
    this.network = new Picker({ name: "Network", onChange: (network) => change({ network }) });
    this.layer = new Picker({ name: "Layer", onChange: (layer) => change({ layer }) });
    this.projection = new Picker({ name: "Projection", onChange: (projection) => change({ projection }) });
    this.colour = new Picker({ name: "Colour", onChange: (colour) => change({ colour: colour === NO_COLOUR ? null : colour }) });
    host.replaceChildren(
      "Show segments of all tracks in ",
      ...[this.network.button, " ", this.layer.button, " as ", this.projection.button, ", "],
      element("span", { class: "keep" }, "coloured by ", this.colour.button, "."),
    );
  }

  /** @param {Collection} collection @param {View} view */
  show(collection, view) {
    const { network, space } = chosen(collection, view);
    const spaces = network.spaces.filter((each) => each.n_segments > 0);
    const option = (/** @type {{ name: string, title: string }} */ { name, title }) => ({ value: name, label: title });
    this.network.set([{ title: "", options: networks(collection).map(option) }], view.network);
    this.layer.set(
      [{ title: "", options: spaces.map(({ layer }) => ({ value: layer, label: layer, detail: LAYERS[layer] })) }],
      view.layer,
    );
    this.projection.set(
      [{ title: "", options: space.projections.map(({ method, title }) => ({ value: method, label: title })) }],
      view.projection,
    );
    this.colour.set(colourGroups(collection), view.colour ?? NO_COLOUR);
  }

  /** The sentence without its pickers. @param {Collection} collection @param {View} view */
  static text(collection, view) {
    const { network, projection } = chosen(collection, view);
    const colour = view.colour ? partsOf(view.colour).tag : "nothing";
    return `${projection.title} of ${network.title} ${view.layer}, coloured by ${colour}`;
  }
}

/** @param {Collection} collection @returns {import("./picker.js").Group[]} */
function colourGroups(collection) {
  const groups = networks(collection).map((network) => ({
    title: network.title,
    options: (labels(network) ?? []).map((label) => ({ value: `${network.name}/${label}`, label })),
  }));
  return [{ title: "", options: [{ value: NO_COLOUR, label: "nothing" }] }, ...groups];
}
