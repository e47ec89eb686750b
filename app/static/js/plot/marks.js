// Rings around the points that are pointed at and that play. Elements, not pixels: crisp at every density, coloured by the style sheet.

import { element } from "../lib/dom.js";

/** @typedef {"hovered" | "playing"} MarkName */

export class Marks {
  /** @type {Record<MarkName, { ring: HTMLElement, place: [number, number] | null }>} */
  #marks;

  /** @param {HTMLElement} host lies exactly over the points @param {import("./point-map.js").PointMap} map */
  constructor(host, map) {
    this.host = host;
    this.map = map;
    const make = (/** @type {MarkName} */ name) => ({
      ring: element("div", { class: `ring ring-${name}`, hidden: true }),
      place: null,
    });
    this.#marks = { playing: make("playing"), hovered: make("hovered") };
    for (const { ring } of Object.values(this.#marks)) host.append(ring);
  }

  /** @param {MarkName} name @param {[number, number] | null} place in data units */
  set(name, place) {
    this.#marks[name].place = place;
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
