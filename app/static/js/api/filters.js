// Filters: is a text one, what does it match, and what may be written: docs/api.md, "GET /api/filters".

/** @import {Completion, Matches} from "../types/api" */

import { address, json } from "./client.js";

/** @param {string} network @param {string} filter @param {AbortSignal} signal @returns {Promise<Matches>} */
export function matches(network, filter, signal) {
  return json(address(["api", "filters", network], { filter }), signal);
}

/**
 * @param {string} network @param {string} filter @param {number} cursor @param {AbortSignal} signal
 * @returns {Promise<Completion>}
 */
export function completion(network, filter, cursor, signal) {
  return json(address(["api", "filters", network, "completion"], { filter, cursor }), signal);
}
