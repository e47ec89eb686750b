// The ramp of numbers: their histogram over it, handles for the part that is kept, and what some of the levels stand for.

/** @import {Colour} from "../types/api" */
/** @typedef {(kept: string | null) => void} Keep */

import { element } from "../lib/dom.js";
import { measured } from "../lib/format.js";
import { svg } from "../lib/svg.js";
import { rangeOf, writtenRange } from "./kept.js";
import { css, gradient, levelColour, LEVELS } from "./palette.js";
import { scheme } from "./theme.js";

const TOP = LEVELS - 1;
const BINS = 51;
const PER_BIN = LEVELS / BINS;
const HEIGHT = 24;
const HISTOGRAM = {
  class: "legend-histogram",
  viewBox: `0 0 ${BINS} ${HEIGHT}`,
  preserveAspectRatio: "none",
  "aria-hidden": "true",
};
/** Levels that a key moves a handle by. */
const STEPS = { ArrowRight: 2, ArrowUp: 2, ArrowLeft: -2, ArrowDown: -2, PageUp: 25, PageDown: -25, Home: -TOP, End: TOP };

export class LegendRamp {
  /** @type {import("./kept.js").Range} */
  #range = { low: 0, high: TOP };
  #all = svg("path", { class: "legend-all" });
  #seen = svg("path", { class: "legend-seen" });
  #handles;

  /** @param {Colour} colour @param {string | null} kept @param {Keep} dim @param {Keep} keep */
  constructor(colour, kept, dim, keep) {
    this.colour = colour;
    this.dim = dim;
    this.keep = keep;
    const bar = element("div", { class: "legend-bar" });
    bar.style.background = gradient((share) => levelColour(colour, share * TOP, scheme()));
    const ticks = colour.marks.map(({ level }) => at(element("i", { class: "legend-tick" }), level));
    this.#handles = { low: this.#handle("low", "Lowest kept"), high: this.#handle("high", "Highest kept") };
    this.shades = { low: element("div", { class: "legend-shade" }), high: element("div", { class: "legend-shade" }) };
    this.track = element(
      "div",
      { class: "legend-track", title: "Drag the handles to dim the rest; double click to keep all" },
      svg("svg", HISTOGRAM, this.#all, this.#seen),
      bar,
      ...ticks,
      ...Object.values(this.shades),
      ...Object.values(this.#handles),
    );
    this.track.addEventListener("dblclick", () => this.#set({ low: 0, high: TOP }, true));
    this.element = element("div", { class: "legend-ramp" }, this.track, marks(colour));
    this.kept = kept;
  }

  /** @param {string | null} kept */
  set kept(kept) {
    this.#range = rangeOf(kept);
    this.#show();
  }

  /** @param {Uint32Array} all @param {Uint32Array} seen */
  count(all, seen) {
    this.#all.setAttribute("d", outline(binned(all)));
    this.#seen.setAttribute("d", outline(binned(seen)));
  }

  /** @param {"low" | "high"} end @param {string} name */
  #handle(end, name) {
    const attributes = { class: "legend-handle", role: "slider", tabindex: 0, "aria-label": name };
    const handle = element("div", { ...attributes, "aria-valuemin": 0, "aria-valuemax": TOP });
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.focus();
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (handle.hasPointerCapture(event.pointerId)) this.#move(end, this.#levelAt(event.clientX), false);
    });
    handle.addEventListener("lostpointercapture", () => this.keep(writtenRange(this.#range)));
    handle.addEventListener("keydown", (event) => {
      const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
      if (step === undefined) return;
      event.preventDefault();
      // the page's own keys move the map
      event.stopPropagation();
      this.#move(end, this.#range[end] + step, true);
    });
    return handle;
  }

  /** @param {number} x of the window */
  #levelAt(x) {
    const { left, width } = this.track.getBoundingClientRect();
    return Math.round(((x - left) / width) * TOP);
  }

  /** @param {"low" | "high"} end @param {number} level @param {boolean} lasting */
  #move(end, level, lasting) {
    const { low, high } = this.#range;
    const next = end === "low" ? { low: clamp(level, 0, high), high } : { low, high: clamp(level, low, TOP) };
    this.#set(next, lasting);
  }

  /** @param {import("./kept.js").Range} range @param {boolean} lasting */
  #set(range, lasting) {
    this.#range = range;
    this.#show();
    (lasting ? this.keep : this.dim)(writtenRange(range));
  }

  #show() {
    const { values, unit } = this.colour;
    for (const end of /** @type {const} */ (["low", "high"])) {
      const level = this.#range[end];
      const handle = at(this.#handles[end], level);
      handle.setAttribute("aria-valuenow", String(level));
      const value = level === TOP ? (this.colour.marks.at(-1)?.value ?? 0) : (values[level] ?? 0);
      handle.setAttribute("aria-valuetext", measured(value, unit));
      handle.title = measured(value, unit);
      handle.style.setProperty("--colour", css(levelColour(this.colour, level, scheme())));
    }
    this.shades.low.style.width = `${(100 * this.#range.low) / TOP}%`;
    this.shades.high.style.width = `${100 - (100 * this.#range.high) / TOP}%`;
  }
}

/** What some levels stand for. @param {Colour} colour */
function marks({ marks: all, unit }) {
  const cells = all.map(({ percent, value }) =>
    element("span", {}, element("span", { class: "quiet" }, `${markName(percent)} `), measured(value, unit)),
  );
  return element("div", { class: "legend-marks" }, ...cells);
}

/** @param {number} percent */
export function markName(percent) {
  return percent === 0 ? "min" : percent === 100 ? "max" : `p${percent}`;
}

/** @template {HTMLElement} T @param {T} node @param {number} level @returns {T} */
function at(node, level) {
  node.style.left = `${(100 * level) / TOP}%`;
  return node;
}

/** @param {Uint32Array} counts of levels */
export function binned(counts) {
  const bins = new Array(BINS).fill(0);
  for (let level = 0; level < LEVELS; level++) bins[Math.floor(level / PER_BIN)] += counts[level];
  return bins;
}

/** @param {number[]} bins */
function outline(bins) {
  const most = Math.max(...bins, 1);
  const steps = bins.map((n, i) => `V${(HEIGHT * (1 - n / most)).toFixed(2)}H${i + 1}`);
  return `M0 ${HEIGHT}${steps.join("")}V${HEIGHT}Z`;
}

/** @param {number} value @param {number} low @param {number} high */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
