import type { PointsHeader } from "./api";

/** What api/points.js makes of the binary answer: points in random order, any prefix a uniform sample. */
export interface Points extends Omit<PointsHeader, "columns"> {
  rows: Uint32Array;
  x: Uint16Array;
  y: Uint16Array;
  values: Uint8Array | null;
}
