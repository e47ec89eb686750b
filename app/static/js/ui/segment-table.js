// The map's content as a table: the segments in view, for those who do not see points, and for reading.

/** @import {Segment} from "../types/api" */

import { element, find } from "../lib/dom.js";
import { count, counted, decimal, span } from "../lib/format.js";

export const MOST_ROWS = 100;

export class SegmentTable {
  /** @param {HTMLElement} panel @param {(row: number) => void} onPlay @param {() => void} onClose */
  constructor(panel, onPlay, onClose) {
    this.onPlay = onPlay;
    this.panel = panel;
    this.body = find(panel, "tbody");
    this.caption = find(panel, "h2");
    find(panel, ".table-close").addEventListener("click", onClose);
  }

  get open() {
    return !this.panel.hidden;
  }

  set open(open) {
    this.panel.hidden = !open;
  }

  /** @param {Segment[]} segments @param {number} n_inView */
  show(segments, n_inView) {
    const all = counted(n_inView, "segment");
    this.caption.textContent = n_inView > segments.length ? `${count(segments.length)} of ${all} in view` : `${all} in view`;
    this.body.replaceChildren(...segments.map((segment) => this.#row(segment)));
  }

  /** @param {number | null} row the one that plays */
  mark(row) {
    for (const line of this.body.children) line.toggleAttribute("data-playing", line.getAttribute("data-row") === String(row));
  }

  /** @param {Segment} segment */
  #row({ row, track, start_s, end_s, tags }) {
    const button = { type: "button", class: "link-button", disabled: !track.audio, onclick: () => this.onPlay(row) };
    const words = tags.slice(0, 3).map(({ label, value }) => `${label} ${decimal(value)}`);
    const cells = [track.artist ?? "", span(start_s, end_s), words.join(", ")].map((text) => element("td", {}, text));
    const title = element("th", { scope: "row" }, element("button", button, track.title));
    return element("tr", { "data-row": row }, title, ...cells);
  }
}
