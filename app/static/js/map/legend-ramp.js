// The ramp of numbers: their histogram over it, handles for the part that is kept, and what some of the levels stand for.

/** @import {Colour} from "../types/api" */
/** @typedef {(kept: string | null) => void} Keep */

import { outline } from "../lib/bars.js";
import { element } from "../lib/dom.js";
import { measured } from "../lib/format.js";
import { svg } from "../lib/svg.js";
import { RangeSlider } from "../ui/range-slider.js";
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
const SLIDER = {
  top: TOP,
  least: 0,
  step: 2,
  page: 25,
  names: { low: "Lowest kept", high: "Highest kept" },
  title: "Drag the handles to dim the rest; double click to keep all",
};

export class LegendRamp {
  #all = svg("path", { class: "legend-all" });
  #seen = svg("path", { class: "legend-seen" });
  #slider;

  /** @param {Colour} colour @param {string | null} kept @param {Keep} dim @param {Keep} keep */
  constructor(colour, kept, dim, keep) {
    this.colour = colour;
    const bar = element("div", { class: "legend-bar" });
    bar.style.background = gradient((share) => levelColour(colour, share * TOP, scheme()));
    const ticks = colour.marks.map(() => element("i", { class: "legend-tick" }));
    this.#slider = new RangeSlider(
      {
        ...SLIDER,
        moving: (range) => dim(writtenRange(range)),
        moved: (range) => keep(writtenRange(range)),
        say: (_, level) => this.#said(level),
      },
      svg("svg", HISTOGRAM, this.#all, this.#seen),
      bar,
      ...ticks,
    );
    for (const [i, { level }] of colour.marks.entries()) this.#slider.place(ticks[i], level);
    this.element = element("div", { class: "legend-ramp" }, this.#slider.element, marks(colour));
    this.kept = kept;
  }

  /** @param {string | null} kept */
  set kept(kept) {
    this.#slider.range = rangeOf(kept);
  }

  /** @param {Uint32Array} all @param {Uint32Array} seen */
  count(all, seen) {
    for (const [path, counts] of /** @type {const} */ ([
      [this.#all, all],
      [this.#seen, seen],
    ])) {
      const bins = binned(counts);
      path.setAttribute("d", outline(bins, Math.max(...bins), HEIGHT));
    }
  }

  /** @param {number} level */
  #said(level) {
    const { values, unit, marks } = this.colour;
    const value = level === TOP ? (marks.at(-1)?.value ?? 0) : (values[level] ?? 0);
    return { text: measured(value, unit), colour: css(levelColour(this.colour, level, scheme())) };
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

/** @param {Uint32Array} counts of levels */
export function binned(counts) {
  const bins = new Array(BINS).fill(0);
  for (let level = 0; level < LEVELS; level++) bins[Math.floor(level / PER_BIN)] += counts[level];
  return bins;
}
