// What is seen of the map at present, as facts for a picture of it.

/** @import {MapFacts, PathItem, PictureFacts, Rectangle} from "../../types/picture" */
/** @import {MapPage} from "./map-page.js" */

import { isolated } from "../../lib/format.js";
import { indicesInView } from "../../map/in-view.js";
import { pictureColours, scheme, withoutColour } from "../../map/theme.js";
import { captionFacts, wholeColourName } from "../../picture/caption-facts.js";
import { legendFacts } from "../../picture/legend-facts.js";
import { axisOptions, hasAxes } from "../../state/choices.js";

/** Of a label, which its words do not need. */
const PADDING_PX = 8;
/** As the style sheet has it. */
const FADED = 0.4;

/** @param {MapPage} page with points @param {Date} date @returns {PictureFacts} */
export function pictureFacts(page, date) {
  const { collection } = /** @type {NonNullable<MapPage["drawing"]["drawn"]>} */ (page.drawing.drawn);
  const shown = { ...page.shown, rest: page.view.rest };
  const told = /** @type {NonNullable<MapPage["legend"]["facts"]>} */ (page.legend.facts);
  const title = wholeColourName(collection, shown);
  const without = { text: told.without, colour: withoutColour() };
  const map = mapFacts(page);
  const ringed = map.ring && page.now.segment;
  return {
    map,
    legend: legendFacts(told.colour, title, page.view.kept, told, without, scheme()),
    caption: captionFacts(collection, shown, told.text, page.selection.facts, ringed, date),
    colours: pictureColours(),
  };
}

/** @param {MapPage} page @returns {MapFacts} */
function mapFacts({ stage, regions, drawing, shown }) {
  const { frame, view } = stage.points;
  const playing = stage.marks.at("playing");
  const isIn = playing && playing[0] >= 0 && playing[1] >= 0 && playing[0] <= frame.width && playing[1] <= frame.height;
  const { collection } = /** @type {NonNullable<typeof drawing.drawn>} */ (drawing.drawn);
  const [{ options }] = axisOptions(collection, shown);
  const { ticks } = stage.figure;
  const named = {
    x: { name: isolated(options[shown.x].label), ticks: ticks.x },
    y: { name: isolated(options[shown.y].label), ticks: ticks.y },
  };
  return {
    frame,
    axes: hasAxes(shown.projection) ? named : null,
    labels: regions.labels.seen(view, frame).map(({ button, x, y, width }) => {
      const { fontSize, fontWeight, fontStyle } = getComputedStyle(button);
      const style = { size: Number.parseFloat(fontSize), weight: Number(fontWeight), italic: fontStyle === "italic" };
      const opacity = button.hasAttribute("data-faded") ? FADED : undefined;
      return { text: isolated(button.textContent ?? ""), x, y, width: width - PADDING_PX, ...style, opacity };
    }),
    drawings: [...stage.overlay.querySelectorAll(":scope > svg:not([hidden]) path")].flatMap(drawn),
    ring: isIn ? { x: playing[0], y: playing[1] } : null,
    isFree: (part) => isFree(stage.points, part),
  };
}

/** @param {Element} path @returns {PathItem[]} */
function drawn(path) {
  const d = path.getAttribute("d");
  if (!d || !(path instanceof SVGGraphicsElement)) return [];
  const style = getComputedStyle(path);
  const { a, b, c, d: up, e, f } = path.getCTM() ?? new DOMMatrix();
  return [
    {
      kind: "path",
      d,
      ...{ fill: style.fill, fillOpacity: Number(style.fillOpacity) },
      ...{ stroke: style.stroke, strokeOpacity: Number(style.strokeOpacity), strokeWidth: Number.parseFloat(style.strokeWidth) },
      matrix: [a, b, c, up, e, f],
    },
  ];
}

/** @param {import("../../map/point-map.js").PointMap} map @param {Rectangle} part in CSS pixels of the frame */
function isFree(map, { x, y, width, height }) {
  const [[x0, y1], [x1, y0]] = [map.toData([x, y]), map.toData([x + width, y + height])];
  return map.strata.every(({ points, n }) => !indicesInView(points, [x0, x1, y0, y1], null, n, 1).length);
}
