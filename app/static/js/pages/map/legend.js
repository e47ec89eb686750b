// Keeps the legend in step with what is drawn.

/** @import {MapPage} from "./map-page.js" */

import { showLegend } from "../../map/legend.js";

export class Legend {
  /** @param {HTMLElement} host @param {MapPage} page */
  constructor(host, page) {
    this.host = host;
    this.page = page;
    page.addEventListener("drawing", () => this.#show());
    page.addEventListener("emptied", () => this.#hide());
    page.stage.addEventListener("recoloured", () => this.#show());
  }

  #show() {
    const { drawn } = this.page.drawing;
    if (drawn) showLegend(this.host, drawn.collection, drawn.view, drawn.points);
  }

  #hide() {
    this.host.hidden = true;
  }
}
