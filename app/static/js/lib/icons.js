// Icons of 16 x 16 units, drawn with the text's colour.

const PATHS = {
  play: "M4.5 2.8v10.4L13 8z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  volume: "M2 6v4h2.6L8 13V3L4.6 6zM9.6 5.2a3.6 3.6 0 0 1 0 5.6l.9 1.1a5 5 0 0 0 0-7.8z",
  muted: "M2 6v4h2.6L8 13V3L4.6 6zM10 6.4l1-1 1.3 1.4 1.3-1.4 1 1L13.3 8l1.3 1.6-1 1-1.3-1.4-1.3 1.4-1-1L11.3 8z",
  arrow: "M2 7.1h8.2L6.9 3.8 8.2 2.5 13.7 8l-5.5 5.5-1.3-1.3 3.3-3.3H2z",
  bars: "M2 9h2.2v4.5H2zM5.3 5h2.2v8.5H5.3zM8.5 2.5h2.2v11H8.5zM11.800 7H14v6.5h-2.2z",
  swap: "M5 2L1.6 5.2 5 8.4V6.1h8V4.3H5zM11 7.6v2.3H3v1.8h8V14l3.4-3.2z",
};

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {keyof typeof PATHS} IconName */

/** @param {IconName} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}
