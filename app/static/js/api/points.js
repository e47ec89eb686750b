// Points as binary columns: docs/api.md, "GET /api/points".

/** @import {Box, PointsHeader} from "../types/api" */
/** @import {Points} from "../types/points" */

import { address, readBody, request } from "./client.js";
import { opened } from "./columns.js";

/**
 * @typedef {{ network: string, layer: string, projection: string, x: number, y: number }} Axes
 * @typedef {Axes & { colour: string | null, scale?: string, granularity?: string, filter?: string | null }} MapView
 */

/**
 * @param {MapView} view
 * @param {Box | null} box only points inside, quantised to it; null for all
 * @param {AbortSignal} signal
 * @param {boolean} [first] only as many as are painted at once
 * @returns {Promise<Points>}
 */
export async function points(view, box, signal, first = false) {
  const response = await request(pointsPath(view, box, first), signal);
  return readBody(response.arrayBuffer().then(decode), signal);
}

/** Where points are asked for. @param {MapView} view @param {Box | null} box @param {boolean} first */
export function pointsPath(view, box, first) {
  const { network, layer, projection, x, y, colour } = view;
  const granularity = view.granularity === "averages" ? "averages" : null;
  // what the server does by itself is not asked for
  const scale = view.scale === "rank" ? null : (view.scale ?? null);
  const filter = view.filter ?? null;
  const query = { x, y, colour, scale, granularity, filter, box: box?.join(",") ?? null, first: first ? 1 : null };
  return address(["api", "points", network, layer, projection], query);
}

/**
 * Typed views over one buffer, nothing is copied. The server aligns the columns so that the views may begin where they do.
 * @param {ArrayBuffer} buffer
 * @returns {Points}
 * @throws {RangeError | SyntaxError} where it breaks off or holds something else
 */
export function decode(buffer) {
  const { told, start } = opened(buffer);
  const { columns, ...header } = /** @type {PointsHeader} */ (told);
  const at = Object.fromEntries(columns.map(({ name, offset }) => [name, start + offset]));
  return {
    ...header,
    rows: new Uint32Array(buffer, at.row, header.n),
    x: new Uint16Array(buffer, at.x, header.n),
    y: new Uint16Array(buffer, at.y, header.n),
    firstRows: "first_row" in at ? new Uint32Array(buffer, at.first_row, header.n) : null,
    spreads: "spread" in at ? new Uint8Array(buffer, at.spread, header.n) : null,
    values: "colour" in at ? new Uint8Array(buffer, at.colour, header.n) : null,
  };
}
