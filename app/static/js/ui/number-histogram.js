// A histogram of numbers with a slider over it: all of them pale, those that match strong, what is left between the handles.

/** @import {Histogram} from "../types/api" */
/** @import {Range} from "./range-slider.js" */

import { outline } from "../lib/bars.js";
import { element } from "../lib/dom.js";
import { count, measured } from "../lib/format.js";
import { svg } from "../lib/svg.js";
import { RangeSlider } from "./range-slider.js";

const HEIGHT = 48;

export class NumberHistogram {
  #read = element("span", { class: "histogram-read quiet" });

  /**
   * @param {Histogram} found @param {string} name of what is counted
   * @param {(range: { low: number | null, high: number | null }) => void} narrow at least, and less than; null for no end
   */
  constructor(found, name, narrow) {
    this.found = found;
    const { bins } = found;
    // many bins hold little and few hold much: by their square roots both are seen
    const most = Math.sqrt(Math.max(...bins.map(({ n_all }) => n_all)));
    const bars = (/** @type {number[]} */ counts) => outline(counts.map(Math.sqrt), most, HEIGHT);
    const box = { viewBox: `0 0 ${bins.length} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" };
    const picture = svg(
      "svg",
      { class: "histogram-bars", ...box },
      svg("path", { class: "histogram-all", d: bars(bins.map(({ n_all }) => n_all)) }),
      svg("path", { class: "histogram-matching", d: bars(bins.map(({ n_matching }) => n_matching)) }),
    );
    this.slider = new RangeSlider(
      {
        top: bins.length,
        least: 1,
        step: 1,
        page: Math.max(1, Math.round(bins.length / 10)),
        isDrawn: true,
        names: { low: `Lowest ${name}`, high: `Highest ${name}` },
        title: "Drag over the bars to keep a part; double click to keep all",
        moving: (range) => this.#tell(range),
        moved: (range) => narrow(ends(found, range)),
        say: (end, at) => ({ text: this.#edge(end, at) }),
      },
      picture,
    );
    this.slider.range = steps(found);
    this.slider.element.addEventListener("pointermove", (event) => event.buttons || this.#tellBin(event.clientX));
    this.slider.element.addEventListener("pointerleave", () => this.#tellFilter());
    const [first, last] = [bins[0], bins[bins.length - 1]];
    const axis = [measured(first.low, found.unit), `${measured(last.high, found.unit)}${found.unbounded ? " +" : ""}`];
    this.element = element(
      "div",
      {},
      this.slider.element,
      element("div", { class: "histogram-axis quiet" }, element("span", {}, axis[0]), this.#read, element("span", {}, axis[1])),
    );
    this.#tellFilter();
  }

  /** What the filter leaves. Ends that are no edges of bins are told without a count. */
  #tellFilter() {
    const { found } = this;
    const range = steps(found);
    const said = ends(found, range);
    if (said.low === found.low && said.high === found.high) return this.#tell(range);
    const [low, high] = [found.low, found.high].map((end) => end !== null && measured(end, found.unit));
    this.#read.textContent = low && high ? `${low}\u2009–\u2009${high}` : low ? `from ${low}` : `below ${high}`;
  }

  /** What a part holds. @param {Range} range of bins, the last left out */
  #tell({ low, high }) {
    const { bins } = this.found;
    const n = bins.slice(low, high).reduce((sum, { n_matching }) => sum + n_matching, 0);
    const isAll = low === 0 && high === bins.length;
    this.#read.textContent = isAll ? "" : `${this.#part(low, high)}: ${count(n)}`;
  }

  /** @param {number} x of the window */
  #tellBin(x) {
    const { bins } = this.found;
    const at = Math.min(Math.max(Math.floor(this.slider.stepAt(x)), 0), bins.length - 1);
    const { n_matching, n_all } = bins[at];
    this.#read.textContent = `${this.#part(at, at + 1)}: ${count(n_matching)} of ${count(n_all)}`;
  }

  /** @param {number} low @param {number} high the last bin is the one before */
  #part(low, high) {
    const { bins, unit } = this.found;
    const [from, to] = [measured(bins[low].low, unit), this.#edge("high", high)];
    return from === to ? from : `${from}\u2009–\u2009${to}`;
  }

  /** What a handle says; a year holds itself. @param {"low" | "high"} end @param {number} at */
  #edge(end, at) {
    const { bins, unit, unbounded } = this.found;
    if (end === "low") return measured(bins[Math.min(at, bins.length - 1)].low, unit);
    if (unbounded && at === bins.length) return "any more";
    return measured(bins[at - 1].high - (unit === "year" ? 1 : 0), unit);
  }
}

/** Between which edges the filter leaves something. @param {Histogram} found @returns {Range} */
export function steps({ bins, low, high }) {
  const below = low === null ? 0 : bins.filter((bin) => bin.high <= low).length;
  const above = high === null ? 0 : bins.filter((bin) => bin.low >= high).length;
  const from = Math.min(below, bins.length - 1);
  return { low: from, high: Math.max(bins.length - above, from + 1) };
}

/** What a range of bins says of numbers; its outermost edges say nothing. @param {Histogram} found @param {Range} range */
export function ends({ bins }, { low, high }) {
  return { low: low === 0 ? null : bins[low].low, high: high === bins.length ? null : bins[high - 1].high };
}
