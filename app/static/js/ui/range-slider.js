// A slider with two handles: what lies between them is kept. Steps are whole numbers from 0 on; it does not know what they mean.

import { element } from "../lib/dom.js";

/** @typedef {{ low: number, high: number }} Range */
/** @typedef {"low" | "high"} End */

const ENDS = /** @type {End[]} */ (["low", "high"]);

/**
 * @typedef {object} Wanted
 * @property {number} top the last step
 * @property {number} least how far the handles stay apart
 * @property {number} page steps that Page Up and Page Down go
 * @property {number} step steps that an arrow goes
 * @property {boolean} [isDrawn] whether a drag beside the handles makes another range
 * @property {Record<End, string>} names of the handles
 * @property {string} title
 * @property {(range: Range) => void} moving a handle is being dragged
 * @property {(range: Range) => void} moved it is let go, or was moved by a key
 * @property {(end: End, at: number) => { text: string, colour?: string }} say what a step means
 */

export class RangeSlider {
  /** @type {Range} */
  #range;
  /** Whether it is another than was told. */
  #isMoved = false;
  #handles;

  /** @param {Wanted} wanted @param {...Element} behind what the handles stand over */
  constructor(wanted, ...behind) {
    this.wanted = wanted;
    this.#range = { low: 0, high: wanted.top };
    this.#handles = { low: this.#handle("low"), high: this.#handle("high") };
    this.shades = { low: element("div", { class: "range-shade" }), high: element("div", { class: "range-shade" }) };
    const over = [...Object.values(this.shades), ...Object.values(this.#handles)];
    this.element = element("div", { class: "range-slider", title: wanted.title }, ...behind, ...over);
    this.element.addEventListener("dblclick", () => this.#set({ low: 0, high: wanted.top }, true));
    if (wanted.isDrawn) this.#draw();
  }

  /** @param {Range} range */
  set range(range) {
    this.#range = range;
    this.#show();
  }

  /** Where a step stands. @template {HTMLElement} T @param {T} node @param {number} at @returns {T} */
  place(node, at) {
    node.style.left = `${(100 * at) / this.wanted.top}%`;
    return node;
  }

  /** The step at a place, with its part. @param {number} x of the window */
  stepAt(x) {
    const { left, width } = this.element.getBoundingClientRect();
    return ((x - left) / width) * this.wanted.top;
  }

  /** A drag from one step to another leaves all between. A press that goes nowhere may begin a double click. */
  #draw() {
    /** Where it began. @type {number | null} */
    let from = null;
    this.element.addEventListener("pointerdown", (event) => {
      if (event.button || (event.target instanceof Element && event.target.closest(".range-handle"))) return;
      from = this.stepAt(event.clientX);
      this.element.setPointerCapture(event.pointerId);
    });
    this.element.addEventListener("pointermove", (event) => {
      if (from === null) return;
      const to = this.stepAt(event.clientX);
      const { top, least } = this.wanted;
      const low = clamp(Math.floor(Math.min(from, to)), 0, top - least);
      this.#set({ low, high: clamp(Math.ceil(Math.max(from, to)), low + least, top) }, false);
    });
    this.element.addEventListener("pointerup", () => {
      if (from !== null && this.#isMoved) this.#set(this.#range, true);
      from = null;
    });
    this.element.addEventListener("pointercancel", () => {
      from = null;
    });
  }

  /** @param {End} end */
  #handle(end) {
    const { names, top, step, page } = this.wanted;
    const attributes = { class: "range-handle", role: "slider", tabindex: 0, "aria-label": names[end] };
    const handle = element("div", { ...attributes, "aria-valuemin": 0, "aria-valuemax": top });
    /** @type {Record<string, number>} */
    const steps = {
      ArrowRight: step,
      ArrowUp: step,
      ArrowLeft: -step,
      ArrowDown: -step,
      PageUp: page,
      PageDown: -page,
      Home: -top,
      End: top,
    };
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.focus();
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (handle.hasPointerCapture(event.pointerId)) this.#move(end, Math.round(this.stepAt(event.clientX)), false);
    });
    handle.addEventListener("lostpointercapture", () => this.wanted.moved(this.#range));
    handle.addEventListener("keydown", (event) => {
      if (!(event.key in steps)) return;
      event.preventDefault();
      // the page's own keys move the map
      event.stopPropagation();
      this.#move(end, this.#range[end] + steps[event.key], true);
    });
    return handle;
  }

  /** @param {End} end @param {number} at @param {boolean} isLasting */
  #move(end, at, isLasting) {
    const { low, high } = this.#range;
    const { top, least } = this.wanted;
    const next = end === "low" ? { low: clamp(at, 0, high - least), high } : { low, high: clamp(at, low + least, top) };
    this.#set(next, isLasting);
  }

  /** @param {Range} range @param {boolean} isLasting */
  #set(range, isLasting) {
    this.range = range;
    this.#isMoved = !isLasting;
    (isLasting ? this.wanted.moved : this.wanted.moving)(range);
  }

  #show() {
    const { top } = this.wanted;
    for (const end of ENDS) {
      const at = this.#range[end];
      const handle = this.place(this.#handles[end], at);
      const { text, colour } = this.wanted.say(end, at);
      handle.setAttribute("aria-valuenow", String(at));
      handle.setAttribute("aria-valuetext", text);
      handle.title = text;
      if (colour) handle.style.setProperty("--colour", colour);
    }
    this.shades.low.style.width = `${(100 * this.#range.low) / top}%`;
    this.shades.high.style.width = `${100 - (100 * this.#range.high) / top}%`;
  }
}

/** @param {number} value @param {number} low @param {number} high */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
