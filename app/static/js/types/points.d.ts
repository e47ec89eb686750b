import type { PointsHeader } from "./api";

/** Points in random order: any prefix is a uniform sample. */
export interface Points extends Omit<PointsHeader, "columns"> {
  rows: Uint32Array;
  x: Uint16Array;
  y: Uint16Array;
  values: Uint8Array | null;
}
