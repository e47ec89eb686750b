// Colours of the drawing, from the style sheet's tokens, in light and dark.

/** @import {Rgb} from "./palette.js" */

import { rgb, texture, viridis } from "./palette.js";

/** The brightest yellow vanishes on white, the darkest violet on black. */
const LEVELS = { light: { low: 0, high: 0.93 }, dark: { low: 0.12, high: 1 } };
const scheme = matchMedia("(prefers-color-scheme: dark)");

/** @param {() => void} action @param {AbortSignal} [signal] */
export function onThemeChange(action, signal) {
  scheme.addEventListener("change", action, { signal });
}

/** The colour of an activation, from 0 to 1 of the legend's scale. @param {number} level @returns {Rgb} */
export function activationColour(level) {
  const { low, high } = LEVELS[scheme.matches ? "dark" : "light"];
  return viridis(low + level * (high - low));
}

/** @param {boolean} coloured whether points have values */
export function pointPalette(coloured) {
  const single = rgb(token("--point"));
  return texture(coloured ? activationColour : () => single, rgb(token("--point-without")));
}

/** What joins points. @returns {Rgb} */
export function lineColour() {
  return rgb(token("--thread"));
}

/** @returns {import("./figure.js").FigureColours} */
export function figureColours() {
  return { text: token("--text-quiet"), line: token("--line-strong"), grid: token("--line") };
}

/** @param {string} name of a token that is six hexadecimal digits */
function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
