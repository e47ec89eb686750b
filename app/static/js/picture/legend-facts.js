// What a picture's legend says: that of the map, without its controls.

/** @import {Colour} from "../types/api" */
/** @import {LegendFacts} from "../types/picture" */

import { count, isolated, measured } from "../lib/format.js";
import { rangeOf, wordsOf } from "../map/kept.js";
import { WEAK } from "../map/legend.js";
import { binned, markName } from "../map/legend-ramp.js";
import { category, css, LEVELS, levelColour } from "../map/palette.js";

/** @typedef {import("../map/palette.js").Scheme} Scheme */

const TOP = LEVELS - 1;
const STOPS = 16;
const SCALES = { rank: "by rank in the whole collection", value: "evenly by value", shown: "by rank among what is shown" };

/**
 * @param {Colour | null} colour @param {string} title @param {string | null} kept what the legend keeps
 * @param {{ all: Uint32Array, seen: Uint32Array }} counts points of each level
 * @param {{ text: string, colour: string }} without how many have no value
 * @param {Scheme} scheme
 * @returns {LegendFacts | null}
 */
export function legendFacts(colour, title, kept, { all, seen }, without, scheme) {
  if (!colour) return null;
  const words = wordsOf(kept);
  return {
    title: isolated(title),
    about: about(colour),
    words: colour.categories.map(({ word, colour: place, n }) => ({
      label: word === null ? "all others" : isolated(word),
      colour: css(category(place, 1, scheme)),
      count: count(n),
      isKept: !words || words.has(word),
    })),
    ramp: colour.kind === "word" ? null : ramp(colour, kept, all, seen, scheme),
    notes: colour.weak ? [WEAK] : [],
    without: without.text ? without : null,
  };
}

/** @param {Colour} colour */
function about({ name, kind, unit, scale }) {
  if (kind === "word") return name.startsWith("top/") ? "paler where it is weaker" : "";
  return `${unit === "activation" ? "activation, " : ""}${SCALES[scale]}`;
}

/** @param {Colour} colour @param {string | null} kept @param {Uint32Array} all @param {Uint32Array} seen @param {Scheme} scheme */
function ramp(colour, kept, all, seen, scheme) {
  const { low, high } = rangeOf(kept);
  return {
    colours: Array.from({ length: STOPS }, (_, i) => css(levelColour(colour, (i / (STOPS - 1)) * TOP, scheme))),
    marks: colour.marks.map(({ percent, value, level }) => {
      return { at: level / TOP, name: markName(percent), text: measured(value, colour.unit) };
    }),
    all: binned(all),
    seen: binned(seen),
    low: low / TOP,
    high: high / TOP,
  };
}
