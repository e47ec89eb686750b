// What a map is, in sentences: its network, its layer, its projection, and how true it is.

/** @import {Collection, Network, Projection, Space} from "../types/api" */
/** @import {View} from "./view-schema.js" */

import { counted, percent } from "../lib/format.js";
import { chosen } from "./choices.js";

/** What the parts of a network's name stand for. @type {Record<string, string>} */
const ARCHITECTURES = {
  musicnn: "a small convolutional network whose first filters follow timbre and rhythm",
  vgg: "a convolutional network of a form made for pictures, here of spectrograms",
  vggish: "a large convolutional network of a form made for pictures, here of spectrograms",
};
/** @type {Record<string, string>} */
const DATA = {
  msd: "tags that listeners gave to songs of the Million Song Dataset",
  mtt: "tags that players of a game gave to clips of MagnaTagATune",
  audioset: "sounds of videos, AudioSet",
};

/** @type {Record<string, (space: Space) => string>} */
const LAYERS = {
  embeddings: ({ n_dims }) => `the ${n_dims} numbers of its last hidden layer: what it hears, before it has words for it.`,
  activations: ({ n_dims }) => `its scores from 0 to 1 for ${n_dims} tags: what it calls the music.`,
};

/** @type {Record<string, string>} */
const PROJECTIONS = {
  tsne: "segments that are near in the space are near on the map; how far clumps lie apart, and how large they are, means little.",
  umap: "segments that are near in the space are near on the map, and clumps that are alike rather too; sizes mean little.",
  pca: "the space as it is seen from where it is widest: axes are directions, and distances are true as far as these go.",
  "std-pca": "as PCA, after every dimension has been given the same variance, so that quiet ones count as well.",
  original: "two dimensions of the space itself: nothing is projected.",
};

/**
 * @param {Collection} collection @param {View} view
 * @returns {{ term: string, text: string }[]} a sentence on each part of the map
 */
export function about(collection, view) {
  const { network, space, projection } = chosen(collection, view);
  const parts = [
    { term: network.title, text: aboutNetwork(network) },
    { term: space.layer, text: LAYERS[space.layer]?.(space) ?? counted(space.n_dims, "dimension") },
    { term: projection.title, text: aboutProjection(projection, view) },
  ];
  const kept = quality(space, projection);
  return kept ? [...parts, { term: "This map", text: kept }] : parts;
}

/** @param {Network} network */
function aboutNetwork({ name, segment_s }) {
  const [data, architecture] = name.split("-");
  const form = ARCHITECTURES[architecture] ?? "a network";
  const learnt = DATA[data] ? `, trained on ${DATA[data]}` : "";
  return `${form}${learnt}; it hears music in pieces of ${segment_s.toFixed(1)}\u202fs.`;
}

/** @param {Projection} projection @param {View} view */
function aboutProjection({ method, explained_variance }, { x, y }) {
  const text = PROJECTIONS[method] ?? "a projection of the space.";
  const [across, up] = [explained_variance?.[x], explained_variance?.[y]];
  if (across === undefined || up === undefined) return text;
  return `${text.slice(0, -1)}; these two hold ${percent(x === y ? across : across + up)} of the variance.`;
}

/** How many neighbours a map keeps, beside what chance would. @param {Space} space @param {Projection} projection */
function quality({ n_segments }, { quality: figures }) {
  const { neighbours_kept: kept, k } = figures ?? {};
  if (kept === undefined || !k) return null;
  const chance = Math.min(1, k / Math.max(1, n_segments - 1));
  return `of the ${k} nearest neighbours of a segment in the space ${share(kept)} are kept, by chance ${share(chance)}.`;
}

/** Two digits that count. @param {number} value */
function share(value) {
  return String(Number(value.toPrecision(value < 0.1 ? 1 : 2)));
}
