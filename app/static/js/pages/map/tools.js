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
      thread: () => page.threads.toggle(),
      help: () => page.context.keys.toggleHelp(),
    };
    for (const [name, run] of Object.entries(actions)) this.#button(name).addEventListener("click", run);
    page.addEventListener("view", () => this.#showThread());
    host.hidden = false;
  }

  toggleDrag() {
    const mode = this.page.stage.toggleDrag();
    this.#button("box").setAttribute("aria-pressed", String(mode === "box"));
  }

  toggleTable() {
    const isOpen = this.page.table.toggle();
    this.#button("table").setAttribute("aria-pressed", String(isOpen));
  }

  #showThread() {
    this.#button("thread").setAttribute("aria-pressed", String(this.page.view.thread === "playing"));
  }

  /** @param {string} name */
  #button(name) {
    return find(this.host, `.tool-${name}`);
  }
}
