// The view in the page's address: everything that is seen can be sent to somebody.

/** @import {Box} from "../types/api" */
/** @import {SoundMode, View} from "../types/view" */

const SOUND_MODES = ["point", "click", "off"];
const NO_COLOUR = "none";
const SIGNIFICANT_DIGITS = 6;

/** @param {View} view @returns {string} the query, with its question mark */
export function toQuery(view) {
  const { network, layer, projection, x, y, colour, box, sound, track, segment } = view;
  const query = new URLSearchParams({ network, layer, projection, x: String(x), y: String(y), colour: colour ?? NO_COLOUR, sound });
  if (box) query.set("box", box.map((edge) => Number(edge.toPrecision(SIGNIFICANT_DIGITS))).join(","));
  if (track !== null && segment !== null) {
    query.set("track", String(track));
    query.set("segment", String(segment));
  }
  return `?${query}`;
}

/** @param {string} text @returns {Partial<View>} what the query names, leaving out what cannot be read */
export function fromQuery(text) {
  const query = new URLSearchParams(text);
  /** @param {string} name */
  const word = (name) => query.get(name) || undefined;
  /** @param {string} name */
  const whole = (name) => (/^\d+$/.test(query.get(name) ?? "") ? Number(query.get(name)) : undefined);
  const sound = word("sound");
  const colour = word("colour");
  return {
    network: word("network"),
    layer: word("layer"),
    projection: word("projection"),
    x: whole("x"),
    y: whole("y"),
    colour: colour === NO_COLOUR ? null : colour,
    box: readBox(query.get("box")),
    sound: sound && SOUND_MODES.includes(sound) ? /** @type {SoundMode} */ (sound) : undefined,
    track: whole("track"),
    segment: whole("segment"),
  };
}

/** @param {string | null} text @returns {Box | undefined} */
function readBox(text) {
  const edges = (text ?? "").split(",").map(Number);
  const good = edges.length === 4 && edges.every(Number.isFinite) && edges[0] < edges[1] && edges[2] < edges[3];
  return good ? /** @type {Box} */ (edges) : undefined;
}
