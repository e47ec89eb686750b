// What plays next, in order: chosen by hand, or found by wandering.

/** @import {Segments} from "../api/segments.js" */
/** @import {Segment} from "../types/api" */

/**
 * @typedef {object} Entry
 * @property {number} id of the entry: a segment may be there twice
 * @property {Segment} segment
 * @property {Segments} home what its row is a row of
 * @property {boolean} isAutomatic found by wandering
 */

/** Dispatches `change`. What was chosen comes before what was found. */
export class Queue extends EventTarget {
  /** @type {readonly Entry[]} */
  entries = [];
  #n_made = 0;

  get first() {
    return this.entries[0] ?? null;
  }

  get last() {
    return this.entries.at(-1) ?? null;
  }

  get n_automatic() {
    return this.entries.filter((entry) => entry.isAutomatic).length;
  }

  /** Behind what was chosen before. @param {Segment[]} segments @param {Segments} home */
  choose(segments, home) {
    const chosen = this.entries.filter((entry) => !entry.isAutomatic);
    const found = this.entries.filter((entry) => entry.isAutomatic);
    this.#become([...chosen, ...this.#made(segments, home, false), ...found]);
  }

  /** At the end. @param {Segment[]} segments @param {Segments} home */
  find(segments, home) {
    this.#become([...this.entries, ...this.#made(segments, home, true)]);
  }

  /** @param {number} id */
  remove(id) {
    this.#become(this.entries.filter((entry) => entry.id !== id));
  }

  /** What is moved by hand is chosen, and so is all before it. @param {number} id @param {number} to */
  move(id, to) {
    const moved = this.entries.find((entry) => entry.id === id);
    const others = this.entries.filter((entry) => entry.id !== id);
    const at = Math.min(Math.max(to, 0), others.length);
    if (!moved || this.entries.indexOf(moved) === at) return;
    const entries = [...others.slice(0, at), moved, ...others.slice(at)];
    this.#become(entries.map((entry, i) => (i <= at ? { ...entry, isAutomatic: false } : entry)));
  }

  /** What was found by wandering goes; what was chosen stays. */
  forgetFound() {
    this.#become(this.entries.filter((entry) => !entry.isAutomatic));
  }

  clear() {
    this.#become([]);
  }

  /** @param {Segment[]} segments @param {Segments} home @param {boolean} isAutomatic @returns {Entry[]} */
  #made(segments, home, isAutomatic) {
    return segments.map((segment) => ({ id: ++this.#n_made, segment, home, isAutomatic }));
  }

  /** @param {readonly Entry[]} entries */
  #become(entries) {
    if (entries.length === this.entries.length && entries.every((entry, i) => entry === this.entries[i])) return;
    this.entries = entries;
    this.dispatchEvent(new Event("change"));
  }
}
