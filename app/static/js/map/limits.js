// How far one can zoom and move, so that some of the map is always seen. Pure functions of numbers.

/** @import {Box} from "../types/api" */
/** @import {Size} from "./viewport.js" */

import { clipped, padded, size, squared, zoomed } from "./viewport.js";

/** How many times the size of the whole map a view may have. */
const FARTHEST = 2;
/** The server's coordinates are float32: between two neighbouring ones lies at most this share of their value. */
const COORDINATE_STEP = 2 ** -23;
/** Points that all lie at zero have no step to stop at. */
const CLOSEST_SHARE = 1e-6;
/** How far from the map the middle of a view may lie, as a share of the view. */
const REACH = 0.25;
/** No window is so much larger or narrower than another that its view of the map goes beyond so many times the whole. */
const READABLE = 16;

/**
 * @typedef {object} Ground what there is to look at
 * @property {Box} extent of all points
 * @property {Box} whole what shows all of it
 * @property {Size} frame
 * @property {boolean} isometric
 */

/**
 * What an address asks for, as far as there is something to see: around all of `box`, or null where that shows nothing of the map.
 * @param {Box} box @param {Ground} ground
 * @returns {Box | null}
 */
export function readable(box, ground) {
  const part = clipped(box, zoomed(ground.whole, READABLE));
  return part && clipped(part, padded(ground.extent, 0)) && limited(part, ground);
}

/**
 * The view nearest to the one asked for that keeps to the limits. On the way from another view it stops where the limit is, so that
 * the place that one zooms into or out of stays where it is.
 * @param {Box} asked @param {Ground} ground @param {Box} [from]
 * @returns {Box}
 */
export function limited(asked, ground, from) {
  const { extent, whole, frame, isometric } = ground;
  const wanted = isometric ? squared(asked, frame) : asked;
  const [least, most] = [smallest(ground), size(zoomed(whole, FARTHEST))];
  return kept(sized(from ? stopped(wanted, from, least, most, isometric) : wanted, least, most), extent, whole);
}

/** Where a pixel is as long as the step between two coordinates. @param {Ground} ground @returns {Size} in data units */
function smallest({ extent: [x0, x1, y0, y1], whole, frame, isometric }) {
  const step = (/** @type {number[]} */ ...edges) => COORDINATE_STEP * Math.max(...edges.map(Math.abs));
  const [stepX, stepY] = isometric ? [step(x0, x1, y0, y1), step(x0, x1, y0, y1)] : [step(x0, x1), step(y0, y1)];
  const { width, height } = size(whole);
  return {
    width: Math.max(frame.width * stepX, width * CLOSEST_SHARE),
    height: Math.max(frame.height * stepY, height * CLOSEST_SHARE),
  };
}

/**
 * As far from one view to another as sizes allow, in both directions alike where a unit has to stay as long across as up.
 * @param {Box} asked @param {Box} from @param {Size} least @param {Size} most @param {boolean} isometric
 * @returns {Box}
 */
function stopped(asked, from, least, most, isometric) {
  const [before, after] = [size(from), size(asked)];
  const across = share(before.width, after.width, least.width, most.width);
  const up = share(before.height, after.height, least.height, most.height);
  const shares = isometric ? [Math.min(across, up), Math.min(across, up)] : [across, up];
  return /** @type {Box} */ (from.map((edge, i) => edge + shares[i >> 1] * (asked[i] - edge)));
}

/** @param {number} before @param {number} after @param {number} least @param {number} most */
function share(before, after, least, most) {
  const reached = clamp(after, least, most);
  return reached === after ? 1 : clamp((reached - before) / (after - before), 0, 1);
}

/** @param {Box} box @param {Size} least @param {Size} most @returns {Box} with the same middle */
function sized(box, least, most) {
  const { width, height } = size(box);
  const dx = (clamp(width, least.width, most.width) - width) / 2;
  const dy = (clamp(height, least.height, most.height) - height) / 2;
  return [box[0] - dx, box[1] + dx, box[2] - dy, box[3] + dy];
}

/** @param {Box} view @param {Box} extent @param {Box} whole @returns {Box} of the same size */
function kept(view, extent, whole) {
  const { width, height } = size(view);
  const [dx, dy] = [shift(view, extent, whole, 0, REACH * width), shift(view, extent, whole, 2, REACH * height)];
  return [view[0] + dx, view[1] + dx, view[2] + dy, view[3] + dy];
}

/** @param {Box} view @param {Box} extent @param {Box} whole @param {0 | 2} axis @param {number} reach */
function shift(view, extent, whole, axis, reach) {
  const middle = (/** @type {Box} */ box) => (box[axis] + box[axis + 1]) / 2;
  // a narrow map drawn beside the legend has the middle of its view outside its points
  const low = Math.min(extent[axis] - reach, middle(whole));
  const high = Math.max(extent[axis + 1] + reach, middle(whole));
  return clamp(middle(view), low, high) - middle(view);
}

/** @param {number} value @param {number} least @param {number} most */
function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
