// Histograms of a collection, and the filters that they make: docs/api.md, "GET /api/histograms".

/** @import {Histogram, Narrowed} from "../types/api" */

import { address, json } from "./client.js";

/**
 * @param {string} network @param {string} of a tag or a field @param {string | null} filter @param {AbortSignal} signal
 * @returns {Promise<Histogram>}
 */
export function histogram(network, of, filter, signal) {
  return json(address(["api", "histograms", network], { of, filter }), signal);
}

/**
 * A filter that leaves a part of a number.
 * @param {string} network @param {string} of @param {string | null} filter
 * @param {{ low: number | null, high: number | null }} range at least, and less than @param {AbortSignal} signal
 * @returns {Promise<Narrowed>}
 */
export function narrowed(network, of, filter, { low, high }, signal) {
  return json(address(["api", "histograms", network, "range"], { of, filter, low, high }), signal);
}

/**
 * A filter that asks for a word, or no longer does.
 * @param {string} network @param {string} of @param {string | null} filter @param {string} word @param {AbortSignal} signal
 * @returns {Promise<Narrowed>}
 */
export function toggled(network, of, filter, word, signal) {
  return json(address(["api", "histograms", network, "word"], { of, filter, word }), signal);
}
