// What the colours mean, in words and units.

/** @import {Collection} from "../types/api" */
/** @import {View} from "../state/view-schema.js" */
/** @import {Points} from "../types/points" */

import { element } from "../lib/dom.js";
import { count, counted, decimal } from "../lib/format.js";
import { gradient } from "./palette.js";
import { activationColour } from "./theme.js";
import { colourName } from "../state/choices.js";

/** @param {HTMLElement} host @param {Collection} collection @param {View} view that asked for them @param {Points} points */
export function showLegend(host, collection, view, points) {
  const shown =
    points.n < points.n_inside
      ? `${count(points.n)} of ${counted(points.n_inside, "segment")}, a uniform sample`
      : counted(points.n_total, "segment");
  const nodes = [element("p", { class: "legend-count" }, shown)];
  const { colour } = points;
  if (colour) {
    const bar = element("div", { class: "legend-bar" });
    bar.style.background = gradient(activationColour);
    nodes.unshift(
      element(
        "p",
        {},
        element("strong", { dir: "auto" }, colourName(collection, view)),
        element("span", { class: "quiet" }, " activation"),
      ),
      element(
        "div",
        { class: "legend-scale" },
        element("span", {}, decimal(colour.low)),
        bar,
        element("span", {}, decimal(colour.high)),
      ),
    );
    if (colour.n_without > 0)
      nodes.push(element("p", { class: "legend-without" }, `${counted(colour.n_without, "segment")} without a value`));
  }
  host.replaceChildren(...nodes);
  host.hidden = false;
}
