// Everything that a view of the map is made of, each key in one place: how the address writes it, what it is when nothing or
// something unknown is asked for, what can be chosen, and what a change of it means. Address, store and pickers are made from this.

/** @import {Box, Collection} from "../types/api" */
/** @import {Group} from "../ui/picker.js" */

import * as choices from "./choices.js";
import * as colours from "./colours.js";

/** What becomes of points that do not match a filter. @typedef {"pale" | "hidden"} Rest */

/** How numbers become colours. @typedef {"rank" | "value" | "shown"} Scale */

/**
 * How sound plays: a click plays on through the track, or only its segment, or it plays while the pointer rests, or never.
 * @typedef {"on" | "segment" | "point" | "off"} SoundMode
 */

/** What a point is, and whether those of a track are joined. @typedef {"segments" | "trajectories" | "averages"} Granularity */

/** Whose thread is seen: of what is pointed at, or else of what plays, too. @typedef {"pointed" | "playing"} ThreadMode */

/**
 * What is known when a key is settled: the keys before it are, so the order of the schema matters.
 * @typedef {object} Settling
 * @property {Collection} collection with at least one network
 * @property {View} view the keys before this one
 * @property {(value: string) => void} refuse say that a value asked for is not stored
 */

/**
 * @template T
 * @typedef {object} Key
 * @property {(text: string) => T | undefined} parse undefined where the text cannot be read
 * @property {(value: T) => string | null} write null where the address leaves it out
 * @property {(asked: T | undefined, settling: Settling) => T} settle the nearest value that there is
 * @property {boolean} history whether a change is a step to come back to
 * @property {(keyof View)[]} [resets] keys that mean nothing any more when this one is another
 * @property {boolean} [listening] it belongs to the player, which goes on when the view is another
 * @property {string} [title] of its picker
 * @property {(collection: Collection, view: View) => Group[]} [options] of its picker; their values are written ones
 */

/**
 * @typedef {object} View
 * @property {Granularity} granularity
 * @property {string} network
 * @property {string} layer
 * @property {string} projection
 * @property {number} x which axis goes across
 * @property {number} y which axis goes up
 * @property {string | null} colour as state/colours.js reads it, or null for one colour
 * @property {Scale} scale
 * @property {string | null} kept what the legend keeps, as map/kept.js reads it, or null for all
 * @property {string | null} selection what is selected, as docs/selection.md writes it; null for nothing
 * @property {string | null} filter in the language of docs/filters.md, or null for all tracks
 * @property {Rest} rest what becomes of points that do not match
 * @property {Box | null} box what the figure shows in data units, or null for the whole map
 * @property {ThreadMode} thread
 * @property {boolean} labels whether regions carry their words
 * @property {SoundMode} sound
 * @property {number | null} track with `segment`: what is in the player, by names that outlive a revision
 * @property {number | null} segment
 */

const RESTS = /** @type {Rest[]} */ (["pale", "hidden"]);
const SCALES = /** @type {Scale[]} */ (["rank", "value", "shown"]);
export const SOUND_MODES = /** @type {SoundMode[]} */ (["on", "segment", "point", "off"]);
/** What older addresses call a click that plays. */
const CLICK = "click";
const GRANULARITIES = /** @type {Granularity[]} */ (["segments", "trajectories", "averages"]);
const THREAD_MODES = /** @type {ThreadMode[]} */ (["pointed", "playing"]);
const NO_COLOUR = "none";
const SIGNIFICANT_DIGITS = 6;

const word = (/** @type {string} */ text) => text || undefined;
const whole = (/** @type {string} */ text) => (/^\d+$/.test(text) ? Number(text) : undefined);
const written = (/** @type {string | number | null} */ value) => (value === null ? null : String(value));

/** @type {{ [name in keyof View]: Key<View[name]> }} */
export const SCHEMA = {
  granularity: {
    parse: (text) => GRANULARITIES.find((each) => each === text),
    write: written,
    settle: (asked) => asked ?? "segments",
    history: true,
    title: "Granularity",
    options: choices.granularityOptions,
  },
  network: {
    parse: word,
    write: written,
    settle: (asked, { collection, refuse }) => choices.pick(choices.networkNames(collection), asked, [], refuse),
    history: true,
    resets: ["x", "y", "box"],
    title: "Network",
    options: choices.networkOptions,
  },
  layer: {
    parse: word,
    write: written,
    settle: (asked, { collection, view, refuse }) =>
      choices.pick(choices.layerNames(collection, view), asked, choices.PREFERRED_LAYERS, refuse),
    history: true,
    resets: ["x", "y", "box"],
    title: "Layer",
    options: choices.layerOptions,
  },
  projection: {
    parse: word,
    write: written,
    settle: (asked, { collection, view, refuse }) =>
      choices.pick(choices.projectionNames(collection, view), asked, choices.PREFERRED_PROJECTIONS, refuse),
    history: true,
    resets: ["x", "y", "box"],
    title: "Projection",
    options: choices.projectionOptions,
  },
  x: {
    parse: whole,
    write: written,
    settle: (asked, { collection, view }) => choices.axis(collection, view, asked, 0),
    history: true,
    resets: ["box"],
    title: "Horizontal axis",
    options: choices.axisOptions,
  },
  y: {
    parse: whole,
    write: written,
    settle: (asked, { collection, view }) => choices.axis(collection, view, asked, 1),
    history: true,
    resets: ["box"],
    title: "Vertical axis",
    options: choices.axisOptions,
  },
  colour: {
    parse: (text) => (text === NO_COLOUR ? null : word(text)),
    write: (value) => value ?? NO_COLOUR,
    settle: (asked, { collection, view, refuse }) => colours.settled(collection, view, asked, refuse),
    history: true,
    resets: ["kept"],
    title: "Colour",
    options: (collection, view) => [
      { title: "", options: [{ value: NO_COLOUR, label: "nothing" }] },
      ...colours.colourGroups(collection, view),
    ],
  },
  scale: {
    parse: (text) => SCALES.find((scale) => scale === text),
    write: (scale) => (scale === "rank" ? null : scale),
    settle: (asked) => asked ?? "rank",
    history: true,
    resets: ["kept"],
  },
  kept: { parse: word, write: written, settle: (asked) => asked ?? null, history: false },
  selection: { parse: word, write: written, settle: (asked) => asked ?? null, history: false },
  filter: { parse: word, write: written, settle: (asked) => asked ?? null, history: true },
  rest: {
    parse: (text) => RESTS.find((rest) => rest === text),
    write: (rest) => (rest === "pale" ? null : rest),
    settle: (asked) => asked ?? "pale",
    history: false,
  },
  box: {
    parse: parseBox,
    write: (value) => value?.map((edge) => Number(edge.toPrecision(SIGNIFICANT_DIGITS))).join(",") ?? null,
    settle: (asked) => asked ?? null,
    history: false,
  },
  thread: {
    parse: (text) => THREAD_MODES.find((mode) => mode === text),
    write: (value) => (value === "pointed" ? null : value),
    settle: (asked) => asked ?? "pointed",
    history: false,
  },
  labels: {
    parse: (text) => (text === "on" || text === "off" ? text === "on" : undefined),
    write: (value) => (value ? null : "off"),
    settle: (asked) => asked ?? true,
    history: false,
  },
  sound: {
    parse: (text) => (text === CLICK ? "on" : SOUND_MODES.find((mode) => mode === text)),
    write: written,
    settle: (asked) => asked ?? "on",
    history: false,
    listening: true,
  },
  track: { parse: whole, write: written, settle: (asked) => asked ?? null, history: false, listening: true },
  segment: { parse: whole, write: written, settle: (asked) => asked ?? null, history: false, listening: true },
};

export const KEYS = /** @type {(keyof View)[]} */ (Object.keys(SCHEMA));

/** Keys of the player. */
export const LISTENING = KEYS.filter((key) => SCHEMA[key].listening);

/**
 * Whether other keys than before mean other points, at places that the present box does not belong to.
 * @param {Iterable<string>} keys
 */
export function isOtherMap(keys) {
  return [...keys].some((key) => SCHEMA[/** @type {keyof View} */ (key)].resets?.includes("box"));
}

/** Whether two views show their points at the same places. @param {View} one @param {View} other */
export function isSameMap(one, other) {
  return !isOtherMap(KEYS.filter((key) => one[key] !== other[key]));
}

/** @param {View} view @returns {string} the query, with its question mark */
export function toQuery(view) {
  const query = new URLSearchParams();
  for (const key of KEYS) {
    const text = SCHEMA[key].write(/** @type {never} */ (view[key]));
    if (text !== null) query.set(key, text);
  }
  return `?${query}`;
}

/** @param {string} text @returns {Partial<View>} what the query names, leaving out what cannot be read */
export function fromQuery(text) {
  const query = new URLSearchParams(text);
  const read = KEYS.map((key) => [key, query.has(key) ? SCHEMA[key].parse(query.get(key) ?? "") : undefined]);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

/**
 * A whole view of what is stored, as close to the one asked for as can be.
 * @param {Collection} collection with at least one network
 * @param {Partial<View>} asked
 * @returns {{ view: View, unknown: string[] }} `unknown`: values asked for that are not stored
 */
export function settle(collection, asked) {
  const view = /** @type {View} */ ({});
  /** @type {string[]} */
  const unknown = [];
  // what was asked for together with something that is not there does not belong to what is shown instead
  const dropped = new Set();
  for (const key of KEYS) {
    const refuse = (/** @type {string} */ name) => {
      unknown.push(name);
      for (const reset of SCHEMA[key].resets ?? []) dropped.add(reset);
    };
    const value = dropped.has(key) ? undefined : asked[key];
    Object.assign(view, { [key]: SCHEMA[key].settle(/** @type {never} */ (value), { collection, view, refuse }) });
  }
  return { view, unknown };
}

/**
 * What is asked for when some keys of a view are to be others.
 * @param {View} view @param {Partial<View>} patch
 * @returns {Partial<View>}
 */
export function patched(view, patch) {
  /** @type {Partial<View>} */
  const asked = { ...view };
  const changed = KEYS.filter((key) => key in patch && patch[key] !== view[key]);
  for (const reset of changed.flatMap((key) => SCHEMA[key].resets ?? [])) delete asked[reset];
  return Object.assign(asked, patch);
}

/** @param {string} text @returns {Box | undefined} */
function parseBox(text) {
  const edges = text.split(",").map(Number);
  const good = edges.length === 4 && edges.every(Number.isFinite) && edges[0] < edges[1] && edges[2] < edges[3];
  return good ? /** @type {Box} */ (edges) : undefined;
}
