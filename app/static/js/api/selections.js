// What a selection selects: docs/api.md, "GET /api/selections".

/** @import {SelectedRowsHeader, SelectionFacts, SelectionTags, SelectionTracks, StoredSelection} from "../types/api" */

import { change } from "./changes.js";
import { address, json, readBody, request } from "./client.js";
import { opened } from "./columns.js";

export const PAGE_TRACKS = 100;

/** @typedef {"count" | "title" | "artist" | "start"} TrackSort */
/** Tells of a row whether it is selected. @typedef {(row: number) => boolean} IsSelected */

/** @param {string} network @param {string} selection @param {AbortSignal} [signal] @returns {Promise<SelectionFacts>} */
export function facts(network, selection, signal) {
  return json(address(["api", "selections", network], { selection }), signal);
}

/** @param {string} network @param {string} selection @param {AbortSignal} signal @returns {Promise<IsSelected>} */
export async function selectedRows(network, selection, signal) {
  const response = await request(address(["api", "selections", network, "rows"], { selection }), signal);
  return readBody(response.arrayBuffer().then(membership), signal);
}

/** @param {ArrayBuffer} buffer @returns {IsSelected} @throws {RangeError | SyntaxError} where it holds something else */
export function membership(buffer) {
  const { told, start } = opened(buffer);
  const { n, n_rows, columns } = /** @type {SelectedRowsHeader} */ (told);
  const [{ name, offset }] = columns;
  if (name === "row") {
    const rows = new Set(new Uint32Array(buffer, start + offset, n));
    return (row) => rows.has(row);
  }
  const bits = new Uint8Array(buffer, start + offset, Math.ceil(n_rows / 8));
  return (row) => ((bits[row >> 3] >> (row & 7)) & 1) === 1;
}

/** @param {string} network @param {string} selection @param {AbortSignal} signal @returns {Promise<SelectionTags>} */
export function selectionTags(network, selection, signal) {
  return json(address(["api", "selections", network, "tags"], { selection, limit: 6 }), signal);
}

/**
 * A page of the tracks.
 * @param {string} network @param {string} selection @param {{ key: TrackSort, descending: boolean }} sorting
 * @param {number} offset @param {AbortSignal} signal
 * @returns {Promise<SelectionTracks>}
 */
export function selectionTracks(network, selection, { key, descending }, offset, signal) {
  const query = { selection, sort: key, descending: Number(descending), offset, limit: PAGE_TRACKS };
  return json(address(["api", "selections", network, "tracks"], query), signal);
}

/** Where a file of all its segments is. @param {string} network @param {string} selection @param {"csv" | "json"} kind */
export function selectionFile(network, selection, kind) {
  return address(["api", "selections", network, "file"], { selection, kind });
}

/** A short text that stands for a long one. @param {string} text @returns {Promise<string>} */
export async function stored(text) {
  /** @type {StoredSelection} */
  const answer = await change("POST", "/api/selections", { text });
  return answer.text;
}
