// The Bokeh figure under the points: axes, grid, tools and ranges. All that is known about BokehJS is here and in bokeh.js.

/** @import {Box} from "../types/api" */

import { embed, end } from "./bokeh.js";

/** @typedef {{ left: number, top: number, width: number, height: number }} Frame CSS pixels inside the host */
/** @typedef {{ text: string, line: string, grid: string }} FigureColours */

/** Room for an axis with its picker, or for none. */
const AXIS_PX = { left: 88, bottom: 68 };
const PLAIN_PX = 0;

/**
 * Dispatches `asked` with `{ view }` when one of its tools asks for another view, which it does not get by itself, `layout` (the
 * frame moved), `leave`, and `hover` and `tap` with `{ x, y }` in CSS pixels of the frame.
 */
export class Figure extends EventTarget {
  /** @type {Frame} */
  frame = { left: 0, top: 0, width: 1, height: 1 };
  #x = new Bokeh.Models.Range1d({ start: 0, end: 1 });
  #y = new Bokeh.Models.Range1d({ start: 0, end: 1 });
  #pan = new Bokeh.Models.PanTool();
  #box = new Bokeh.Models.BoxZoomTool();
  #wheel = new Bokeh.Models.WheelZoomTool();
  #axes = [new Bokeh.Models.LinearAxis(), new Bokeh.Models.LinearAxis()];
  #grids = [0, 1].map((dimension) => new Bokeh.Models.Grid({ dimension, axis: this.#axes[dimension] }));
  #hasAxes = true;
  #drawsBoxes = false;
  /** Once it is shown. @type {BokehCanvas | null} */
  #layers = null;
  #plot;
  /** @type {BokehDocument | null} */
  #document = null;

  constructor() {
    super();
    const toolbar = new Bokeh.Models.Toolbar({
      tools: [this.#pan, this.#box, this.#wheel],
      logo: null,
      active_drag: this.#pan,
      active_scroll: this.#wheel,
    });
    this.#plot = new Bokeh.Models.Plot({
      x_range: this.#x,
      y_range: this.#y,
      below: [this.#axes[0]],
      left: [this.#axes[1]],
      center: this.#grids,
      toolbar,
      toolbar_location: null,
      sizing_mode: "stretch_both",
      output_backend: "canvas",
      background_fill_color: null,
      border_fill_color: null,
      outline_line_color: null,
    });
  }

  /** Put the figure into `host`, which has a size. @param {HTMLElement} host @param {AbortSignal} signal */
  async show(host, signal) {
    this.#document = new (Bokeh.require("document").Document)();
    this.#document.add_root(this.#plot);
    signal.addEventListener("abort", () => this.#dispose(), { once: true });
    await embed(this.#document, host, signal);
    // the views are there only now: a stage that was disposed meanwhile has not removed them
    if (signal.aborted) return this.#dispose();
    const view = Bokeh.index.find_one(this.#plot);
    // keys belong to the page, whose map is the one stop of the tabulator
    Object.assign(view.canvas_view.events_el, { tabIndex: -1 }).style.outline = "none";
    view.repainted.connect(() => this.#place(view.frame.bbox));
    this.#place(view.frame.bbox);
    this.#layers = view.canvas_view;
    this.#showLayers();
    // all tools come here: what they ask for is limited before anything is drawn of it
    view.update_range = (asked) => this.#ask(asked);
    this.#listen();
  }

  /** @returns {Box} */
  get view() {
    return [this.#x.start, this.#x.end, this.#y.start, this.#y.end];
  }

  set view([x0, x1, y0, y1]) {
    // without axes nothing of the figure is seen: painting that nothing anew with every frame costs as much as many points
    const silent = !this.#hasAxes;
    this.#x.setv({ start: x0, end: x1 }, { silent });
    this.#y.setv({ start: y0, end: y1 }, { silent });
  }

  /** Where the axes have their numbers, in CSS pixels of the frame. */
  get ticks() {
    const { width, height } = this.frame;
    const [x0, x1, y0, y1] = this.view;
    return {
      x: numbers(this.#axes[0], x0, x1).map(({ share, text }) => ({ at: share * width, text })),
      y: numbers(this.#axes[1], y0, y1).map(({ share, text }) => ({ at: (1 - share) * height, text })),
    };
  }

  /** What dragging does. @param {"pan" | "box"} mode */
  setDrag(mode) {
    this.#pan.setv({ active: mode === "pan" });
    this.#box.setv({ active: mode === "box" });
    this.#drawsBoxes = mode === "box";
    this.#showLayers();
  }

  /** Axes and grid only where their numbers mean something. @param {boolean} visible */
  setAxes(visible) {
    this.#hasAxes = visible;
    this.#showLayers();
    for (const each of [...this.#axes, ...this.#grids]) each.setv({ visible });
    const { left, bottom } = visible ? AXIS_PX : { left: PLAIN_PX, bottom: PLAIN_PX };
    this.#plot.setv({
      min_border_left: left,
      min_border_bottom: bottom,
      min_border_top: PLAIN_PX,
      min_border_right: PLAIN_PX,
    });
  }

  /** @param {FigureColours} colours */
  setColours({ text, line, grid }) {
    for (const axis of this.#axes)
      axis.setv({
        axis_line_color: line,
        major_tick_line_color: line,
        minor_tick_line_color: null,
        major_label_text_color: text,
        major_label_text_font: "system-ui",
        major_label_text_font_size: "12px",
      });
    for (const each of this.#grids) each.setv({ grid_line_color: grid });
    this.#box.overlay?.setv({ line_color: text, line_width: 1, line_dash: [], fill_color: text, fill_alpha: 0.08 });
  }

  /** @param {BokehRanges} ranges */
  #ask({ xrs, yrs }) {
    const [x, y] = [xrs.get(this.#x) ?? this.#x, yrs.get(this.#y) ?? this.#y];
    this.dispatchEvent(new CustomEvent("asked", { detail: { view: [x.start, x.end, y.start, y.end] } }));
  }

  /** A canvas with nothing on it is blended with every frame all the same, where there is no GPU for as long as many points. */
  #showLayers() {
    if (!this.#layers) return;
    const { primary, overlays } = this.#layers;
    primary.el.style.visibility = this.#hasAxes ? "" : "hidden";
    overlays.el.style.visibility = this.#drawsBoxes ? "" : "hidden";
  }

  #dispose() {
    if (this.#document) end(this.#document);
  }

  /** @param {{ left: number, top: number, width: number, height: number }} bbox */
  #place({ left, top, width, height }) {
    const { frame } = this;
    // every repaint comes here, and a resize of the canvas asks for the next one
    if (left === frame.left && top === frame.top && width === frame.width && height === frame.height) return;
    this.frame = { left, top, width, height };
    this.dispatchEvent(new Event("layout"));
  }

  #listen() {
    const send = (/** @type {string} */ name, /** @type {BokehPointEvent} */ { sx, sy }) => {
      const { left, top, width, height } = this.frame;
      const [x, y] = [sx - left, sy - top];
      if (x < 0 || y < 0 || x > width || y > height) this.dispatchEvent(new Event("leave"));
      else this.dispatchEvent(new CustomEvent(name, { detail: { x, y } }));
    };
    this.#plot.on_event("mousemove", (event) => send("hover", event));
    this.#plot.on_event("tap", (event) => send("tap", event));
    this.#plot.on_event("mouseleave", () => this.dispatchEvent(new Event("leave")));
  }
}

/** @param {BokehModel} axis @param {number} low @param {number} high */
function numbers({ ticker, formatter }, low, high) {
  const { major } = ticker.get_ticks(low, high, null, Number.NaN);
  const texts = formatter.doFormat(major, { loc: 0 });
  return major.map((value, i) => ({ share: (value - low) / (high - low), text: texts[i] }));
}
