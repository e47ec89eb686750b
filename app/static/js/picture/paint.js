// A layout painted on a canvas.

/** @import {Item, Layout, PathItem, PointsItem, TextItem} from "../types/picture" */

const HALO_PX = 4;

/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */
/** @typedef {{ image: CanvasImageSource, opacity: number }[]} Images of the points, from the bottom up */

/** How wide texts are. @param {string} family @returns {import("../types/picture").Measure} */
export function measuring(family) {
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext("2d"));
  return (text, style) => {
    context.font = font(style, family);
    return context.measureText(text).width;
  };
}

/**
 * @param {Context} context @param {Layout} layout @param {Images} images @param {number} density pixels for a CSS pixel
 * @param {string} family of its letters
 */
export function paint(context, { width, height, background, items }, images, density, family) {
  context.setTransform(density, 0, 0, density, 0, 0);
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  for (const item of items) put(context, item, images, family);
}

/** @param {Context} context @param {Item} item @param {Images} images @param {string} family */
function put(context, item, images, family) {
  context.save();
  switch (item.kind) {
    case "text":
      write(context, item, family);
      break;
    case "path":
      trace(context, item);
      break;
    case "rectangle": {
      const { x, y, width, height, radius = 0, opacity = 1, fill, stroke } = item;
      context.beginPath();
      context.roundRect(x, y, width, height, radius);
      context.globalAlpha = opacity;
      finish(context, fill, stroke, 1);
      break;
    }
    case "disc":
      context.beginPath();
      context.arc(item.x, item.y, item.r, 0, 2 * Math.PI);
      finish(context, item.fill, item.stroke, item.strokeWidth);
      break;
    case "ramp": {
      const gradient = context.createLinearGradient(item.x, 0, item.x + item.width, 0);
      for (const [i, colour] of item.colours.entries()) gradient.addColorStop(i / (item.colours.length - 1), colour);
      context.beginPath();
      context.roundRect(item.x, item.y, item.width, item.height, 2);
      context.fillStyle = gradient;
      context.fill();
      break;
    }
    case "points":
      points(context, item, images);
      break;
    case "group":
      context.translate(item.x, item.y);
      if (item.clip) {
        context.beginPath();
        context.rect(0, 0, item.clip.width, item.clip.height);
        context.clip();
      }
      for (const each of item.items) put(context, each, images, family);
  }
  context.restore();
}

/** @param {Context} context @param {TextItem} item @param {string} family */
function write(context, { text, x, y, fill, align = "start", isTurned, halo, isStruck, opacity = 1, ...style }, family) {
  context.font = font(style, family);
  context.globalAlpha = opacity;
  context.direction = "ltr";
  context.textAlign = align === "middle" ? "center" : align;
  context.translate(x, y);
  if (isTurned) context.rotate(-Math.PI / 2);
  if (halo) {
    context.lineJoin = "round";
    context.lineWidth = HALO_PX;
    context.strokeStyle = halo;
    context.strokeText(text, 0, 0);
  }
  context.fillStyle = fill;
  context.fillText(text, 0, 0);
  if (isStruck) context.fillRect(0, -0.3 * style.size, context.measureText(text).width, 1);
}

/** @param {Context} context @param {PathItem} item */
function trace(context, { d, fill, fillOpacity = 1, stroke, strokeOpacity = 1, strokeWidth = 1, matrix }) {
  const path = new Path2D(d);
  if (matrix) context.transform(...matrix);
  context.lineCap = "round";
  context.lineJoin = "round";
  if (fill && fill !== "none") {
    context.globalAlpha = fillOpacity;
    context.fillStyle = fill;
    context.fill(path);
  }
  if (stroke && stroke !== "none") {
    context.globalAlpha = strokeOpacity;
    context.strokeStyle = stroke;
    context.lineWidth = strokeWidth;
    context.stroke(path);
  }
}

/** @param {Context} context @param {PointsItem} item @param {Images} images */
function points(context, { x, y, width, height }, images) {
  for (const { image, opacity } of images) {
    context.globalAlpha = opacity;
    context.drawImage(image, x, y, width, height);
  }
}

/** @param {Context} context @param {string} [fill] @param {string} [stroke] @param {number} [strokeWidth] */
function finish(context, fill, stroke, strokeWidth = 1) {
  if (fill) {
    context.fillStyle = fill;
    context.fill();
  }
  if (!stroke) return;
  context.strokeStyle = stroke;
  context.lineWidth = strokeWidth;
  context.stroke();
}

/** @param {import("../types/picture").TextStyle} style @param {string} family */
function font({ size, weight = 400, italic = false }, family) {
  return `${italic ? "italic " : ""}${weight} ${size}px ${family}`;
}
