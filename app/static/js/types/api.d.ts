// What the server answers: docs/api.md, as types.

export interface Projection {
  method: string;
  title: string;
  n_dims: number;
  explained_variance?: number[] | null;
  quality?: Record<string, number> | null;
  n_tracks?: number;
  n_placed?: number;
}

export interface Space {
  name: string;
  layer: "activations" | "embeddings";
  n_dims: number;
  labels: string[] | null;
  /** The tag whose activation differs most between segments. */
  widest: string | null;
  n_tracks: number;
  n_segments: number;
  revision: number;
  projections: Projection[];
}

export interface Network {
  name: string;
  title: string;
  precision: string;
  segment_s: number;
  hop_s: number;
  spaces: Space[];
}

export interface NextStep {
  message: string;
  hint: string;
}

export interface Collection {
  n_tracks: number;
  n_missing: number;
  n_failed: number;
  next_step: NextStep | null;
  networks: Network[];
}

export interface Track {
  id: number;
  title: string;
  artist: string | null;
  album: string | null;
  year: number | null;
  duration_s: number;
  state: string;
  audio: string | null;
}

export interface TagValue {
  label: string;
  value: number;
}

export interface Segment {
  row: number;
  track: Track;
  index: number;
  first_row: number;
  n_segments: number;
  start_s: number;
  end_s: number;
  tags: TagValue[];
}

export interface Taggram {
  labels: string[];
  hop_s: number;
  segment_s: number;
  first_row: number;
  values: number[][];
}

/** Low and high edge in data units: x0, x1, y0, y1. */
export type Box = [number, number, number, number];

export interface Colour {
  label: string;
  network: string;
  low: number;
  high: number;
  /** Points sent whose track the colour's network has not heard. */
  n_without: number;
}

export interface PointsHeader {
  n: number;
  n_inside: number;
  n_total: number;
  revision: number;
  projection_revision: number;
  box: Box;
  extent: Box;
  colour: Colour | null;
  columns: { name: string; type: "uint32" | "uint16" | "uint8"; offset: number }[];
}

/** Points in random order: any prefix is a uniform sample. */
export interface Points extends Omit<PointsHeader, "columns"> {
  rows: Uint32Array;
  x: Uint16Array;
  y: Uint16Array;
  values: Uint8Array | null;
}
