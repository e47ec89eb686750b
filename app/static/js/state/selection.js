// The text of a selection: how parts are written and put together. The server reads it and writes it in one way only.

/** @import {Box} from "../types/api" */

/** How what is selected next joins what is selected. @typedef {"new" | "plus" | "minus" | "and"} Joint */
/** Where an area lies. @typedef {{ network: string, layer: string, projection: string, x: number, y: number }} Place */

/** A longer text is stored by the server, and a short one stands for it: addresses have to pass through everything. */
export const LONGEST = 1200;
export const MOST_VERTICES = 200;

const SIGNIFICANT_DIGITS = 7;

/** @param {Place} place @param {[number, number][]} vertices in data units */
export function polygon(place, vertices) {
  return area("polygon", place, vertices.flat());
}

/** @param {Place} place @param {Box} box in data units */
export function box(place, box) {
  return area("box", place, box);
}

/** @param {number} track */
export function ofTrack(track) {
  return `track:${track}`;
}

/** Every track of the artist of a track. @param {number} track */
export function ofArtistOf(track) {
  return `artist-of:${track}`;
}

/** @param {Place} place @param {number} region its number @param {string} made names the regions that it is one of */
export function ofRegion({ network, layer, projection, x, y }, region, made) {
  return `region:${network}/${layer}/${projection}/${x}/${y}/${region}/${made}`;
}

/** What a filter keeps. @param {string} filter */
export function ofFilter(filter) {
  return `filter:"${filter.replace(/["\\]/g, "\\$&")}"`;
}

/** @param {string} network @param {number} track @param {number} index of the segment in its track */
export function segment(network, track, index) {
  return `segments:${network}/${track}.${index}`;
}

/**
 * What is selected when a term joins; null where that is nothing.
 * @param {string | null} selected @param {Joint} joint @param {string} term
 */
export function joined(selected, joint, term) {
  if (joint === "new") return term;
  if (selected === null) return joint === "plus" ? term : null;
  return `${selected} ${joint} ${term}`;
}

/** Everything else. @param {string} selected */
export function inverted(selected) {
  const inner = selected.startsWith("not ") ? selected.slice(4) : null;
  if (inner === null) return isOneTerm(selected) ? `not ${selected}` : `not (${selected})`;
  if (isOneTerm(inner)) return inner;
  return isOneBracket(inner) ? inner.slice(1, -1) : `not (${selected})`;
}

/**
 * A drawn line with fewer vertices: those that lie within `tolerance` of the line without them are left out (Ramer, Douglas and
 * Peucker), and more are, until few enough are left.
 * @param {[number, number][]} line in CSS pixels @param {number} tolerance
 * @returns {[number, number][]}
 */
export function simplified(line, tolerance) {
  const isWanted = isKept(line, tolerance);
  const kept = line.filter((_, i) => isWanted[i]);
  return kept.length > MOST_VERTICES ? simplified(line, tolerance * 2) : kept;
}

/** @param {[number, number][]} line @param {number} tolerance */
function isKept(line, tolerance) {
  const kept = new Array(line.length).fill(false);
  const open = [[0, line.length - 1]];
  kept[0] = kept[line.length - 1] = true;
  for (let part = open.pop(); part; part = open.pop()) {
    const [first, last] = part;
    let [farthest, at] = [tolerance, -1];
    for (let i = first + 1; i < last; i++) {
      const distance = fromLine(line[i], line[first], line[last]);
      if (distance > farthest) [farthest, at] = [distance, i];
    }
    if (at < 0) continue;
    kept[at] = true;
    open.push([first, at], [at, last]);
  }
  return kept;
}

/** @param {[number, number]} point @param {[number, number]} from @param {[number, number]} to */
function fromLine([x, y], [x0, y0], [x1, y1]) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (!length) return Math.hypot(x - x0, y - y0);
  const share = Math.min(1, Math.max(0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length ** 2));
  return Math.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0));
}

/** @param {string} text */
function isOneTerm(text) {
  return !unquoted(text).includes(" ");
}

/** Without the filters in it, whose brackets and spaces are their own. @param {string} text */
function unquoted(text) {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
}

/** Whether a text is one bracket from its first to its last character. @param {string} text */
function isOneBracket(text) {
  if (!text.startsWith("(") || !text.endsWith(")")) return false;
  let depth = 0;
  const bare = unquoted(text);
  return [...bare].every((each, i) => {
    depth += each === "(" ? 1 : each === ")" ? -1 : 0;
    return depth > 0 || i === bare.length - 1;
  });
}

/** @param {"polygon" | "box"} shape @param {Place} place @param {number[]} numbers */
function area(shape, { network, layer, projection, x, y }, numbers) {
  const written = numbers.map((value) => String(Number(value.toPrecision(SIGNIFICANT_DIGITS))));
  return `${shape}:${network}/${layer}/${projection}/${x}/${y}/${written.join("_")}`;
}
