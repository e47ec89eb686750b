// What stands where in a picture of the map: the map with its axes, the legend, the caption. Pure: both writers read this alone.

/** @import {AxisFacts, GroupItem, Item, Layout, LegendFacts, MapFacts, Measure} from "../types/picture" */
/** @import {PictureColours, PictureFacts, Rectangle} from "../types/picture" */

import { LEGEND_WIDTH, legendBlock } from "./legend-block.js";
import { cut, wrapped } from "./text.js";

const MARGIN = 24;
const AIR = 12;
const GAP = 16;
const TICK_PX = 6;
const TICK_TEXT = { size: 12 };
const NAME = { size: 13, weight: 600 };
const TITLE = { size: 16, weight: 600 };
const LINE = { size: 13 };
const SOURCE = { size: 12 };
const MOST_LINES = 6;
/** A narrower map has its legend below. */
const BESIDE_PX = 560;
/** Words below a map stand in columns of at least this. */
const COLUMN_PX = 190;
/** From the middle of a text to the line that its letters stand on, as a share of their size. */
const HALF = 0.35;
/** The widths of elements are whole numbers. */
const ROUNDING_PX = 1;

/** @param {PictureFacts} facts @param {Measure} measure @returns {Layout} */
export function layout({ map, legend, caption, colours }, measure) {
  const { frame } = map;
  const axisRoom = map.axes ? { left: roomLeft(map.axes.y, measure), bottom: 44 } : { left: 0, bottom: 0 };
  const [left, top] = [MARGIN + axisRoom.left, MARGIN];
  const placed = legend && placeLegend(legend, map, colours, measure, axisRoom.left);
  const isBeside = placed?.place === "beside";
  const inner = axisRoom.left + frame.width + (isBeside ? GAP + LEGEND_WIDTH : 0);
  const items = [...axes(map, colours, measure, left, top), mapGroup(map, colours, measure, left, top)];
  let y = top + frame.height + axisRoom.bottom;
  if (placed) {
    const at = { beside: [left + frame.width + GAP, top], below: [MARGIN, y + GAP], over: [left + placed.x, top + placed.y] };
    const [x0, y0] = at[placed.place];
    items.push({ kind: "group", name: "legend", x: x0, y: y0, items: placed.items });
    if (placed.place === "below") y += GAP + placed.height;
    if (isBeside) y = Math.max(y, top + placed.height);
  }
  const said = captionItems(caption, colours, measure, inner);
  items.push({ kind: "group", name: "caption", x: MARGIN, y: y + GAP, items: said.items });
  return {
    width: Math.ceil(inner + 2 * MARGIN),
    height: Math.ceil(y + GAP + said.height + MARGIN),
    background: colours.page,
    title: caption.title,
    description: [...caption.lines, caption.source].join(" "),
    items,
  };
}

/**
 * @param {MapFacts} map @param {PictureColours} colours @param {Measure} measure @param {number} x @param {number} y
 * @returns {GroupItem}
 */
function mapGroup({ frame, axes: named, labels, drawings, ring }, colours, measure, x, y) {
  /** @type {Item[]} */
  const items = [];
  for (const { at } of named?.x.ticks ?? [])
    items.push({ kind: "path", d: `M${half(at)} 0V${frame.height}`, stroke: colours.line, strokeWidth: 1 });
  for (const { at } of named?.y.ticks ?? [])
    items.push({ kind: "path", d: `M0 ${half(at)}H${frame.width}`, stroke: colours.line, strokeWidth: 1 });
  items.push({ kind: "points", x: 0, y: 0, ...frame }, ...drawings);
  if (ring)
    items.push(
      { kind: "disc", ...ring, r: 12.5, stroke: colours.page, strokeWidth: 1 },
      { kind: "disc", ...ring, r: 10.5, stroke: colours.playing, strokeWidth: 3 },
    );
  /** @type {Item[]} */
  const words = labels.map(({ text, x: across, y: down, width, ...label }) => ({
    ...{ kind: "text", ...label, text: cut(text, width + ROUNDING_PX, label, measure) },
    ...{ x: across, y: down + HALF * label.size, align: "middle", fill: colours.text, halo: colours.page },
  }));
  if (words.length) items.push({ kind: "group", name: "labels", x: 0, y: 0, items: words });
  return { kind: "group", name: "map", x, y, clip: frame, items };
}

/**
 * Lines, ticks, numbers and names of the axes; without axes a frame, since points are cut off at the edge.
 * @param {MapFacts} map @param {PictureColours} colours @param {Measure} measure @param {number} left @param {number} top
 * @returns {Item[]}
 */
function axes({ frame, axes: named }, colours, measure, left, top) {
  const { width, height } = frame;
  if (!named)
    return [{ kind: "rectangle", x: left - 0.5, y: top - 0.5, width: width + 1, height: height + 1, stroke: colours.line }];
  const foot = top + height;
  const line = { kind: /** @type {const} */ ("path"), stroke: colours.lineStrong, strokeWidth: 1 };
  /** @type {Item[]} */
  const items = [{ ...line, d: `M${left - 0.5} ${top}V${foot + 0.5}H${left + width}` }];
  const number = { kind: /** @type {const} */ ("text"), fill: colours.quiet, ...TICK_TEXT };
  for (const { at, text } of named.x.ticks) {
    items.push({ ...line, d: `M${half(left + at)} ${foot}v${TICK_PX}` });
    items.push({ ...number, text, x: left + at, y: foot + TICK_PX + 14, align: "middle" });
  }
  for (const { at, text } of named.y.ticks) {
    items.push({ ...line, d: `M${left} ${half(top + at)}h${-TICK_PX}` });
    items.push({ ...number, text, x: left - TICK_PX - 5, y: top + at + HALF * TICK_TEXT.size, align: "end" });
  }
  const name = { kind: /** @type {const} */ ("text"), fill: colours.text, align: /** @type {const} */ ("middle"), ...NAME };
  items.push({ ...name, text: cut(named.x.name, width, NAME, measure), x: left + width / 2, y: foot + 40 });
  const up = cut(named.y.name, height, NAME, measure);
  items.push({ ...name, text: up, x: MARGIN + NAME.size, y: top + height / 2, isTurned: true });
  return [{ kind: "group", name: "axes", x: 0, y: 0, items }];
}

/** Lines of one pixel are sharp where they fill it. @param {number} at */
function half(at) {
  return Math.floor(at) + 0.5;
}

/** @param {AxisFacts} axis @param {Measure} measure */
function roomLeft({ ticks }, measure) {
  const widest = Math.max(0, ...ticks.map(({ text }) => measure(text, TICK_TEXT)));
  return Math.ceil(NAME.size + 12 + widest + TICK_PX + 5);
}

/**
 * In a corner of the map where it covers nothing, else beside the map, or below a narrow one.
 * @param {LegendFacts} legend @param {MapFacts} map @param {PictureColours} colours @param {Measure} measure
 * @param {number} axisRoom left of the map
 */
function placeLegend(legend, map, colours, measure, axisRoom) {
  const { frame } = map;
  if (frame.width < BESIDE_PX) {
    const width = axisRoom + frame.width;
    const columns = Math.max(1, Math.min(3, Math.floor(width / COLUMN_PX)));
    return { place: /** @type {const} */ ("below"), x: 0, y: 0, ...legendBlock(legend, colours, measure, width, columns, 0) };
  }
  const block = legendBlock(legend, colours, measure, LEGEND_WIDTH, 1, AIR);
  const { width, height } = block;
  const [right, low] = [frame.width - width - AIR, frame.height - height - AIR];
  /** @type {[number, number][]} */
  const corners = [
    [AIR, AIR],
    [right, AIR],
    [AIR, low],
    [right, low],
  ];
  const corner = low >= AIR ? corners.find(([x, y]) => isFree(map, { x, y, width, height })) : undefined;
  const plain = () => legendBlock(legend, colours, measure, LEGEND_WIDTH, 1, 0);
  if (!corner) return { place: /** @type {const} */ ("beside"), x: 0, y: 0, ...plain() };
  /** @type {Item} */
  const ground = { kind: "rectangle", x: 0, y: 0, width, height, fill: colours.raised, stroke: colours.line, radius: 6 };
  return { place: /** @type {const} */ ("over"), x: corner[0], y: corner[1], ...block, items: [ground, ...block.items] };
}

/** @param {MapFacts} map @param {Rectangle} part */
function isFree({ isFree: hasNoPoint, labels, ring }, part) {
  const { x, y, width, height } = part;
  const isApart = (/** @type {Rectangle} */ other) =>
    other.x >= x + width || other.x + other.width <= x || other.y >= y + height || other.y + other.height <= y;
  const around = (/** @type {number} */ across, /** @type {number} */ down, /** @type {number} */ w, /** @type {number} */ h) => {
    return { x: across - w / 2, y: down - h / 2, width: w, height: h };
  };
  const words = labels.map((label) => around(label.x, label.y, label.width, 2 * label.size));
  const marks = ring ? [around(ring.x, ring.y, 26, 26)] : [];
  return [...words, ...marks].every(isApart) && hasNoPoint(part);
}

/** @param {PictureFacts["caption"]} caption @param {PictureColours} colours @param {Measure} measure @param {number} width */
function captionItems({ title, lines, source }, colours, measure, width) {
  /** @type {Item[]} */
  const items = [];
  let y = 0;
  const say = (/** @type {string} */ text, /** @type {typeof TITLE | typeof LINE} */ style, /** @type {string} */ fill) => {
    for (const line of wrapped(text, width, style, measure, MOST_LINES)) {
      items.push({ kind: "text", text: line, x: 0, y: y + style.size, fill, ...style });
      y += Math.round(style.size * 1.45);
    }
  };
  say(title, TITLE, colours.text);
  y += 2;
  for (const line of lines) say(line, LINE, colours.text);
  y += 4;
  say(source, SOURCE, colours.quiet);
  return { items, height: y };
}
