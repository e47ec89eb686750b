// Texts that have to fit. Pure: how wide a text is, who asks knows.

/** @import {Measure, TextStyle} from "../types/picture" */

const ELLIPSIS = "…";

/**
 * As much of a text as fits, with an ellipsis where something is left out.
 * @param {string} text @param {number} width @param {TextStyle} style @param {Measure} measure
 */
export function cut(text, width, style, measure) {
  if (measure(text, style) <= width) return text;
  const letters = [...text];
  return `${letters
    .slice(0, fitting(letters, width, style, measure, ELLIPSIS))
    .join("")
    .trimEnd()}${ELLIPSIS}`;
}

/**
 * A text in lines. What is too much for them is left out, with an ellipsis.
 * @param {string} text @param {number} width @param {TextStyle} style @param {Measure} measure @param {number} most lines
 */
export function wrapped(text, width, style, measure, most) {
  /** @type {string[]} */
  const lines = [];
  let rest = text;
  while (rest && lines.length < most - 1) {
    const line = first(rest, width, style, measure);
    lines.push(line.trimEnd());
    rest = rest.slice(line.length).trimStart();
  }
  return rest ? [...lines, cut(rest, width, style, measure)] : lines;
}

/**
 * The beginning of a text that fits into a line: whole words, or a part of a word that is longer than a line.
 * @param {string} text @param {number} width @param {TextStyle} style @param {Measure} measure
 */
function first(text, width, style, measure) {
  const words = text.match(/\S+\s*/g) ?? [];
  const n = fitting(words, width, style, measure, "");
  if (n) return words.slice(0, n).join("");
  const letters = [...(words[0] ?? text)];
  return letters.slice(0, Math.max(1, fitting(letters, width, style, measure, ""))).join("");
}

/**
 * How many parts fit: looked for by halves, since a text may have ten thousand letters.
 * @param {string[]} parts @param {number} width @param {TextStyle} style @param {Measure} measure @param {string} end
 */
function fitting(parts, width, style, measure, end) {
  const fits = (/** @type {number} */ n) => measure(parts.slice(0, n).join("").trimEnd() + end, style) <= width;
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
