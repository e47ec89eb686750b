// A collection as the server describes it: two networks, the second without embeddings, the last without anything.

const space = (network, layer, more) => ({
  name: `${network}/${layer}`,
  layer,
  n_dims: 3,
  labels: null,
  n_tracks: 2,
  n_segments: 20,
  revision: 1,
  projections: [
    { method: "original", title: "Original", n_dims: 3 },
    { method: "pca", title: "PCA", n_dims: 2, explained_variance: [0.6, 0.004] },
    { method: "tsne", title: "t-SNE", n_dims: 2 },
  ],
  ...more,
});
const network = (name, title, spaces) => ({ name, title, precision: "f32", segment_s: 3, hop_s: 3, spaces });
const tags = { labels: ["rock", "jazz", "a/b"] };

export const COLLECTION = {
  n_tracks: 2,
  n_missing: 0,
  n_failed: 0,
  next_step: null,
  fields: [
    { name: "artist", title: "artist", kind: "word" },
    { name: "file-tags/genre", title: "genre", kind: "word" },
  ],
  networks: [
    network("one", "One", [space("one", "activations", tags), space("one", "embeddings")]),
    network("two", "Two", [
      space("two", "activations", { ...tags, projections: [{ method: "original", title: "Original", n_dims: 3 }] }),
    ]),
    network("empty", "Empty", [space("empty", "activations", { n_segments: 0 })]),
  ],
};
