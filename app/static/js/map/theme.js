// Colours of the drawing, from the style sheet's tokens, in light and dark.

/** @import {Colour} from "../types/api" */
/** @import {Rgb} from "./palette.js" */

import { levelColour, ramp, rgb, texture } from "./palette.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
/** What the legend leaves out is still there. */
const DIMMED = 0.08;

/** @param {() => void} action @param {AbortSignal} [signal] */
export function onThemeChange(action, signal) {
  dark.addEventListener("change", action, { signal });
}

export function scheme() {
  return dark.matches ? "dark" : "light";
}

/** The colour of an activation, from 0 to 1 of its scale. @param {number} share @returns {Rgb} */
export function activationColour(share) {
  return ramp(share, scheme());
}

/**
 * @param {Colour | null} colour what the levels of points mean; null where they have none
 * @param {(level: number) => boolean} isKept
 */
export function pointPalette(colour, isKept) {
  const single = rgb(token("--point"));
  return texture(
    (level) => (colour ? levelColour(colour, level, scheme()) : single),
    rgb(withoutColour()),
    (level) => (isKept(level) ? 1 : DIMMED),
  );
}

/** What joins points. @returns {Rgb} */
export function lineColour() {
  return rgb(token("--thread"));
}

/** @returns {import("./figure.js").FigureColours} */
export function figureColours() {
  return { text: token("--text-quiet"), line: token("--line-strong"), grid: token("--line") };
}

/** What pictures of the map are drawn with. @returns {import("../types/picture").PictureColours} */
export function pictureColours() {
  return {
    page: token("--page"),
    raised: token("--raised"),
    text: token("--text"),
    quiet: token("--text-quiet"),
    line: token("--line"),
    lineStrong: token("--line-strong"),
    playing: token("--ring-playing"),
  };
}

/** What points without a value are coloured with. */
export function withoutColour() {
  return token("--point-without");
}

/** @param {string} name of a token that is six hexadecimal digits */
function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
