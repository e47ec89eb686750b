// Hearing along a line: what lies under a line that is drawn on the map is put into the queue, in its order.

/** @import {Segment} from "../../types/api" */
/** @import {MapPage} from "./map-page.js" */

import { counted } from "../../lib/format.js";

const STEP_PX = 12;
/** So far from the line a point may lie. */
const NEAR_PX = 16;
const MOST_TRACKS = 20;

export class AlongLine {
  /** @param {MapPage} page @param {AbortSignal} signal */
  constructor(page, signal) {
    this.page = page;
    const { next, keys } = page.context;
    const { tool } = page.selection;
    tool.addEventListener("drawn", (event) => {
      const { kind, vertices } = /** @type {CustomEvent} */ (event).detail;
      if (kind === "line") this.#hear(vertices);
    });
    const draw = () => {
      tool.kind = tool.kind === "line" ? null : "line";
      if (tool.kind) page.context.toast.say("Draw a line: the tracks along it are put into the queue.");
    };
    next.addEventListener(
      "line",
      (event) => {
        event.preventDefault();
        draw();
      },
      { signal },
    );
    keys.add([{ keys: ["d", "D"], shown: "D", does: "draw a line and hear along it, or move again", run: draw }], signal);
  }

  /** @param {[number, number][]} vertices in data units */
  async #hear(vertices) {
    const { page } = this;
    const { points } = page.stage;
    const { segments } = page;
    page.selection.tool.kind = null;
    if (!segments) return;
    const places = walked(
      vertices.map((vertex) => points.toPixels(vertex)),
      STEP_PX,
    );
    const rows = new Set(places.map(([x, y]) => points.finder.pick(x, y, NEAR_PX)));
    rows.delete(null);
    try {
      const found = await Promise.all([...rows].map((row) => segments.one(/** @type {number} */ (row))));
      if (segments !== page.segments) return;
      this.#queue(firstOfTracks(found).slice(0, MOST_TRACKS));
    } catch (error) {
      page.fail(error);
    }
  }

  /** @param {Segment[]} found */
  #queue(found) {
    const { next, now, toast } = this.page.context;
    if (!found.length) return toast.say("No track with a sound lies along this line.");
    next.add(found);
    toast.say(`${counted(found.length, "track")} along the line ${found.length === 1 ? "is" : "are"} in the queue.`);
    if (!now.player.busy && now.sound !== "off") next.skip(1);
  }
}

/**
 * Places on a line, one after the other, at most a step apart; its corners are among them. Pure.
 * @param {[number, number][]} line @param {number} step @returns {[number, number][]}
 */
export function walked(line, step) {
  return line.flatMap(([x, y], i) => {
    if (i === 0) return [[x, y]];
    const [x0, y0] = line[i - 1];
    const n = Math.max(1, Math.ceil(Math.hypot(x - x0, y - y0) / step));
    return Array.from({ length: n }, (_, j) => {
      const share = (j + 1) / n;
      return /** @type {[number, number]} */ ([x0 + share * (x - x0), y0 + share * (y - y0)]);
    });
  });
}

/** The first segment of each track that has a sound, in their order. Pure. @param {Segment[]} segments */
export function firstOfTracks(segments) {
  const seen = new Set();
  return segments.filter(({ track }) => {
    const isFirst = track.audio !== null && !seen.has(track.id);
    seen.add(track.id);
    return isFirst;
  });
}
