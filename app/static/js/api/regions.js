// The regions of a map and what they are.

/** @import {RegionDetail, Regions, RegionsMatching} from "../types/api" */
/** @import {MapView} from "./points.js" */

import { address, json } from "./client.js";

/** @param {MapView} view @param {AbortSignal} signal @returns {Promise<Regions>} */
export function regions({ network, layer, projection, x, y }, signal) {
  return json(address(["api", "regions", network, layer, projection], { x, y }), signal);
}

/**
 * @param {MapView} view @param {number} region @param {string | null} made of the regions that it is one of
 * @param {AbortSignal} signal
 * @returns {Promise<RegionDetail>}
 */
export function region({ network, layer, projection, x, y }, region, made, signal) {
  return json(address(["api", "regions", network, layer, projection, region], { x, y, made }), signal);
}

/**
 * @param {MapView} view @param {string} filter @param {string} made of the regions that are counted in @param {AbortSignal} signal
 * @returns {Promise<RegionsMatching>}
 */
export function matching({ network, layer, projection, x, y }, filter, made, signal) {
  return json(address(["api", "regions", network, layer, projection, "matching"], { x, y, filter, made }), signal);
}
