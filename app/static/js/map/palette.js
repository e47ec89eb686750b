// Colours of levels, from pale where there is little to strong where there is much, against a light page and a dark one.
// Numbers by batlow, which colour-blind people and grey prints keep in order; docs/colours.md says why and how.

/** @import {Colour} from "../types/api" */
/** @typedef {[number, number, number]} Rgb */
/** @typedef {"light" | "dark"} Scheme */

import { BATLOW, BERLIN, VIK } from "./crameri.js";

/** Levels with a colour; one more stands for points without a value. */
export const LEVELS = 255;
/** What is left out at the pale end, which the page would swallow: 5 % of batlow on white, 17 % on dark. */
const CUT = { light: 0.05, dark: 0.17 };
const RAMPS = { light: stops(BATLOW).reverse(), dark: stops(BATLOW) };
const DIVERGING = { light: stops(VIK), dark: stops(BERLIN) };
/**
 * Words: far from each other and from both pages in CAM02-UCS, also as those see them who lack red or green cones (at least 25 and
 * 15), found by search over 3 000 colours of middle lightness. A word keeps its place in this list, so its order never changes.
 */
export const CATEGORIES = "78d2c3 960087 3c9600 c3b4ff 0f695a 4b87ff e1b400 f00078 962d1e b478a5 ff8778 7800e1".split(" ").map(rgb);
/** All other words. */
export const OTHERS = { light: rgb("a3a8b2"), dark: rgb("6d7481") };
/** What a colour fades to where it is faint. */
const FAINT = { light: rgb("e4e6ea"), dark: rgb("2b303a") };
/** The faintest still has so much of its colour. */
const LEAST_STRENGTH = 0.3;

/** The colour of a number, from 0 to 1 of its scale. @param {number} share @param {Scheme} scheme @returns {Rgb} */
export function ramp(share, scheme) {
  return between(RAMPS[scheme], CUT[scheme] + share * (1 - CUT[scheme]));
}

/** The colour of a difference: 0 and 1 are the far ends, .5 is none. @param {number} share @param {Scheme} scheme @returns {Rgb} */
export function diverging(share, scheme) {
  return between(DIVERGING[scheme], share);
}

/**
 * The colour of a word.
 * @param {number} colour its place in CATEGORIES; one beyond is all other words
 * @param {number} strength 0 to 1 @param {Scheme} scheme
 * @returns {Rgb}
 */
export function category(colour, strength, scheme) {
  const strong = CATEGORIES[colour] ?? OTHERS[scheme];
  return mixed(FAINT[scheme], strong, LEAST_STRENGTH + strength * (1 - LEAST_STRENGTH));
}

/**
 * The colour of a level, as the server's answer describes it.
 * @param {Colour} colour @param {number} level @param {Scheme} scheme
 */
export function levelColour({ kind, steps }, level, scheme) {
  if (kind === "word") return category(Math.floor(level / steps), (level % steps) / (steps - 1), scheme);
  return (kind === "difference" ? diverging : ramp)(level / (LEVELS - 1), scheme);
}

/**
 * 256 RGBA entries: levels 0-254, and the colour of points without a value at 255.
 * @param {(level: number) => Rgb} colour @param {Rgb} without @param {(level: number) => number} opacity 0 to 1
 */
export function texture(colour, without, opacity) {
  const bytes = new Uint8Array(4 * (LEVELS + 1));
  for (let level = 0; level <= LEVELS; level++)
    bytes.set([...(level < LEVELS ? colour(level) : without), Math.round(255 * opacity(level))], 4 * level);
  return bytes;
}

/** A gradient for CSS, from low to high. @param {(share: number) => Rgb} colour */
export function gradient(colour) {
  const stops = Array.from({ length: 16 }, (_, i) => css(colour(i / 15)));
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** @param {Rgb} colour */
export function css(colour) {
  return `rgb(${colour.join(" ")})`;
}

/** @param {string} hex six digits, with or without a hash @returns {Rgb} */
export function rgb(hex) {
  const number = Number.parseInt(hex.replace("#", ""), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** @param {string} text */
function stops(text) {
  return text.trim().split(/\s+/).map(rgb);
}

/** @param {Rgb[]} colours evenly spaced @param {number} share @returns {Rgb} */
function between(colours, share) {
  const at = Math.min(Math.max(share, 0), 1) * (colours.length - 1);
  const low = Math.min(Math.floor(at), colours.length - 2);
  return mixed(colours[low], colours[low + 1], at - low);
}

/** @param {Rgb} from @param {Rgb} to @param {number} share @returns {Rgb} */
function mixed(from, to, share) {
  return /** @type {Rgb} */ (from.map((value, i) => Math.round(value + share * (to[i] - value))));
}
