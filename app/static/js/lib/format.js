// Numbers as people read them, and text from elsewhere so that it keeps to itself.

/** Control characters but tab and line feed; what embeds and overrides the direction of text; separators of paragraphs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const HARMFUL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]/g;
const ISOLATES = /[\u2066-\u2069]/g;
const ISOLATE_END = "\u2069";
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Text from files and tags without what would turn round or hide what stands beside it. @param {string} text */
export function harmless(text) {
  const shown = text.replace(HARMFUL, "");
  let depth = 0;
  for (const [mark] of shown.matchAll(ISOLATES)) {
    depth += mark === ISOLATE_END ? -1 : 1;
    if (depth < 0) break;
  }
  return depth ? shown.replace(ISOLATES, "") : shown;
}

/** Text from files and tags inside a sentence or an attribute, where no element can keep it apart. @param {string} text */
export function isolated(text) {
  const shown = harmless(text).replace(/\s+/g, " ");
  return RIGHT_TO_LEFT.test(shown) ? `\u2068${shown}${ISOLATE_END}` : shown;
}

/** 71.968 -> "1:11.9": never later than it is. @param {number} seconds */
export function time(seconds) {
  const tenths = Math.floor(seconds * 10 + 1e-6);
  const minutes = Math.floor(tenths / 600);
  const rest = tenths - minutes * 600;
  return `${minutes}:${String(Math.floor(rest / 10)).padStart(2, "0")}.${rest % 10}`;
}

/** @param {number} start_s @param {number} end_s */
export function span(start_s, end_s) {
  return `${time(start_s)}\u2009–\u2009${time(end_s)}`;
}

/** 1830 -> "1 830". @param {number} number */
export function count(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** @param {number} number @param {string} noun */
export function counted(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** @param {number} ratio */
export function percent(ratio) {
  const value = ratio * 100;
  return `${value < 1 ? value.toFixed(1) : Math.round(value)}\u202f%`;
}

/** An activation or another small number with two decimals. @param {number} value */
export function decimal(value) {
  return value.toFixed(2);
}

/**
 * A number of any size with its unit, as short as it stays telling: 0.31, 0.0042, 1998, 3:25.
 * @param {number} value @param {string | null} [unit] `year`, `seconds` or others
 */
export function measured(value, unit = null) {
  if (unit === "year") return String(Math.round(value));
  if (unit === "seconds") return `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, "0")}`;
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return Math.abs(value) < 0.01 && value !== 0 ? String(Number(value.toPrecision(1))) : value.toFixed(2);
}

/** 12483 s -> "3 h 28 min". @param {number} seconds */
export function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${Math.floor(seconds)}\u202fs`;
  const hours = Math.floor(minutes / 60);
  return hours ? `${count(hours)}\u202fh ${minutes % 60}\u202fmin` : `${minutes}\u202fmin`;
}

/** A day and a time, as the reader writes them and where the reader is. @param {string} iso */
export function moment(iso) {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}

/** The time of a day. @param {Date} when */
export function clock(when) {
  return new Intl.DateTimeFormat(undefined, { timeStyle: "medium" }).format(when);
}
