// An arrow on the edge of the map towards the point that plays, while that is outside the view. It is a button that goes there.

/** @import {Edges, Size} from "./viewport.js" */

import { element } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { encloses } from "./viewport.js";

/** Between the middle of the arrow and what it stays clear of. */
const CLEARANCE_PX = 29;
const NAME = "The playing segment is outside the view: go there";

export class EdgeArrow {
  /**
   * @param {HTMLElement} host lies exactly over the points @param {HTMLElement} home has the focus once the arrow is gone
   * @param {() => void} go
   */
  constructor(host, home, go) {
    this.home = home;
    const attributes = { type: "button", class: "edge-arrow", "aria-label": NAME, title: NAME, hidden: true, onclick: go };
    this.button = element("button", attributes, icon("arrow"));
    host.append(this.button);
  }

  /**
   * @param {[number, number] | null} place of the point, in CSS pixels of the frame
   * @param {Size} frame @param {() => Edges[]} obstacles
   */
  show(place, frame, obstacles) {
    const { width, height } = frame;
    const isOutside = place !== null && !encloses({ left: 0, right: width, top: 0, bottom: height }, ...place);
    if (!isOutside && document.activeElement === this.button) this.home.focus({ preventScroll: true });
    this.button.hidden = !isOutside;
    if (!isOutside) return;
    const { at, angle } = towards(place, frame, obstacles());
    this.button.style.transform = `translate(${at[0]}px, ${at[1]}px) rotate(${angle}rad)`;
  }
}

/**
 * Where the way from the middle of the frame to a place outside leaves what is free: at the frame's edge, or before what lies over
 * the map.
 * @param {[number, number]} place @param {Size} frame @param {Edges[]} obstacles
 * @returns {{ at: [number, number], angle: number }} in radians, clockwise from the right
 */
export function towards([x, y], { width, height }, obstacles) {
  const middle = [width / 2, height / 2];
  const way = [x - middle[0], y - middle[1]];
  const toEdge = middle.map((half, i) => (way[i] === 0 ? Infinity : Math.max(0, half - CLEARANCE_PX) / Math.abs(way[i])));
  const share = Math.min(...toEdge, ...obstacles.map((obstacle) => reached(obstacle, middle, way)));
  return { at: [middle[0] + share * way[0], middle[1] + share * way[1]], angle: Math.atan2(way[1], way[0]) };
}

/**
 * The share of a way after which it comes to an obstacle; Infinity where it does not, or begins in it.
 * @param {Edges} obstacle @param {number[]} start @param {number[]} way
 */
function reached({ left, right, top, bottom }, start, way) {
  const spans = [
    [left - CLEARANCE_PX, right + CLEARANCE_PX],
    [top - CLEARANCE_PX, bottom + CLEARANCE_PX],
  ];
  let [enters, leaves] = [-Infinity, Infinity];
  for (const [i, [low, high]] of spans.entries()) {
    if (way[i] === 0 && (start[i] <= low || start[i] >= high)) return Infinity;
    if (way[i] === 0) continue;
    const [first, last] = [(low - start[i]) / way[i], (high - start[i]) / way[i]].sort((a, b) => a - b);
    [enters, leaves] = [Math.max(enters, first), Math.min(leaves, last)];
  }
  return enters < leaves && enters > 0 ? enters : Infinity;
}
