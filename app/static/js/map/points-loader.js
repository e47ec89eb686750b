// Which points are on the map: all of it, or a sample, and closer the part that is looked at.

/** @import {Box} from "../types/api" */
/** @import {Points} from "../types/points" */
/** @import {MapView} from "../api/points.js" */
/** @import {Stage} from "./stage.js" */

import { points } from "../api/points.js";
import { debounced, Latest, painted } from "../lib/timing.js";
import { covers, detailBox, suffices } from "./viewport.js";

const DETAIL_DELAY_MS = 150;

export class PointsLoader {
  #whole = new Latest();
  #rest = new Latest();
  #close = new Latest();
  /** @type {MapView | null} */
  #view = null;
  /** What the closer points were asked for. @type {Box | null} */
  #box = null;

  /**
   * @param {Stage} stage
   * @param {(error: unknown) => void} onError of looking closer @param {() => void} onCloser finer points are there
   */
  constructor(stage, onError, onCloser) {
    this.stage = stage;
    this.onError = onError;
    this.onCloser = onCloser;
    /** Call whenever the view has moved. */
    this.look = debounced(() => this.#look(), DETAIL_DELAY_MS);
  }

  /**
   * The whole map, for the stage. The points before stay until they are there.
   * @param {MapView} view @param {boolean} [first] as many as are painted at once: a uniform sample of the others, if there are any
   * @returns {Promise<Points | undefined>} undefined when a newer call took over
   */
  async load(view, first = false) {
    this.#close.cancel();
    this.#rest.cancel();
    const loaded = await this.#whole.run((signal) => points(view, null, signal, first));
    if (loaded) {
      this.#view = view;
      this.stage.points.rescaling = view.scale === "shown" && loaded.colour?.kind !== "word";
    }
    return loaded;
  }

  /**
   * All points of a map whose first ones are there, when these are seen: asked for at once they would hold them up.
   * @returns {Promise<Points | undefined>}
   */
  async loadRest() {
    const view = this.#view;
    if (!view) return undefined;
    return this.#rest.run(async (signal) => {
      await painted();
      signal.throwIfAborted();
      return points(view, null, signal);
    });
  }

  /** Nothing is on the stage, or there is no stage any more. */
  cancel() {
    this.#view = null;
    this.look.cancel();
    this.#whole.cancel();
    this.#rest.cancel();
    this.#close.cancel();
  }

  /** Points of the view itself, where those of the whole map are too coarse or only a sample. */
  async #look() {
    const map = this.stage.points;
    const { base, detail } = map.layers;
    if (!base || !this.#view || (!map.rescaling && suffices(base.points, map.view, map.frame))) return;
    const { extent } = base.points;
    const box = detailBox(map.view, extent);
    if (!box) return;
    // what is coloured by what is shown is another for every part of the map
    const isThere = map.rescaling
      ? detail && this.#box?.every((edge, i) => edge === box[i])
      : detail && covers(detail.points.box, map.view, extent) && suffices(detail.points, map.view, map.frame);
    if (isThere) return;
    const view = this.#view;
    try {
      const closer = await this.#close.run((signal) => points(view, box, signal));
      if (!closer || view !== this.#view) return;
      this.stage.setDetail(closer);
      this.#box = box;
      this.onCloser();
    } catch (error) {
      this.onError(error);
    }
  }
}
