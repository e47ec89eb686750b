// Where all segments of a track lie in a map.

/** @import {Thread} from "../types/api" */
/** @import {MapView} from "./points.js" */

import { address, json } from "./client.js";

/**
 * @param {MapView} view @param {number} track @param {number} revision at which the points of the map were read
 * @param {AbortSignal} signal
 * @returns {Promise<Thread>}
 */
export function thread(view, track, revision, signal) {
  const { network, layer, projection, x, y } = view;
  return json(address(["api", "points", network, layer, projection, "tracks", track], { revision, x, y }), signal);
}
