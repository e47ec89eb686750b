// A layout as the text of an SVG file. Every text passes `escaped`: titles and filters come from anywhere.

/** @import {Disc, Item, Layout, PathItem, PointsOfFile, TextItem} from "../types/picture" */

import { harmless } from "../lib/format.js";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Ubuntu, Cantarell, 'Helvetica Neue', Arial, sans-serif";
const HALO_PX = 4;
/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
/** Halves of a pair without the other, and two code points that XML forbids. */
const NO_CHARACTER = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ufffe\uffff]/g;

/** @typedef {Record<string, string | number | undefined>} Attributes those that are undefined are left out */

/** @param {Layout} layout @param {PointsOfFile} points @returns {string} */
export function svgFile({ width, height, background, title, description, items }, points) {
  const root = {
    xmlns: "http://www.w3.org/2000/svg",
    ...{ width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT, role: "img" },
  };
  const parts = [
    tag("title", {}, escaped(title)),
    tag("desc", {}, escaped(description)),
    tag("rect", { width, height, fill: background }),
    ...items.map((item) => written(item, points)),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${tag("svg", root, "\n", ...parts)}\n`;
}

/** A text as it stands in XML. @param {string} text */
export function escaped(text) {
  return harmless(text)
    .replace(NO_CHARACTER, "\ufffd")
    .replace(/[&<>"']/g, (letter) => ENTITIES[letter]);
}

/** @param {string} name @param {Attributes} attributes @param {...string} inside written already */
function tag(name, attributes, ...inside) {
  const said = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(typeof value === "number" ? short(value) : String(value))}"`);
  return inside.length ? `<${name}${said.join("")}>${inside.join("")}</${name}>\n` : `<${name}${said.join("")}/>\n`;
}

/** @param {Item} item @param {PointsOfFile} points @returns {string} */
function written(item, points) {
  switch (item.kind) {
    case "text":
      return text(item);
    case "path":
      return path(item);
    case "rectangle": {
      const { kind: _, radius, opacity, fill = "none", ...rest } = item;
      return tag("rect", { ...rest, fill, rx: radius, "fill-opacity": opacity });
    }
    case "disc": {
      const { x: cx, y: cy, r, fill = "none", stroke, strokeWidth } = item;
      return tag("circle", { cx, cy, r, fill, stroke, "stroke-width": strokeWidth });
    }
    case "ramp":
      return ramp(item);
    case "points":
      return pointsOf(item, points);
    case "group":
      return group(item, points);
  }
}

/** @param {TextItem} item */
function text({ text: said, x, y, fill, size, weight, italic, align, isTurned, halo, isStruck, opacity }) {
  const outline = halo && { stroke: halo, "stroke-width": HALO_PX, "stroke-linejoin": "round", "paint-order": "stroke" };
  const place = isTurned ? { transform: `translate(${short(x)} ${short(y)}) rotate(-90)` } : { x, y };
  return tag(
    "text",
    {
      ...place,
      ...{ fill, "font-size": size, "font-weight": weight, "font-style": italic ? "italic" : undefined },
      "text-anchor": align === "start" ? undefined : align,
      "text-decoration": isStruck ? "line-through" : undefined,
      ...outline,
      opacity,
    },
    escaped(said),
  );
}

/** @param {PathItem} item */
function path({ d, fill = "none", fillOpacity, stroke, strokeOpacity, strokeWidth, matrix }) {
  return tag("path", {
    ...{ d, fill, "fill-opacity": fillOpacity, stroke, "stroke-opacity": strokeOpacity, "stroke-width": strokeWidth },
    ...(stroke ? { "stroke-linecap": "round", "stroke-linejoin": "round" } : {}),
    transform: matrix && `matrix(${matrix.map(short).join(" ")})`,
  });
}

/** There is one ramp in a picture, so its gradient needs no other name. @param {import("../types/picture").RampItem} item */
function ramp({ x, y, width, height, colours }) {
  const stops = colours.map((colour, i) => tag("stop", { offset: i / (colours.length - 1), "stop-color": colour }));
  return tag("linearGradient", { id: "ramp" }, ...stops) + tag("rect", { x, y, width, height, rx: 2, fill: "url(#ramp)" });
}

/** @param {import("../types/picture").GroupItem} group @param {PointsOfFile} points */
function group({ name, x, y, clip, items }, points) {
  const moved = { class: name, transform: x || y ? `translate(${short(x)} ${short(y)})` : undefined };
  const inside = items.map((item) => written(item, points));
  if (!clip) return tag("g", moved, "\n", ...inside);
  const id = `${name}-edge`;
  const edge = tag("clipPath", { id }, tag("rect", { ...clip }));
  return tag("g", { ...moved, "clip-path": `url(#${id})` }, "\n", edge, ...inside);
}

/** @param {import("../types/picture").PointsItem} item @param {PointsOfFile} points */
function pointsOf({ x, y, width, height }, points) {
  if ("href" in points) return tag("image", { class: "points", x, y, width, height, href: points.href });
  return points.sheets
    .map(({ opacity, parts }) => {
      const written = parts.map(({ name, discs, lines }) => tag("g", { class: name }, "\n", ...lines.map(path), ...runs(discs)));
      return tag("g", { opacity: opacity < 1 ? opacity : undefined }, "\n", ...written);
    })
    .join("");
}

/** Discs that follow each other in one colour share it. @param {Disc[]} discs */
function runs(discs) {
  /** @type {string[]} */
  const written = [];
  for (let i = 0; i < discs.length; ) {
    const { fill, opacity } = discs[i];
    const circles = [];
    for (; i < discs.length && discs[i].fill === fill && discs[i].opacity === opacity; i++)
      circles.push(tag("circle", { cx: discs[i].x, cy: discs[i].y, r: discs[i].r }));
    written.push(tag("g", { fill, "fill-opacity": opacity < 1 ? opacity : undefined }, ...circles));
  }
  return written;
}

/** @param {number} value */
function short(value) {
  return String(Math.round(value * 100) / 100);
}
