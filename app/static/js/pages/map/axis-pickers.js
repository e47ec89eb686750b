// The names of the axes are pickers that sit on the axes.

/** @import {Collection} from "../../types/api" */
/** @import {MapPage} from "./map-page.js" */
/** @import {View} from "../../state/view-schema.js" */

import { element } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { hasAxes } from "../../state/choices.js";
import { ViewPicker } from "./view-picker.js";

export class AxisPickers {
  /** @type {View | null} */
  #view = null;

  /** @param {HTMLElement} host of the stage @param {MapPage} page */
  constructor(host, page) {
    const change = (/** @type {Partial<View>} */ patch) => page.change(patch);
    this.stage = page.stage;
    this.x = new ViewPicker("x", host, change, "axis-x");
    this.y = new ViewPicker("y", host, change, "axis-y");
    const name = "Swap the axes";
    const swap = () => change({ x: this.#view?.y, y: this.#view?.x });
    const attributes = { type: "button", class: "tool axis-swap", "aria-label": name, title: name, onclick: swap };
    this.all = [this.x.button, this.y.button, element("button", attributes, icon("swap"))];
    host.append(...this.all);
    // the points that come may be another map's than the view that is asked for by then
    page.addEventListener("drawing", () => this.show(page.collection, page.shown));
    page.addEventListener("drawn", () => this.#place());
    page.addEventListener("emptied", () => this.#hide());
    page.stage.addEventListener("layout", () => this.#place());
  }

  /** @param {Collection} collection @param {View} view */
  show(collection, view) {
    this.#view = view;
    const visible = hasAxes(view.projection);
    for (const each of this.all) each.hidden = !visible;
    if (visible) for (const picker of [this.x, this.y]) picker.show(collection, view);
  }

  #hide() {
    for (const each of this.all) each.hidden = true;
  }

  /** In the middle of each axis. */
  #place() {
    const { left, top, width, height } = this.stage.figure.frame;
    this.x.button.style.left = `${left + width / 2}px`;
    this.y.button.style.top = `${top + height / 2}px`;
  }
}
