// The segments of a part of a map as a table: docs/api.md, "GET /api/points/…/segments".

/** @import {Box, SegmentsInside} from "../types/api" */
/** @import {MapView} from "./points.js" */

import { address, json } from "./client.js";

export const PAGE_ROWS = 100;

/** @typedef {"title" | "artist" | "start" | "value"} SortKey */
/** @typedef {{ key: SortKey, descending: boolean }} Sorting */

/**
 * A page of the table.
 * @param {MapView} view
 * @param {Box | null} box only segments inside; null for the whole map
 * @param {Sorting} sorting @param {number} revision of the points @param {number} offset @param {AbortSignal} signal
 * @returns {Promise<SegmentsInside>}
 */
export function inside(
  { network, layer, projection, x, y, colour, filter = null },
  box,
  { key, descending },
  revision,
  offset,
  signal,
) {
  const order = { sort: key, descending: Number(descending), offset, limit: PAGE_ROWS };
  const query = { revision, x, y, colour, filter, box: box?.join(",") ?? null, ...order };
  return json(address(["api", "points", network, layer, projection, "segments"], query), signal);
}
