// Which points are on the map: all of it, or a sample, and closer the part that is looked at.

/** @import {Points} from "../types/api" */
/** @import {View} from "../types/view" */
/** @import {PointMap} from "../plot/point-map.js" */

import { points } from "../api/points.js";
import { Latest, debounced } from "../lib/timing.js";
import { covers, detailBox, suffices } from "../plot/viewport.js";

const DETAIL_DELAY_MS = 150;

export class PointsLoader {
  #whole = new Latest();
  #close = new Latest();
  /** @type {View | null} */
  #view = null;

  /** @param {PointMap} map @param {(error: unknown) => void} onError of looking closer */
  constructor(map, onError) {
    this.map = map;
    this.onError = onError;
    /** Call whenever the view has moved. */
    this.look = debounced(() => this.#look(), DETAIL_DELAY_MS);
  }

  /** The whole map. The points before stay until it is there. @param {View} view @returns {Promise<Points | undefined>} */
  async load(view) {
    this.#close.cancel();
    const loaded = await this.#whole.run((signal) => points(view, null, signal));
    if (!loaded) return undefined;
    this.#view = view;
    this.map.setPoints("detail", null);
    this.map.setPoints("base", loaded);
    return loaded;
  }

  clear() {
    this.#view = null;
    this.map.setPoints("base", null);
    this.map.setPoints("detail", null);
  }

  /** Points of the view itself, where those of the whole map are too coarse or only a sample. */
  async #look() {
    const { map } = this;
    const { base, detail } = map.layers;
    if (!base || !this.#view || suffices(base.points, map.view, map.frame)) return;
    const { extent } = base.points;
    if (detail && covers(detail.points.box, map.view, extent) && suffices(detail.points, map.view, map.frame)) return;
    const box = detailBox(map.view, extent);
    if (!box) return;
    const view = this.#view;
    try {
      const closer = await this.#close.run((signal) => points(view, box, signal));
      if (closer && view === this.#view) map.setPoints("detail", closer);
    } catch (error) {
      this.onError(error);
    }
  }
}
