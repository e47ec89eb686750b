// Rings around the points that are pointed at and that play. Elements, not pixels: crisp at every density, coloured by the style
// sheet.

/** @import {PointMap} from "./point-map.js" */

import { element } from "../lib/dom.js";

/** @typedef {"hovered" | "playing"} MarkName */
/** @typedef {{ ring: HTMLElement, row: number | null, place: [number, number] | null }} Mark `place` in data units */

export class Marks {
  /** @type {Record<MarkName, Mark>} */
  #marks;

  /** @param {HTMLElement} host lies exactly over the points @param {PointMap} map */
  constructor(host, map) {
    this.map = map;
    /** @param {MarkName} name @returns {Mark} */
    const make = (name) => ({ ring: element("div", { class: `ring ring-${name}`, hidden: true }), row: null, place: null });
    this.#marks = { playing: make("playing"), hovered: make("hovered") };
    for (const { ring } of Object.values(this.#marks)) host.append(ring);
  }

  /** @param {MarkName} name @param {number | null} row */
  set(name, row) {
    this.#marks[name].row = row;
    this.find();
  }

  /** Look the rows up among the points, which are others now. Moving the view need not: it only draws where they are. */
  find() {
    for (const mark of Object.values(this.#marks)) mark.place = mark.row === null ? null : this.map.placeOf(mark.row);
    this.update();
  }

  /** Follow the view. */
  update() {
    for (const { ring, place } of Object.values(this.#marks)) {
      ring.hidden = !place;
      if (!place) continue;
      const [x, y] = this.map.toPixels(place);
      ring.style.transform = `translate(${x}px, ${y}px)`;
    }
  }
}
