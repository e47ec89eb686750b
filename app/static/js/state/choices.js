// What can be chosen in a collection, and what is nearest to what was asked for.

/** @import {Collection, Network, Projection, Space} from "../types/api" */
/** @import {Group} from "../ui/picker.js" */
/** @import {View} from "./view-schema.js" */

import { percent } from "../lib/format.js";

const AXES_TO_CHOOSE = new Set(["original", "pca", "std-pca"]);
export const PREFERRED_LAYERS = ["embeddings", "activations"];
/** The map that keeps most neighbours together comes first. */
export const PREFERRED_PROJECTIONS = ["tsne", "umap", "pca", "std-pca", "original"];
export const LAYERS = { embeddings: "what the network hears", activations: "what the network calls it" };

/** Networks that something was extracted with. @param {Collection} collection */
export function networks(collection) {
  return collection.networks.filter((network) => network.spaces.some((space) => space.n_segments > 0));
}

/** @param {Collection} collection @param {string} name */
export function network(collection, name) {
  return networks(collection).find((each) => each.name === name);
}

/**
 * What a view shows.
 * @param {Collection} collection @param {View} view
 * @returns {{ network: Network, space: Space, projection: Projection }}
 */
export function chosen(collection, view) {
  const found = network(collection, view.network);
  const space = found && spaces(found).find((each) => each.layer === view.layer);
  const projection = space?.projections.find((each) => each.method === view.projection);
  if (!found || !space || !projection)
    throw new Error(`The view names nothing stored: ${view.network} ${view.layer} ${view.projection}`);
  return { network: found, space, projection };
}

/** Whether the axes of a projection mean something one by one, so that two of them can be chosen. @param {string} method */
export function hasAxes(method) {
  return AXES_TO_CHOOSE.has(method);
}

/** @param {Network} network */
export function labels(network) {
  return activations(network)?.labels ?? null;
}

/** @param {Collection} collection */
export function networkNames(collection) {
  return networks(collection).map(({ name }) => name);
}

/** @param {Collection} collection @param {View} view with its network */
export function layerNames(collection, view) {
  return spacesOf(collection, view).map(({ layer }) => String(layer));
}

/** @param {Collection} collection @param {View} view with its network and layer */
export function projectionNames(collection, view) {
  return projectionsOf(collection, view).map(({ method }) => method);
}

/**
 * The name asked for, or the most preferred one.
 * @param {string[]} names at least one @param {string | undefined} asked
 * @param {string[]} preferred @param {(name: string) => void} refuse
 */
export function pick(names, asked, preferred, refuse) {
  if (asked !== undefined && names.includes(asked)) return asked;
  if (asked !== undefined) refuse(asked);
  return preferred.find((name) => names.includes(name)) ?? names[0];
}

/**
 * An axis of the map; maps whose axes mean nothing have their first two.
 * @param {Collection} collection @param {View} view with its projection @param {number | undefined} asked @param {number} usual
 */
export function axis(collection, view, asked, usual) {
  const { projection } = chosen(collection, view);
  const isStored = asked !== undefined && asked < projection.n_dims;
  return isStored && hasAxes(projection.method) ? asked : Math.min(usual, projection.n_dims - 1);
}

/** @returns {Group[]} */
export function granularityOptions() {
  return ungrouped([
    { value: "segments", label: "segments", detail: "a dot for every few seconds" },
    { value: "trajectories", label: "trajectories", detail: "the segments of a track joined, pale at its beginning" },
    { value: "averages", label: "averages", detail: "a dot for every track, large where its segments lie apart" },
  ]);
}

/** @param {Collection} collection @returns {Group[]} */
export function networkOptions(collection) {
  return ungrouped(networks(collection).map(({ name, title }) => ({ value: name, label: title })));
}

/** @param {Collection} collection @param {View} view @returns {Group[]} */
export function layerOptions(collection, view) {
  return ungrouped(spacesOf(collection, view).map(({ layer }) => ({ value: layer, label: layer, detail: LAYERS[layer] })));
}

/** @param {Collection} collection @param {View} view @returns {Group[]} */
export function projectionOptions(collection, view) {
  return ungrouped(projectionsOf(collection, view).map(({ method, title }) => ({ value: method, label: title })));
}

/** @param {Collection} collection @param {View} view @returns {Group[]} */
export function axisOptions(collection, view) {
  const { space, projection } = chosen(collection, view);
  const axes = Array.from({ length: projection.n_dims }, (_, i) => i);
  return ungrouped(axes.map((i) => ({ value: String(i), ...axisName(space, projection, i) })));
}

/** @param {Group["options"]} options @returns {Group[]} */
function ungrouped(options) {
  return [{ title: "", options }];
}

/** @param {Space} space @param {Projection} projection @param {number} i */
function axisName(space, { method, title, explained_variance }, i) {
  if (method === "original") return { label: space.labels?.[i] ?? `dimension ${i}` };
  const share = explained_variance?.[i];
  if (share === undefined) return { label: `${title} ${i + 1}` };
  return { label: `${title} ${i + 1} (${percent(share)})`, detail: "of the variance" };
}

/** @param {Network} network */
function spaces(network) {
  return network.spaces.filter((space) => space.n_segments > 0);
}

/** @param {Collection} collection @param {View} view */
function spacesOf(collection, view) {
  const found = network(collection, view.network);
  return found ? spaces(found) : [];
}

/** @param {Collection} collection @param {View} view */
function projectionsOf(collection, view) {
  return spacesOf(collection, view).find((space) => space.layer === view.layer)?.projections ?? [];
}

/** @param {Network} network */
function activations(network) {
  return spaces(network).find((space) => space.layer === "activations");
}
