import type { PointsHeader } from "./api";

/** What api/points.js makes of the binary answer: points in random order, any prefix a uniform sample. */
export interface Points extends Omit<PointsHeader, "columns"> {
  rows: Uint32Array;
  x: Uint16Array;
  y: Uint16Array;
  values: Uint8Array | null;
  /** Of averages: the first row of each track. */
  firstRows: Uint32Array | null;
  /** Of averages: how far the segments of each track are spread, 255 the farthest. */
  spreads: Uint8Array | null;
}
