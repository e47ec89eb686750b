// Icons of 16 x 16 units, drawn with the text's colour.

const PATHS = {
  play: "M4.5 2.8v10.4L13 8z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  previous: "M3 3h2v10H3zM13 3v10L6 8z",
  next: "M11 3h2v10h-2zM3 3v10l7-5z",
  plus: "M7.2 3h1.6v4.2H13v1.6H8.8V13H7.2V8.8H3V7.2h4.2z",
  minus: "M3 7.2h10v1.6H3z",
  whole: "M2 2h4.5v1.5h-3v3H2zM9.5 2H14v4.5h-1.5v-3h-3zM2 9.5h1.5v3h3V14H2zM12.5 9.5H14V14H9.5v-1.5h3z",
  box: "M2 2h3v1.4H3.4V5H2zM6.5 2h3v1.4h-3zM11 2h3v3h-1.4V3.4H11zM2 6.5h1.4v3H2zM12.6 6.5H14v3h-1.4zM2 11h1.4v1.6H5V14H2zM6.5 12.6h3V14h-3zM12.6 11H14v3h-3v-1.4h1.6z",
  pan: "M8 1l2.4 2.6H8.7v3.7h3.7V5.6L15 8l-2.6 2.4V8.7H8.7v3.7h1.7L8 15l-2.4-2.6h1.7V8.7H3.6v1.7L1 8l2.6-2.4v1.7h3.7V3.6H5.6z",
  table: "M2 3h12v10H2zM3.4 6.4v1.8h3V6.4zm4.4 0v1.8h4.8V6.4zM3.4 9.6v2h3v-2zm4.4 0v2h4.8v-2z",
  volume: "M2 6v4h2.6L8 13V3L4.6 6zM9.6 5.2a3.6 3.6 0 0 1 0 5.6l.9 1.1a5 5 0 0 0 0-7.8z",
  muted: "M2 6v4h2.6L8 13V3L4.6 6zM10 6.4l1-1 1.3 1.4 1.3-1.4 1 1L13.3 8l1.3 1.6-1 1-1.3-1.4-1.3 1.4-1-1L11.3 8z",
  swap: "M5 2L1.6 5.2 5 8.400V6.100h8V4.300H5zM11 7.600v2.300H3v1.800h8V14l3.4-3.200z",
  close: "M3.6 2.500L8 6.900l4.4-4.4 1.1 1.100L9.1 8l4.4 4.4-1.1 1.100L8 9.100l-4.4 4.4-1.1-1.100L6.9 8 2.5 3.600z",
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
