// What this browser remembers from visit to visit. Where it keeps nothing, everything is as at the first visit.

const PREFIX = "tagscape.";

/**
 * @template T
 * @param {string} name @param {(text: string) => T | undefined} parse undefined where the text means nothing any more
 * @returns {T | undefined}
 */
export function remembered(name, parse) {
  const text = storage()?.getItem(PREFIX + name) ?? null;
  return text === null ? undefined : parse(text);
}

/** @param {string} name @param {string | number} value */
export function remember(name, value) {
  try {
    storage()?.setItem(PREFIX + name, String(value));
  } catch (error) {
    // a full or forbidden store keeps nothing
    if (!(error instanceof DOMException)) throw error;
  }
}

/** @param {number} low @param {number} high @returns {(text: string) => number | undefined} */
export function numberWithin(low, high) {
  return (text) => {
    const value = Number(text);
    return text !== "" && value >= low && value <= high ? value : undefined;
  };
}

/** @template {string} T @param {readonly T[]} choices @returns {(text: string) => T | undefined} */
export function oneOf(choices) {
  return (text) => choices.find((choice) => choice === text);
}

function storage() {
  try {
    return globalThis.localStorage;
  } catch {
    // reading the property throws where the browser forbids it
    return undefined;
  }
}
