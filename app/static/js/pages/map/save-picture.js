// The dialog that saves a picture of what is seen, with its legend and a caption, as a PNG or SVG file.

/** @import {Layout} from "../../types/picture" */
/** @import {MapPage} from "./map-page.js" */

import { element, find } from "../../lib/dom.js";
import { download } from "../../lib/download.js";
import { count } from "../../lib/format.js";
import { fileName } from "../../picture/file-name.js";
import { layout } from "../../picture/layout.js";
import { measuring, paint } from "../../picture/paint.js";
import { shortName } from "../../state/colours.js";
import { told } from "../../ui/notice.js";
import { areFew, MOST_SHAPES, onScreen, png, svg } from "./picture-files.js";
import { pictureFacts } from "./picture-facts.js";

const NO_POINTS = "There are no points to make a picture of.";
const IN_SHAPES = "everything as shapes, to scale and to edit";
const EMBEDDED = `text and axes as shapes, the points as a picture: more than ${count(MOST_SHAPES)} shapes open slowly`;

/** @typedef {{ name: string, density: number | null, detail: string }} Choice pixels for a CSS pixel; null: SVG, which has none */

export class SavePicture {
  #list;
  #preview;

  /** @param {HTMLDialogElement} dialog @param {HTMLButtonElement} button @param {MapPage} page @param {AbortSignal} signal */
  constructor(dialog, button, page, signal) {
    this.dialog = dialog;
    this.button = button;
    this.page = page;
    this.signal = signal;
    this.#list = find(dialog, "ul");
    this.#preview = /** @type {HTMLCanvasElement} */ (find(dialog, "canvas"));
    // keys of the map mean nothing here
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    find(dialog, ".picture-close").addEventListener("click", () => dialog.close());
    page.addEventListener("drawn", () => this.#follow());
    page.addEventListener("emptied", () => this.#follow());
    for (const event of ["recoloured", "layout"]) page.stage.addEventListener(event, () => dialog.open && this.#renew());
    const run = () => this.open();
    page.context.keys.add([{ keys: ["e", "E"], shown: "E", does: "save a picture of what is seen", run }], signal);
    this.#follow();
  }

  open() {
    if (!this.page.points?.n) return this.page.context.toast.say(NO_POINTS);
    this.#say("");
    // there is something to choose before the dialog looks for what takes the focus
    this.#offer(this.#arranged(new Date()).arranged);
    this.dialog.showModal();
    this.#show();
  }

  /** Without points there is nothing to save. */
  #follow() {
    this.button.disabled = !this.page.points?.n;
    if (!this.dialog.open) return;
    if (this.button.disabled) this.dialog.close();
    else this.#renew();
  }

  #renew() {
    this.#offer(this.#arranged(new Date()).arranged);
    this.#show();
  }

  /** @param {Layout} arranged what can be saved */
  #offer({ width, height }) {
    const pixels = (/** @type {number} */ density) => `${count(width * density)} × ${count(height * density)} pixels`;
    /** @type {Choice[]} */
    const choices = [
      { name: "PNG", density: 1, detail: pixels(1) },
      { name: "PNG, twice as fine", density: 2, detail: pixels(2) },
      { name: "SVG", density: null, detail: areFew(this.page) ? IN_SHAPES : EMBEDDED },
    ];
    this.#list.replaceChildren(...choices.map((choice) => this.#line(choice)));
  }

  /** What it looks like. */
  #show() {
    const { arranged, family } = this.#arranged(new Date());
    const { width, height } = arranged;
    const density = (this.#preview.clientWidth * devicePixelRatio) / width;
    Object.assign(this.#preview, { width: Math.round(width * density), height: Math.round(height * density) });
    const context = /** @type {CanvasRenderingContext2D} */ (this.#preview.getContext("2d"));
    paint(context, arranged, onScreen(this.page), density, family);
  }

  /** @param {Choice} choice */
  #line(choice) {
    const attributes = { type: "button", class: "plain-button", onclick: () => this.#save(choice) };
    return element("li", {}, element("button", attributes, choice.name), element("span", { class: "quiet" }, choice.detail));
  }

  /** @param {Choice} choice */
  async #save({ density }) {
    const { page } = this;
    const date = new Date();
    this.dialog.toggleAttribute("data-busy", true);
    try {
      const { arranged, family } = this.#arranged(date);
      const file = await (density === null ? svg(page, arranged) : png(page, arranged, density, family));
      if (this.signal.aborted) return;
      const { network, layer, projection, colour } = page.shown;
      const coloured = colour === null ? null : shortName(page.collection, colour);
      const ending = density === null ? ".svg" : `${density === 1 ? "" : `-${density}x`}.png`;
      download(file, fileName([network, layer, projection, coloured], date, ending));
      this.#say("");
    } catch (error) {
      const { message, hint } = told(error);
      this.#say(`${message} ${hint}`.trim());
    } finally {
      this.dialog.removeAttribute("data-busy");
    }
  }

  /** @param {Date} date */
  #arranged(date) {
    const family = getComputedStyle(document.body).fontFamily;
    return { arranged: layout(pictureFacts(this.page, date), measuring(family)), family };
  }

  /** @param {string} text what failed; it is said in the dialog, which lies over everything else */
  #say(text) {
    find(this.dialog, ".problem").textContent = text;
  }
}
