// What can be chosen in a collection, and what is shown when nothing or something unknown is asked for.

/** @import {Collection, Network, Projection, Space} from "../types/api" */
/** @import {View} from "../types/view" */

const AXES_TO_CHOOSE = new Set(["original", "pca", "std-pca"]);
const PREFERRED_LAYERS = ["embeddings", "activations"];
/** The map that keeps most neighbours together comes first. */
const PREFERRED_PROJECTIONS = ["tsne", "umap", "pca", "std-pca", "original"];

/** Networks that something was extracted with. @param {Collection} collection */
export function networks(collection) {
  return collection.networks.filter((network) => network.spaces.some((space) => space.n_segments > 0));
}

/** @param {Collection} collection @param {string} name */
export function network(collection, name) {
  return networks(collection).find((each) => each.name === name);
}

/** @param {Collection} collection @param {View} view @returns {{ network: Network, space: Space, projection: Projection }} */
export function chosen(collection, view) {
  const found = network(collection, view.network);
  const space = found?.spaces.find((each) => each.layer === view.layer);
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

/** @param {Network} network */
function activations(network) {
  return network.spaces.find((space) => space.layer === "activations" && space.n_segments > 0);
}

/** @param {string} colour `network/tag` @returns {{ network: string, tag: string }} */
export function partsOf(colour) {
  const slash = colour.indexOf("/");
  return { network: colour.slice(0, slash), tag: colour.slice(slash + 1) };
}

/**
 * A whole view of what is stored, as close to the one asked for as can be.
 * @param {Collection} collection with at least one network
 * @param {Partial<View>} asked
 * @returns {{ view: View, unknown: string[] }} `unknown`: values asked for that are not stored
 */
export function settle(collection, asked) {
  /** @type {string[]} */
  const unknown = [];
  /** @template T @param {T[]} all @param {(each: T) => string} name @param {string | undefined} wanted @param {string[]} preferred @returns {T} */
  const pick = (all, name, wanted, preferred) => {
    const exact = all.find((each) => name(each) === wanted);
    if (!exact && wanted !== undefined) unknown.push(wanted);
    const rank = (/** @type {T} */ each) => (preferred.includes(name(each)) ? preferred.indexOf(name(each)) : preferred.length);
    return exact ?? [...all].sort((a, b) => rank(a) - rank(b))[0];
  };
  const found = pick(networks(collection), (each) => each.name, asked.network, []);
  const space = pick(
    found.spaces.filter((each) => each.n_segments > 0),
    (each) => each.layer,
    asked.layer,
    PREFERRED_LAYERS,
  );
  const projection = pick(space.projections, (each) => each.method, asked.projection, PREFERRED_PROJECTIONS);
  const sameMap = unknown.length === 0;
  const [x, y] = settleAxes(projection, asked);
  const view = {
    network: found.name,
    layer: space.layer,
    projection: projection.method,
    x,
    y,
    colour: settleColour(collection, found, asked.colour, unknown),
    box: sameMap ? (asked.box ?? null) : null,
    sound: asked.sound ?? "click",
    track: asked.track ?? null,
    segment: asked.segment ?? null,
  };
  return { view, unknown };
}

/** @param {Projection} projection @param {Partial<View>} asked @returns {[number, number]} */
function settleAxes(projection, { x = 0, y = 1 }) {
  const stored = (/** @type {number} */ axis) => Number.isInteger(axis) && axis >= 0 && axis < projection.n_dims;
  return hasAxes(projection.method) && stored(x) && stored(y) ? [x, y] : [0, Math.min(1, projection.n_dims - 1)];
}

/** @param {Collection} collection @param {Network} shown @param {string | null | undefined} asked @param {string[]} unknown @returns {string | null} by default the tag that tells segments apart best */
function settleColour(collection, shown, asked, unknown) {
  if (asked === null) return null;
  if (asked !== undefined) {
    const { network: name, tag } = partsOf(asked);
    const other = network(collection, name);
    if (other && labels(other)?.includes(tag)) return asked;
    unknown.push(asked);
  }
  const own = [shown, ...networks(collection)].find((each) => activations(each)?.widest);
  return own ? `${own.name}/${activations(own)?.widest}` : null;
}
