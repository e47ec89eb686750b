// Drawing into a picture of its own and reading it, in one go: what is on the screen stays as it is.

/** @import {Points} from "../types/points" */
/** @import {Size} from "./viewport.js" */

import { ApiError } from "../api/client.js";
import { HiddenPicture } from "./hidden-picture.js";

/**
 * Points that are drawn alike.
 * @typedef {object} Stratum
 * @property {string} name
 * @property {Points} points
 * @property {number} n the first of them
 * @property {number} size diameter in CSS pixels
 * @property {number} alpha
 * @property {number} growth of the size by a point's spread
 */

/**
 * @param {WebGL2RenderingContext} gl @param {Size} size in pixels @param {() => void} draw into what is bound
 * @returns {ImageData}
 * @throws {ApiError} where the context is lost, or the card makes no picture of the size
 */
export function pictureOf(gl, { width, height }, draw) {
  if (gl.isContextLost())
    throw failed("The graphics context of the map is lost.", "Wait until the points are back, or load the page again.");
  const most = Math.min(gl.getParameter(gl.MAX_RENDERBUFFER_SIZE), ...gl.getParameter(gl.MAX_VIEWPORT_DIMS));
  if (Math.max(width, height) > most)
    throw failed(`The graphics card draws at most ${most} pixels across.`, "Save it less fine, or make the window smaller.");
  const hidden = new HiddenPicture();
  hidden.begin(gl, { width, height });
  draw();
  const pixels = new Uint8ClampedArray(4 * width * height);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  hidden.end(gl);
  hidden.free(gl);
  return new ImageData(upright(pixels, width), width, height);
}

/**
 * The card counts rows from below and multiplies colours by their opacity; pictures do neither. Pure.
 * @param {Uint8ClampedArray} pixels red, green, blue, opacity @param {number} width
 */
export function upright(pixels, width) {
  const turned = new Uint8ClampedArray(pixels.length);
  const row = 4 * width;
  for (let from = 0, to = pixels.length - row; to >= 0; from += row, to -= row)
    for (let i = 0; i < row; i += 4) {
      const alpha = pixels[from + i + 3];
      if (!alpha) continue;
      for (let part = 0; part < 3; part++) turned[to + i + part] = (pixels[from + i + part] * 255) / alpha;
      turned[to + i + 3] = alpha;
    }
  return turned;
}

/** @param {string} message @param {string} hint */
function failed(message, hint) {
  return new ApiError("no_picture", message, hint, 0);
}
