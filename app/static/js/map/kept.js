// What the legend keeps: a part of the ramp, or some words. All other points are dimmed. Pure functions of what the server says of
// a colour and of what the address says of the legend.

/** @import {Colour} from "../types/api" */

import { LEVELS } from "./palette.js";

const TOP = LEVELS - 1;
const DIGITS = 3;
/** Stands for all words without a colour of their own; a word that is spelt so is escaped. */
const OTHERS = "*";

/** @typedef {{ low: number, high: number }} Range levels, both kept */

/** The part of the ramp that is kept. @param {string | null} kept @returns {Range} */
export function rangeOf(kept) {
  const [low, high] = (kept ?? "").split("..").map(Number.parseFloat);
  if (!(low >= 0 && low <= high && high <= 1)) return { low: 0, high: TOP };
  return { low: Math.round(low * TOP), high: Math.round(high * TOP) };
}

/** As the address says it; null where all is kept. @param {Range} range @returns {string | null} */
export function writtenRange({ low, high }) {
  if (low <= 0 && high >= TOP) return null;
  return `${share(low)}..${share(high)}`;
}

/** The words that are kept, null for all others together; null where all are. @param {string | null} kept */
export function wordsOf(kept) {
  if (kept === null) return null;
  const parts = [...kept.matchAll(/(?:\\.|[^|\\])+/g)].map(([part]) => part);
  return new Set(parts.map((part) => (part === OTHERS ? null : part.replace(/\\(.)/g, "$1"))));
}

/** @param {Set<string | null> | null} words @returns {string | null} */
export function writtenWords(words) {
  if (words === null) return null;
  const escaped = (/** @type {string} */ word) => word.replace(/[|\\*]/g, "\\$&");
  return [...words].map((word) => (word === null ? OTHERS : escaped(word))).join("|");
}

/**
 * The words that are kept once one of them is clicked: it is dropped, or kept again. Where none would be left, or none is missing,
 * all are kept.
 * @param {(string | null)[]} every on the legend @param {Set<string | null> | null} kept @param {string | null} word
 */
export function toggled(every, kept, word) {
  const next = new Set(kept ?? every);
  if (!next.delete(word)) next.add(word);
  const shown = every.filter((each) => next.has(each));
  return shown.length === 0 || shown.length === every.length ? null : new Set(shown);
}

/** Only one word, or all where it was the only one. @param {Set<string | null> | null} kept @param {string | null} word */
export function alone(kept, word) {
  return kept?.size === 1 && kept.has(word) ? null : new Set([word]);
}

/**
 * Whether a level is kept. A point without a value is not part of what somebody chose.
 * @param {Colour | null} colour @param {string | null} kept
 * @returns {(level: number) => boolean}
 */
export function keeping(colour, kept) {
  if (!colour || kept === null) return () => true;
  if (colour.kind === "word") {
    const words = wordsOf(kept);
    const colours = new Set(colour.categories.filter(({ word }) => words?.has(word)).map((each) => each.colour));
    return (level) => level < LEVELS && colours.has(Math.floor(level / colour.steps));
  }
  const { low, high } = rangeOf(kept);
  return (level) => level >= low && level <= high;
}

/** @param {number} level */
function share(level) {
  return String(Number((level / TOP).toFixed(DIGITS)));
}
