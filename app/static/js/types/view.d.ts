import type { Box } from "./api";

/** How sound plays. */
export type SoundMode = "point" | "click" | "off";

/** Everything that the address holds. */
export interface View {
  network: string;
  layer: string;
  projection: string;
  x: number;
  y: number;
  /** `network/tag`, or null for one colour. */
  colour: string | null;
  /** What the figure shows in data units, or null for the whole map. */
  box: Box | null;
  sound: SoundMode;
  /** The segment in the player, by track and index, which outlive a revision. */
  track: number | null;
  segment: number | null;
}
