// What a point's place and colour say of it: the number or the word that colours it, and its axes where they mean something.

/** @import {Segment} from "../../types/api" */
/** @import {Fact} from "../../ui/hover-card.js" */
/** @import {MapPage} from "./map-page.js" */

import { isolated, measured } from "../../lib/format.js";
import { LEVELS } from "../../map/palette.js";
import { axisOptions, hasAxes } from "../../state/choices.js";
import { colourName, parse } from "../../state/colours.js";

/** @param {MapPage} page @param {Segment} segment @returns {Fact[]} */
export function pointFacts(page, segment) {
  const { points } = page.stage;
  const found = points.find(segment.row);
  if (!found || !page.points) return [];
  const { layer, index } = found;
  const colour = points.colourOf(layer.points.values?.[index] ?? 0);
  return [...colourFacts(page, segment, layer.points, index), ...axisFacts(page, layer.at(index))].map((fact) => ({
    ...fact,
    colour,
  }));
}

/** @param {MapPage} page @param {Segment} segment @param {import("../../types/points").Points} points @param {number} index */
function colourFacts({ collection, shown }, { tags }, { colour, values }, index) {
  const level = values?.[index] ?? LEVELS;
  if (!colour || !shown.colour || level >= LEVELS) return [];
  const label = colourName(collection, shown);
  const share = level / (LEVELS - 1);
  if (colour.kind === "word") {
    const category = colour.categories.find((each) => each.colour === Math.floor(level / colour.steps));
    const strength = ((level % colour.steps) + 1) / colour.steps;
    return [{ label, text: isolated(category?.word ?? "another"), share: strength }];
  }
  const name = parse(shown.colour);
  // a level stands for some numbers that are nearly alike; the segment's strongest tags are known exactly
  const own = name.kind === "tag" && name.network === shown.network ? tags.find((each) => each.label === name.tag) : undefined;
  return [{ label, text: measured(own?.value ?? colour.values[level], colour.unit), share }];
}

/** @param {MapPage} page @param {[number, number]} place in data units */
function axisFacts({ collection, shown, points }, place) {
  if (!points || !hasAxes(shown.projection)) return [];
  const options = axisOptions(collection, shown).flatMap((group) => group.options);
  return [shown.x, shown.y].map((axis, i) => {
    const [low, high] = points.extent.slice(2 * i, 2 * i + 2);
    const share = (place[i] - low) / (high - low || 1);
    return { label: options[axis].label, text: measured(place[i]), share };
  });
}
