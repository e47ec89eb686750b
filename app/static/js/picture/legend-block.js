// The legend as a block of items: a ramp with its histogram and its numbers, or words with their counts.

/** @import {Item, LegendFacts, Measure, PictureColours, Size} from "../types/picture" */

import { cut, wrapped } from "./text.js";

export const LEGEND_WIDTH = 232;
const TITLE = { size: 14, weight: 600 };
const PLAIN = { size: 13 };
const SMALL = { size: 12 };
const LINE = 18;
const WORD_LINE = 21;
const HISTOGRAM = 24;
const BAR = 10;
const TICK = 10;
/** For a number under the ramp. */
const MARK_PX = 46;
const MOST_TITLE_LINES = 3;
const MOST_NOTE_LINES = 4;
/** Between columns of words. */
const GAP = 24;

/**
 * @param {LegendFacts} legend @param {PictureColours} colours @param {Measure} measure
 * @param {number} width @param {number} columns of words @param {number} air around it
 * @returns {Size & { items: Item[] }}
 */
export function legendBlock(legend, colours, measure, width, columns, air) {
  const inner = width - 2 * air;
  /** @type {Item[]} */
  const items = [];
  let y = air;
  const say = (/** @type {string} */ text, /** @type {typeof TITLE | typeof PLAIN} */ style, fill = colours.text, left = air) => {
    items.push({ kind: "text", text, x: left, y: y + style.size - 1, fill, ...style });
    y += LINE;
  };
  for (const line of wrapped(legend.title, inner, TITLE, measure, MOST_TITLE_LINES)) say(line, TITLE);
  if (legend.about) for (const line of wrapped(legend.about, inner, PLAIN, measure, 2)) say(line, PLAIN, colours.quiet);
  y += 4;
  if (legend.ramp) {
    items.push(...ramp(legend.ramp, colours, air, y, inner));
    y += HISTOGRAM + BAR + TICK + 32;
  }
  const { length: n } = legend.words;
  const lines = Math.ceil(n / columns);
  const column = (inner - (columns - 1) * GAP) / columns;
  for (const [i, each] of legend.words.entries()) {
    const [left, top] = [air + Math.floor(i / lines) * (column + GAP), y + (i % lines) * WORD_LINE];
    items.push(...word(each, colours, measure, left, top, column));
  }
  y += lines * WORD_LINE;
  for (const note of legend.notes)
    for (const line of wrapped(note, inner, PLAIN, measure, MOST_NOTE_LINES)) say(line, PLAIN, colours.quiet);
  if (legend.without) {
    items.push({ kind: "disc", x: air + 6, y: y + 8, r: 4.5, fill: legend.without.colour });
    for (const line of wrapped(legend.without.text, inner - 20, PLAIN, measure, 2)) say(line, PLAIN, colours.quiet, air + 20);
  }
  return { width, height: y + air, items };
}

/**
 * @param {NonNullable<LegendFacts["ramp"]>} ramp @param {PictureColours} colours
 * @param {number} x @param {number} y @param {number} inner
 * @returns {Item[]}
 */
function ramp({ colours: stops, marks, all, seen, low, high }, colours, x, y, inner) {
  const bar = y + HISTOGRAM;
  const foot = bar + BAR + TICK;
  /** @type {Item[]} */
  const items = [
    { kind: "path", d: outline(all, x, y, inner), fill: colours.lineStrong, fillOpacity: 0.55 },
    { kind: "path", d: outline(seen, x, y, inner), fill: colours.quiet, fillOpacity: 0.75 },
    { kind: "ramp", x: x, y: bar, width: inner, height: BAR, colours: stops },
  ];
  for (const [from, to] of [
    [0, low],
    [high, 1],
  ])
    if (to > from) {
      const shade = { x: x + from * inner, y, width: (to - from) * inner, height: HISTOGRAM + BAR };
      items.push({ kind: "rectangle", ...shade, fill: colours.raised, opacity: 0.8 });
    }
  const places = apart(
    marks.map(({ at }) => at * inner),
    inner,
  );
  for (const [i, { at, name, text }] of marks.entries()) {
    const middle = x + places[i];
    items.push({ kind: "path", d: `M${x + at * inner} ${bar + BAR}v2L${middle} ${foot}`, stroke: colours.quiet, strokeWidth: 1 });
    items.push({ kind: "text", text: name, x: middle, y: foot + 12, fill: colours.quiet, align: "middle", ...SMALL });
    items.push({ kind: "text", text, x: middle, y: foot + 27, fill: colours.text, align: "middle", ...SMALL });
  }
  return items;
}

/**
 * Places of texts under their marks, or as near as they have room: those of high ranks lie almost on each other.
 * @param {number[]} places rising @param {number} width
 */
export function apart(places, width) {
  const step = Math.min(MARK_PX, width / places.length);
  const moved = [...places];
  for (let i = moved.length - 1; i >= 0; i--) {
    const limit = i === moved.length - 1 ? width - step / 2 : moved[i + 1] - step;
    moved[i] = Math.min(moved[i], limit);
  }
  for (let i = 0; i < moved.length; i++) moved[i] = Math.max(moved[i], i ? moved[i - 1] + step : step / 2);
  return moved;
}

/** @param {number[]} bins @param {number} x @param {number} y @param {number} width */
function outline(bins, x, y, width) {
  const most = Math.max(...bins, 1);
  const step = width / bins.length;
  const at = (/** @type {number} */ value) => String(Math.round(value * 100) / 100);
  const steps = bins.map((n, i) => `V${at(y + HISTOGRAM * (1 - n / most))}H${at(x + (i + 1) * step)}`);
  return `M${at(x)} ${at(y + HISTOGRAM)}${steps.join("")}V${at(y + HISTOGRAM)}Z`;
}

/**
 * @param {LegendFacts["words"][number]} word @param {PictureColours} colours @param {Measure} measure
 * @param {number} x @param {number} y @param {number} width
 * @returns {Item[]}
 */
function word({ label, colour, count, isKept }, colours, measure, x, y, width) {
  const fill = isKept ? colours.text : colours.quiet;
  const room = width - 20 - 8 - measure(count, PLAIN);
  const base = y + 14;
  return [
    isKept
      ? { kind: "disc", x: x + 6, y: y + 9.5, r: 6, fill: colour }
      : { kind: "disc", x: x + 6, y: y + 9.5, r: 5, stroke: colour, strokeWidth: 2 },
    { kind: "text", text: cut(label, room, PLAIN, measure), x: x + 20, y: base, fill, isStruck: !isKept, ...PLAIN },
    { kind: "text", text: count, x: x + width, y: base, fill: colours.quiet, align: "end", ...PLAIN },
  ];
}
