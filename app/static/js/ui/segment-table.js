// The map's content as a table: the segments in view, for those who do not see points, and for reading.

/** @import {Segment} from "../types/api" */

import { byId, element } from "../lib/dom.js";
import { count, counted, decimal, span } from "../lib/format.js";

export const MOST_ROWS = 100;

export class SegmentTable {
  /** @param {(row: number) => void} onPlay @param {() => void} onToggle */
  constructor(onPlay, onToggle) {
    this.onPlay = onPlay;
    this.panel = byId("table-panel");
    this.body = byId("table-body");
    this.caption = byId("table-caption");
    byId("table-close").addEventListener("click", onToggle);
  }

  get open() {
    return !this.panel.hidden;
  }

  set open(open) {
    this.panel.hidden = !open;
    byId("tool-table").setAttribute("aria-pressed", String(open));
  }

  /** @param {Segment[]} segments @param {number} n_inView */
  show(segments, n_inView) {
    const more = n_inView > segments.length;
    this.caption.textContent = more
      ? `${count(segments.length)} of ${counted(n_inView, "segment")} in view`
      : `${counted(segments.length, "segment")} in view`;
    this.body.replaceChildren(...segments.map((segment) => this.#row(segment)));
  }

  /** @param {number | null} row the one that plays */
  mark(row) {
    for (const line of this.body.children) line.toggleAttribute("data-playing", line.getAttribute("data-row") === String(row));
  }

  /** @param {Segment} segment */
  #row({ row, track, start_s, end_s, tags }) {
    const play = element(
      "button",
      { type: "button", class: "link-button", disabled: !track.audio, onclick: () => this.onPlay(row) },
      track.title,
    );
    const words = tags
      .slice(0, 3)
      .map(({ label, value }) => `${label} ${decimal(value)}`)
      .join(", ");
    const cells = [
      element("th", { scope: "row" }, play),
      ...[track.artist ?? "", span(start_s, end_s), words].map((text) => element("td", {}, text)),
    ];
    return element("tr", { "data-row": row }, ...cells);
  }
}
