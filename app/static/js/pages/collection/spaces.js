// What was extracted, network by network, and the maps of it.

/** @import {Collection, ProjectionStatus, SpaceStatus, Status} from "../../types/api" */

import { element } from "../../lib/dom.js";
import { count, counted } from "../../lib/format.js";
import { LAYERS } from "../../state/choices.js";

const DIGITS = 3;

/** @typedef {Map<string, string>} Titles of networks and of kinds of maps, by name */

/** @param {Status} status @param {Collection} collection */
export function spaces({ spaces: all }, collection) {
  if (!all.length) return null;
  const titles = titlesOf(collection);
  const networks = new Set(all.map(({ name }) => networkOf(name)));
  const parts = [...networks].map((network) =>
    element(
      "section",
      { class: "network" },
      element("h3", {}, titles.get(network) ?? network),
      ...all.filter(({ name }) => networkOf(name) === network).map((space) => spacePart(space, titles)),
    ),
  );
  return element("section", {}, element("h2", {}, "Networks"), element("div", { class: "networks" }, ...parts));
}

/** @param {SpaceStatus} space @param {Titles} titles */
function spacePart(space, titles) {
  const layer = /** @type {keyof typeof LAYERS} */ (space.name.slice(networkOf(space.name).length + 1));
  const { n_tracks, n_segments, n_dims } = space;
  const facts = `${counted(n_tracks, "track")}, ${counted(n_segments, "segment")}, ${counted(n_dims, "dimension")}`;
  const head = element("h4", {}, layer, element("span", { class: "quiet" }, ` ${LAYERS[layer]}`));
  return element("div", { class: "space" }, head, element("p", {}, facts), ...waiting(space), ...maps(space, layer, titles));
}

/** What is left to do for a space, if anything. @param {SpaceStatus} space */
function waiting({ n_lacking, n_stale, has_neighbours }) {
  const left = [
    n_lacking && `${counted(n_lacking, "track")} to extract`,
    n_stale && `${counted(n_stale, "track")} changed since`,
    has_neighbours === false && "neighbours not indexed",
  ].filter((text) => typeof text === "string");
  return left.length ? [element("ul", { class: "left-to-do" }, ...left.map((text) => element("li", {}, text)))] : [];
}

/** @param {SpaceStatus} space @param {string} layer @param {Titles} titles */
function maps({ name, n_tracks, projections }, layer, titles) {
  if (!n_tracks) return [];
  if (!projections.length) return [element("p", { class: "quiet" }, "No maps yet.")];
  const columns = ["Map", "Tracks", "Trustworthiness", "Neighbours kept"];
  const heads = columns.map((title) => element("th", { scope: "col" }, title));
  const rows = projections.map((each) => mapRow(each, networkOf(name), layer, titles));
  return [element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows))];
}

/** @param {ProjectionStatus} projection @param {string} network @param {string} layer @param {Titles} titles */
function mapRow({ method, n_tracks, n_placed, n_lacking, quality }, network, layer, titles) {
  const link = element(
    "a",
    { href: `/?${new URLSearchParams({ network, layer, projection: method })}` },
    titles.get(method) ?? method,
  );
  const more = [n_placed && `${count(n_placed)} placed later`, n_lacking && `${count(n_lacking)} to place`].filter(Boolean);
  const tracks = element("td", {}, count(n_tracks));
  if (more.length) tracks.append(element("span", { class: "quiet" }, ` ${more.join(", ")}`));
  const figures = ["trustworthiness", "neighbours_kept"].map((key) => element("td", {}, quality[key]?.toFixed(DIGITS) ?? "–"));
  return element("tr", {}, element("th", { scope: "row" }, link), tracks, ...figures);
}

/** @param {string} space `network/layer` */
function networkOf(space) {
  return space.slice(0, space.lastIndexOf("/"));
}

/** @param {Collection} collection @returns {Titles} */
function titlesOf({ networks }) {
  const maps = networks.flatMap(({ spaces: stored }) => stored.flatMap(({ projections }) => projections));
  const named = [...networks, ...maps.map(({ method, title }) => ({ name: method, title }))];
  return new Map(named.map(({ name, title }) => [name, title]));
}
