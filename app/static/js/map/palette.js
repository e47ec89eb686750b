// Colours of activations: viridis, which colour-blind people and grey prints keep in order.

/** @typedef {[number, number, number]} Rgb */

/** Sixteen evenly spaced stops of the map. */
const STOPS = "440154 481a6c 472f7d 414487 39568c 31688e 2a788e 23888e 1f988b 22a884 35b779 54c568 7ad151 a5db36 d2e21b fde725"
  .split(" ")
  .map(rgb);
const LEVELS = 255;

/** The map's colour at 0 to 1. @param {number} level @returns {Rgb} */
export function viridis(level) {
  const at = Math.min(Math.max(level, 0), 1) * (STOPS.length - 1);
  const low = Math.min(Math.floor(at), STOPS.length - 2);
  return /** @type {Rgb} */ (STOPS[low].map((from, i) => Math.round(from + (at - low) * (STOPS[low + 1][i] - from))));
}

/**
 * 256 RGBA entries: levels 0-254, and the colour of points without a value at 255.
 * @param {(level: number) => Rgb} colour @param {Rgb} without
 */
export function texture(colour, without) {
  const bytes = new Uint8Array(4 * (LEVELS + 1));
  for (let level = 0; level < LEVELS; level++) bytes.set([...colour(level / (LEVELS - 1)), 255], 4 * level);
  bytes.set([...without, 255], 4 * LEVELS);
  return bytes;
}

/** A gradient for CSS, from low to high. @param {(level: number) => Rgb} colour */
export function gradient(colour) {
  const stops = Array.from({ length: 16 }, (_, i) => `rgb(${colour(i / 15).join(" ")})`);
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** @param {string} hex six digits, with or without a hash @returns {Rgb} */
export function rgb(hex) {
  const number = Number.parseInt(hex.replace("#", ""), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
