// Rings around the points that are pointed at and that play. Elements, not pixels: crisp at every density, coloured by the style
// sheet.

/** @import {PointMap} from "./point-map.js" */

import { element } from "../lib/dom.js";

/** @typedef {"hovered" | "playing"} MarkName */
/**
 * `place` in data units; `learnt`: where a row lies that has no point
 * @typedef {object} Mark
 * @property {HTMLElement} ring
 * @property {number | null} row
 * @property {[number, number] | null} place
 * @property {{ row: number | null, place: [number, number] } | null} learnt
 */

export class Marks {
  /** @type {Record<MarkName, Mark>} */
  #marks;

  /** @param {HTMLElement} host lies exactly over the points @param {PointMap} map */
  constructor(host, map) {
    this.map = map;
    /** @param {MarkName} name @returns {Mark} */
    const make = (name) => ({
      ring: element("div", { class: `ring ring-${name}`, hidden: true }),
      row: null,
      place: null,
      learnt: null,
    });
    this.#marks = { playing: make("playing"), hovered: make("hovered") };
    for (const { ring } of Object.values(this.#marks)) host.append(ring);
  }

  /** @param {MarkName} name @param {number | null} row */
  set(name, row) {
    this.#marks[name].row = row;
    this.find();
  }

  /** Where a mark's row lies, whose point is not drawn. @param {MarkName} name @param {[number, number]} place in data units */
  learn(name, place) {
    const mark = this.#marks[name];
    mark.learnt = { row: mark.row, place };
    this.find();
  }

  /** Where a mark is in CSS pixels, in view or not; null where it is nowhere. @param {MarkName} name */
  at(name) {
    const { place } = this.#marks[name];
    return place && this.map.toPixels(place);
  }

  /** @param {MarkName} name @returns {[number, number] | null} in data units */
  placeOf(name) {
    return this.#marks[name].place;
  }

  /** Look the rows up among the points, which are others now. Moving the view need not: it only draws where they are. */
  find() {
    for (const mark of Object.values(this.#marks)) mark.place = mark.row === null ? null : this.#find(mark.row, mark.learnt);
    this.update();
  }

  /** What was learnt of another row, or of another map, is forgotten. */
  forget() {
    for (const mark of Object.values(this.#marks)) mark.learnt = null;
    this.find();
  }

  /** @param {number} row @param {Mark["learnt"]} learnt @returns {[number, number] | null} */
  #find(row, learnt) {
    return this.map.placeOf(row) ?? (learnt?.row === row ? learnt.place : null);
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
