// The points of a picture: drawn by the graphics card, or as shapes; and the files that they become.

/** @import {Layout, PointsOfFile} from "../../types/picture" */
/** @import {MapPage} from "./map-page.js" */

import { ApiError } from "../../api/client.js";
import { countShapes, discsOf, linesOf } from "../../picture/discs.js";
import { paint } from "../../picture/paint.js";
import { svgFile } from "../../picture/svg-file.js";

/** More shapes open slowly: docs/pictures.md has the numbers. */
export const MOST_SHAPES = 20_000;
/** Pixels for a CSS pixel of the points inside an SVG file. */
const FINE = 2;

/** @typedef {import("../../picture/paint.js").Images} Images */

/** What is on the screen, from the bottom up. @param {MapPage} page */
function sheets({ stage, selection }) {
  const { points } = stage;
  const { drawn } = selection;
  const all = { canvas: points.canvas, strata: points.strata, lines: points.lines, picture: points.picture.bind(points) };
  const selected = drawn.stratum && {
    canvas: drawn.canvas,
    strata: [drawn.stratum],
    lines: null,
    picture: drawn.picture.bind(drawn),
  };
  return [all, ...(selected ? [selected] : [])].map((sheet) => {
    return { ...sheet, opacity: Number(getComputedStyle(sheet.canvas).opacity) };
  });
}

/** What the screen shows, at once and no finer. @param {MapPage} page @returns {Images} */
export function onScreen(page) {
  return sheets(page).map(({ canvas, opacity }) => ({ image: canvas, opacity }));
}

/** Whether the points in view are few enough for shapes. @param {MapPage} page */
export function areFew(page) {
  const { view } = page.stage.points;
  const counts = sheets(page).map(({ strata, lines }) => countShapes(strata, lines, view, MOST_SHAPES));
  return counts.reduce((sum, n) => sum + n, 0) <= MOST_SHAPES;
}

/**
 * @param {MapPage} page @param {Layout} arranged @param {number} density pixels for a CSS pixel @param {string} family of letters
 * @throws {ApiError}
 */
export async function png(page, arranged, density, family) {
  const images = await drawnAnew(page, density);
  return encoded(arranged, density, (context) => paint(context, arranged, images, density, family));
}

/** @param {MapPage} page @param {Layout} arranged @throws {ApiError} */
export async function svg(page, arranged) {
  const points = areFew(page) ? shapes(page) : { href: await embedded(page) };
  return new Blob([svgFile(arranged, points)], { type: "image/svg+xml" });
}

/** @param {MapPage} page @returns {PointsOfFile} */
function shapes(page) {
  const { palette, lineColour, view, frame } = page.stage.points;
  const seen = { view, frame };
  return {
    sheets: sheets(page).map(({ opacity, strata, lines }) => {
      const parts = strata.map((stratum) => ({ name: stratum.name, discs: discsOf(stratum, palette, seen), lines: [] }));
      const joining = lines ? [{ name: "lines", discs: [], lines: linesOf(lines, lineColour, seen) }] : [];
      // lines lie over the ground and under the points
      return { opacity, parts: [...parts.slice(0, -1), ...joining, ...parts.slice(-1)] };
    }),
  };
}

/** The points as a picture inside an address. @param {MapPage} page @returns {Promise<string>} */
async function embedded(page) {
  const images = await drawnAnew(page, FINE);
  const { frame } = page.stage.points;
  const blob = await encoded(frame, FINE, (context) => {
    for (const { image, opacity } of images) {
      context.globalAlpha = opacity;
      context.drawImage(image, 0, 0);
    }
  });
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/**
 * All points, not the sample of a movement. Of one moment: nothing else runs before all are read.
 * @param {MapPage} page @param {number} density
 */
async function drawnAnew(page, density) {
  const read = sheets(page).map(({ picture, opacity }) => ({ image: picture(density), opacity }));
  return Promise.all(read.map(async ({ image, opacity }) => ({ image: await createImageBitmap(image), opacity })));
}

/**
 * @param {{ width: number, height: number }} size in CSS pixels @param {number} density
 * @param {(context: OffscreenCanvasRenderingContext2D) => void} draw
 */
async function encoded({ width, height }, density, draw) {
  const canvas = new OffscreenCanvas(Math.round(width * density), Math.round(height * density));
  try {
    draw(/** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d")));
    return await canvas.convertToBlob({ type: "image/png" });
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    const size = `${canvas.width} × ${canvas.height} pixels`;
    throw new ApiError(
      "no_picture",
      `This browser makes no picture of ${size}.`,
      "Save it less fine, or make the window smaller.",
      0,
    );
  }
}
