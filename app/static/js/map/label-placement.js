// At which zooms the label of each region is seen, so that none overlaps another at any place: pure functions of numbers.
//
// After Been, Daiches and Yap, "Dynamic map labeling" (2006): a label keeps its size while the map is zoomed, so two of them
// overlap up to some zoom and never again. Each gets one interval of zooms, chosen greedily once for the whole map. Nothing is
// decided while one looks: a label appears at most once and disappears at most once on the way in, and panning changes nothing.

/**
 * @typedef {object} Candidate
 * @property {number} x data units
 * @property {number} y
 * @property {number} level 0 for the outermost regions
 * @property {number | null} parent where in the list the region around it is
 * @property {number} weight of several on one level the larger comes first
 * @property {string} text
 * @property {number | null} track whose name it is
 * @property {number} width CSS pixels
 * @property {number} height
 */

/**
 * From which zoom, and up to which, without it, a label is seen; never where they are equal.
 * @typedef {[number, number]} Interval
 */

/** Of a level from that of the one above it: cut into four, a region is half as long. */
const ZOOM_PER_LEVEL = 2;
/** Between two labels, in CSS pixels. */
const GAP_PX = 6;
/** A coarser label leaves when those two levels below it have come. */
const LEVELS_TOGETHER = 2;

/**
 * @param {Candidate[]} candidates parents before their children
 * @param {[number, number]} unitPx how long a data unit is across and up at zoom 1, which shows the whole map
 * @param {number} second the zoom from which the second level is seen
 * @param {[number, number]} framePx
 * @returns {Interval[]}
 */
export function intervals(candidates, unitPx, second, framePx) {
  const children = candidates.map(() => Infinity);
  for (const { parent, level } of candidates) if (parent !== null) children[parent] = Math.min(children[parent], level);
  const begins = (/** @type {number} */ level) => (level === 0 ? 0 : second * ZOOM_PER_LEVEL ** (level - 1));
  /** @type {Interval[]} */
  const found = candidates.map(() => [0, 0]);
  /** @type {number[]} */
  const placed = [];
  for (const i of inOrder(candidates)) {
    const own = candidates[i];
    const end = begins(children[i] + LEVELS_TOGETHER - 1);
    const repeated = own.parent !== null && candidates[own.parent].text === own.text ? found[own.parent][1] : 0;
    let start = Math.max(begins(own.level), repeated);
    for (const j of placed) {
      const [from, until] = found[j];
      const other = candidates[j];
      // neighbours that are one track are named once: the name comes again where the other is out of the frame
      const isRepeated = own.track !== null && own.track === other.track;
      const free = isRepeated ? zoomBeyond(own, other, unitPx, framePx) : zoomApart(own, other, unitPx);
      const apart = Math.min(until, free);
      if (from < Math.min(end, apart)) start = Math.max(start, apart);
    }
    if (start >= end) continue;
    found[i] = [start, end];
    placed.push(i);
  }
  return found;
}

/** The zoom from which two labels do not overlap. @param {Candidate} a @param {Candidate} b @param {[number, number]} unitPx */
export function zoomApart(a, b, [unitX, unitY]) {
  const across = (a.width + b.width) / 2 + GAP_PX;
  const up = (a.height + b.height) / 2 + GAP_PX;
  return Math.min(across / (Math.abs(a.x - b.x) * unitX), up / (Math.abs(a.y - b.y) * unitY));
}

/**
 * The zoom from which two places are never in one frame.
 * @param {Candidate} a @param {Candidate} b @param {[number, number]} unitPx @param {[number, number]} framePx
 */
function zoomBeyond(a, b, [unitX, unitY], [width, height]) {
  return Math.min(width / (Math.abs(a.x - b.x) * unitX), height / (Math.abs(a.y - b.y) * unitY));
}

/** Coarse ones first, of one level the larger ones. @param {Candidate[]} candidates */
export function inOrder(candidates) {
  const numbers = candidates.map((_, i) => i);
  return numbers.sort((a, b) => candidates[a].level - candidates[b].level || candidates[b].weight - candidates[a].weight);
}

/** Whether a label is seen at a zoom. @param {Interval} interval @param {number} zoom */
export function isSeen([from, until], zoom) {
  return zoom >= from && zoom < until;
}
