// The buttons over the map.

/** @import {MapPage} from "./map-page.js" */

import { find } from "../../lib/dom.js";
import { ZOOM } from "./keys.js";

export class Tools {
  /** @param {HTMLElement} host @param {MapPage} page */
  constructor(host, page) {
    this.host = host;
    this.page = page;
    const { stage } = page;
    const actions = {
      in: () => stage.zoom(ZOOM),
      out: () => stage.zoom(1 / ZOOM),
      whole: () => stage.showWhole(),
      box: () => this.toggleDrag(),
      table: () => this.toggleTable(),
      lasso: () => page.selection.toggleTool("lasso"),
      pick: () => page.selection.toggleTool("box"),
      selection: () => page.selectionPanel.toggle(),
      thread: () => page.threads.toggle(),
      labels: () => page.regions.toggle(),
      views: () => page.views.open(),
      picture: () => page.picture.open(),
      help: () => page.context.keys.toggleHelp(),
    };
    for (const [name, run] of Object.entries(actions)) this.#button(name).addEventListener("click", run);
    page.addEventListener("view", () => this.#showChoices());
    page.addEventListener("beside", () => {
      if (this.isTableOpen && page.beside !== page.table) this.#press("table", page.table.toggle());
    });
    page.selection.addEventListener("tool", () => this.#showTool());
    host.hidden = false;
  }

  get isTableOpen() {
    return this.#button("table").getAttribute("aria-pressed") === "true";
  }

  toggleDrag() {
    const mode = this.page.stage.toggleDrag();
    this.#press("box", mode === "box");
  }

  /** The table takes the place of the selection beside the map, and gives it back. */
  toggleTable() {
    const { page } = this;
    const willOpen = !this.isTableOpen;
    this.#press("table", page.table.toggle());
    page.beside = willOpen ? page.table : null;
    if (!willOpen && page.selection.facts) page.selectionPanel.open = true;
  }

  openTable() {
    if (!this.isTableOpen) this.toggleTable();
  }

  /** @param {boolean} isOpen whether the panel of the selection is */
  showPanel(isOpen) {
    this.#press("selection", isOpen);
  }

  #showTool() {
    const { kind } = this.page.selection.tool;
    this.#press("lasso", kind === "lasso");
    this.#press("pick", kind === "box");
  }

  #showChoices() {
    this.#press("thread", this.page.view.thread === "playing");
    this.#press("labels", this.page.view.labels);
  }

  /** @param {string} name @param {boolean} isPressed */
  #press(name, isPressed) {
    this.#button(name).setAttribute("aria-pressed", String(isPressed));
  }

  /** @param {string} name */
  #button(name) {
    return find(this.host, `.tool-${name}`);
  }
}
