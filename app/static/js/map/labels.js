// Words over a map: buttons that keep to their places. They are measured and placed once for a map and a frame; moving the view
// only moves them.

/** @import {Box} from "../types/api" */
/** @import {Candidate, Interval} from "./label-placement.js" */
/** @import {Edges, Size} from "./viewport.js" */

import { element } from "../lib/dom.js";
import { inOrder, intervals, isSeen } from "./label-placement.js";
import { letThrough } from "./let-through.js";
import { size } from "./viewport.js";

/**
 * @typedef {object} Label
 * @property {number} x data units
 * @property {number} y
 * @property {number} level 0 for the outermost regions
 * @property {number | null} parent where in the list the region around it is
 * @property {number} weight of several on one level the larger comes first
 * @property {string} text
 * @property {number | null} track whose name it is; null for words
 * @property {string} name for those who hear it
 */

/** A frame so narrow has few labels, and large ones. */
const NARROW_PX = 600;
const SECOND_LEVEL = { wide: 1.4, narrow: 2.4 };
/** Zooms of one axis and of the other may differ; another ratio than so much needs other intervals. */
const SAME_RATIO = 0.02;
const SAME_SCALE = 1e-7;

/**
 * @typedef {object} Placed
 * @property {HTMLButtonElement} button
 * @property {Candidate} candidate
 * @property {Interval} interval
 * @property {[number, number]} at CSS pixels of the frame, when the view was last zoomed
 * @property {boolean} isShown at this zoom
 */

/** Dispatches `chosen` with `{ index, button }` of the label that was pressed. */
export class Labels extends EventTarget {
  /** @type {Placed[]} */
  #placed = [];
  /** @type {Box} what shows the whole map */
  #whole = [0, 1, 0, 1];
  #unit = { x: 0, y: 0 };
  /** Since the last zoom. @type {{ view: Box, frame: Size } | null} */
  #zoomed = null;
  #ratio = 0;

  /** @param {HTMLElement} host lies exactly over the points @param {() => Edges[]} obstacles */
  constructor(host, obstacles) {
    super();
    this.obstacles = obstacles;
    this.layer = element("div", { class: "labels", role: "group", "aria-label": "Regions of the map" });
    host.append(this.layer);
    letThrough(this.layer);
  }

  /** @param {Label[]} labels parents before their children @param {Box} whole what shows the whole map */
  set(labels, whole) {
    const candidates = labels.map((label) => ({ ...label, width: 0, height: 0 }));
    this.#whole = whole;
    this.#placed = candidates.map((candidate, index) => ({
      button: this.#button(labels[index], index),
      candidate,
      interval: /** @type {Interval} */ ([0, 0]),
      at: /** @type {[number, number]} */ ([0, 0]),
      isShown: false,
    }));
    // the keyboard comes to the large ones first
    this.layer.replaceChildren(...inOrder(candidates).map((i) => this.#placed[i].button));
    this.#measure();
    this.#zoomed = null;
    this.#ratio = 0;
  }

  /** What shows the whole map is another: the frame is. @param {Box} whole */
  reframe(whole) {
    this.#whole = whole;
    this.#measure();
    this.#zoomed = null;
    this.#ratio = 0;
  }

  /** Let words step back. @param {(index: number) => boolean} isFaded */
  fade(isFaded) {
    for (const [index, { button }] of this.#placed.entries()) button.toggleAttribute("data-faded", isFaded(index));
  }

  clear() {
    this.#placed = [];
    this.layer.replaceChildren();
  }

  /** Follow the view. @param {Box} view @param {Size} frame */
  update(view, frame) {
    if (!this.#placed.length || this.layer.hidden) return;
    const before = this.#zoomed;
    if (before && isSameScale(view, frame, before)) {
      const x = (before.view[0] - view[0]) * this.#unit.x;
      const y = (view[3] - before.view[3]) * this.#unit.y;
      this.layer.style.transform = `translate(${x}px, ${y}px)`;
      this.#clip(frame, [x, y]);
    } else this.#zoom(view, frame);
  }

  /** What lies over the map is elsewhere. @param {Box} view @param {Size} frame */
  uncover(view, frame) {
    this.#edges = this.obstacles();
    this.update(view, frame);
  }

  /**
   * The words that are seen, also those that something lies over, for whoever draws them elsewhere.
   * @param {Box} view @param {Size} frame
   */
  seen(view, frame) {
    if (this.layer.hidden) return [];
    const places = this.#placed.map(({ button, candidate, isShown }) => {
      const at = [(candidate.x - view[0]) * this.#unit.x, (view[3] - candidate.y) * this.#unit.y];
      return { button, x: at[0], y: at[1], width: candidate.width, height: candidate.height, isShown };
    });
    return places.filter((each) => each.isShown && isInside(each, frame));
  }

  /** @type {Edges[]} */
  #edges = [];

  /** @param {Box} view @param {Size} frame */
  #zoom(view, frame) {
    const [seen, whole] = [size(view), size(this.#whole)];
    const zoom = whole.width / seen.width;
    const ratio = whole.height / seen.height / zoom;
    if (!(Math.abs(ratio / this.#ratio - 1) < SAME_RATIO)) this.#place(frame, ratio);
    this.#unit = { x: frame.width / seen.width, y: frame.height / seen.height };
    this.#zoomed = { view, frame };
    this.layer.style.transform = "";
    for (const each of this.#placed) {
      each.isShown = isSeen(each.interval, zoom);
      if (!each.isShown) continue;
      const { x, y } = each.candidate;
      each.at = [(x - view[0]) * this.#unit.x, (view[3] - y) * this.#unit.y];
      each.button.style.transform = `translate(${each.at[0]}px, ${each.at[1]}px) translate(-50%, -50%)`;
    }
    this.#clip(frame, [0, 0]);
  }

  /** @param {Size} frame @param {number} ratio of the zoom up to that across */
  #place(frame, ratio) {
    const whole = size(this.#whole);
    const second = frame.width < NARROW_PX ? SECOND_LEVEL.narrow : SECOND_LEVEL.wide;
    const candidates = this.#placed.map(({ candidate }) => candidate);
    /** @type {[number, number]} */
    const unit = [frame.width / whole.width, (ratio * frame.height) / whole.height];
    const found = intervals(candidates, unit, second, [frame.width, frame.height]);
    for (const [i, interval] of found.entries()) this.#placed[i].interval = interval;
    this.#ratio = ratio;
  }

  /**
   * Only what is in the frame, and under nothing that lies over the map, can be seen and reached.
   * @param {Size} frame @param {[number, number]} moved since the last zoom
   */
  #clip(frame, [dx, dy]) {
    for (const { button, candidate, at, isShown } of this.#placed) {
      const [x, y] = [at[0] + dx, at[1] + dy];
      const [halfX, halfY] = [candidate.width / 2, candidate.height / 2];
      const isIn = isShown && isInside({ x, y, width: candidate.width, height: candidate.height }, frame);
      const isFree =
        isIn &&
        !this.#edges.some(
          ({ left, right, top, bottom }) => x + halfX > left && x - halfX < right && y + halfY > top && y - halfY < bottom,
        );
      if (button.hasAttribute("data-shown") === isFree) continue;
      if (!isFree && button === document.activeElement) this.#giveFocus();
      button.toggleAttribute("data-shown", isFree);
    }
  }

  /** What is hidden loses the focus: the map takes it, so that keys go on from there. */
  #giveFocus() {
    /** @type {HTMLElement | null} */ (this.layer.closest(".stage"))?.focus({ preventScroll: true });
  }

  #measure() {
    for (const { button, candidate } of this.#placed) {
      candidate.width = button.offsetWidth;
      candidate.height = button.offsetHeight;
    }
  }

  /** @param {Label} label @param {number} index */
  #button({ text, level, track, name }, index) {
    const button = element(
      "button",
      {
        type: "button",
        class: "map-label",
        dir: "auto",
        "data-level": Math.min(level, 2),
        "data-track": track !== null,
        "aria-label": name,
        "aria-haspopup": "dialog",
      },
      text,
    );
    button.addEventListener("click", () => this.dispatchEvent(new CustomEvent("chosen", { detail: { index, button } })));
    return button;
  }
}

/**
 * Cut off at the edge they would be words that nobody can read.
 * @param {Size & { x: number, y: number }} label @param {Size} frame
 */
function isInside({ x, y, width, height }, frame) {
  return x >= width / 2 && x <= frame.width - width / 2 && y >= height / 2 && y <= frame.height - height / 2;
}

/** @param {Box} view @param {Size} frame @param {{ view: Box, frame: Size }} before */
function isSameScale(view, frame, before) {
  const [now, then] = [size(view), size(before.view)];
  const isSame = (/** @type {number} */ a, /** @type {number} */ b) => Math.abs(a / b - 1) < SAME_SCALE;
  const isSameFrame = frame.width === before.frame.width && frame.height === before.frame.height;
  return isSameFrame && isSame(now.width, then.width) && isSame(now.height, then.height);
}
