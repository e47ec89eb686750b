// The present track as a thin taggram with a play head: where one is, and where the music changes.

/** @import {Segment, Taggram} from "../types/api" */

import { element, find } from "../lib/dom.js";
import { isolated, span } from "../lib/format.js";
import { activationColour, onThemeChange } from "../map/theme.js";

const ROWS = 6;

export class TaggramStrip {
  /** @type {Taggram | null} */
  #taggram = null;
  /** @type {Segment | null} */
  #segment = null;

  /** @param {HTMLElement} host @param {(index: number) => void} onSegment */
  constructor(host, onSegment) {
    this.canvas = element("canvas", { class: "strip-canvas", width: 1, height: ROWS });
    this.piece = element("div", { class: "strip-piece", hidden: true });
    this.head = element("div", { class: "strip-head", hidden: true });
    this.host = host;
    this.names = find(/** @type {HTMLElement} */ (host.parentElement), ".strip-names");
    onThemeChange(() => this.#draw(this.#taggram));
    const hint = element("span", { class: "strip-hint" }, "A track’s tags over time show here.");
    host.append(this.canvas, this.piece, this.head, hint);
    host.addEventListener("click", (event) => {
      const { left, width } = host.getBoundingClientRect();
      if (this.#segment)
        onSegment(Math.min(Math.floor(((event.clientX - left) / width) * this.#segment.n_segments), this.#segment.n_segments - 1));
    });
  }

  /** @param {Segment | null} segment @param {Taggram | null} taggram */
  show(segment, taggram) {
    if (taggram !== this.#taggram) this.#draw(taggram);
    this.#taggram = taggram;
    this.#segment = segment;
    this.piece.hidden = this.head.hidden = !segment;
    this.host.toggleAttribute("data-empty", !taggram);
    if (!taggram) this.names.replaceChildren();
    if (!segment) return;
    this.piece.style.left = `${(100 * segment.index) / segment.n_segments}%`;
    this.piece.style.width = `${100 / segment.n_segments}%`;
    this.host.setAttribute("aria-valuemin", "1");
    this.host.setAttribute("aria-valuemax", String(segment.n_segments));
    this.host.setAttribute("aria-valuenow", String(segment.index + 1));
    this.host.setAttribute(
      "aria-valuetext",
      `Segment ${segment.index + 1} of ${segment.n_segments}, ${span(segment.start_s, segment.end_s)}`,
    );
  }

  /** @param {number} time_s of the play head */
  move(time_s) {
    if (!this.#segment) return;
    const hop_s = this.#taggram?.hop_s ?? this.#segment.end_s - this.#segment.start_s;
    this.head.style.left = `${Math.min(100, (100 * time_s) / (hop_s * this.#segment.n_segments))}%`;
  }

  /** One column per segment, one row for each of the tags with the highest mean. @param {Taggram | null} taggram */
  #draw(taggram) {
    const n_segments = taggram?.values.length ?? 1;
    Object.assign(this.canvas, { width: n_segments, height: ROWS });
    if (!taggram) return;
    const tags = strongest(taggram);
    const high = Math.max(0.1, ...tags.map((tag) => Math.max(...taggram.values.map((row) => row[tag]))));
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    const image = context.createImageData(n_segments, ROWS);
    tags.forEach((tag, row) => {
      for (let i = 0; i < n_segments; i++)
        image.data.set([...activationColour(taggram.values[i][tag] / high), 255], 4 * (row * n_segments + i));
    });
    context.putImageData(image, 0, 0);
    this.names.replaceChildren(...tags.map((tag) => element("li", { dir: "auto" }, taggram.labels[tag])));
    const names = tags.map((tag) => isolated(taggram.labels[tag])).join(", ");
    this.host.title = `Activations over time: ${names}. Click to play from there.`;
  }
}

/** Indices of the tags with the highest mean, highest first. @param {Taggram} taggram */
function strongest({ labels, values }) {
  const sums = labels.map((_, tag) => values.reduce((sum, row) => sum + row[tag], 0));
  const order = labels.map((_, tag) => tag).sort((a, b) => sums[b] - sums[a]);
  return order.slice(0, ROWS);
}
