// What the view asks for is loaded and drawn. What fails leaves the last good map as it is.

/** @import {Collection} from "../../types/api" */
/** @import {Points} from "../../types/points" */
/** @import {View} from "../../state/view-schema.js" */
/** @import {MapPage} from "./map-page.js" */

import { ApiError, json } from "../../api/client.js";
import { PointsLoader } from "../../map/points-loader.js";
import { hasAxes, networks } from "../../state/choices.js";
import { isOtherMap } from "../../state/view-schema.js";
import { Sentence } from "./sentence.js";

export const NO_FEATURES = { message: "Nothing has been extracted yet.", hint: "Run: flask sync" };

const NOT_FINER = "Finer points are not loaded.";
const NOT_ALL = "Only the first points are loaded.";

/** What is to be seen, and what asked for it. @typedef {{ points: Points, view: View, collection: Collection }} Drawn */

/**
 * Dispatches `drawing` when other points are there and the stage does not have them yet, `drawn` when it has, and `emptied` when
 * there is nothing to show any more.
 */
export class Drawing extends EventTarget {
  /** @type {Drawn | null} */
  #drawn = null;
  /** Another map is on its way, to which the present viewport does not belong. */
  #changing = false;
  #refreshing = false;

  /** @param {MapPage} page */
  constructor(page) {
    super();
    this.page = page;
    this.loader = new PointsLoader(
      page.stage,
      (error) => this.#failCloser(error),
      () => page.notice.mended(NOT_FINER),
    );
  }

  /** Whether what is drawn is a first sample, and the others are on their way. */
  isFirst = false;

  /** What is drawn, and what asked for it. */
  get drawn() {
    return this.#drawn;
  }

  /** The viewport belongs to what is drawn, and to what is asked for. */
  get settled() {
    return this.#drawn !== null && !this.#changing;
  }

  /** The view asks for other points. @param {Set<string>} keys of it that are others now */
  async follow(keys) {
    const otherMap = isOtherMap(keys);
    const isRead = ["colour", "scale", "granularity", "filter"].some((key) => keys.has(key));
    if (otherMap || isRead) await this.#load(otherMap);
    else if (keys.has("box")) this.page.stage.setBox(this.page.view.box);
  }

  /** The collection has changed: read it again. Once at a time, since everything that is asked of it says so. */
  async refresh() {
    if (this.#refreshing) return;
    this.#refreshing = true;
    const { page } = this;
    const { signal, toast } = page.context;
    page.notice.loading("");
    try {
      /** @type {Collection} */
      const collection = await json("/api/collection", signal);
      if (!networks(collection).length) return this.#empty(collection);
      page.collection = collection;
      toast.say("The collection has changed: the map is read again.");
      page.change({});
      await this.#load(true, () => this.refresh());
    } catch (error) {
      if (!signal.aborted) page.notice.failingOver("The collection has changed.", error, () => this.refresh());
    } finally {
      this.#refreshing = false;
    }
  }

  /** @param {boolean} otherMap whether the viewport is another one, too @param {() => void} [retry] */
  async #load(otherMap, retry) {
    const { stage, notice, view } = this.page;
    this.#changing ||= otherMap;
    stage.waiting = true;
    notice.loading(this.#drawn ? "" : "Loading the points …");
    try {
      const points = await this.loader.load(view, otherMap);
      if (!points) return;
      this.isFirst = otherMap && points.n < points.n_matching;
      this.#draw(points, view);
      notice.done();
      if (this.isFirst) await this.#loadRest(view);
    } catch (error) {
      if (this.#drawn) this.#stayWith(this.#drawn, error, retry);
      else this.#failAtFirst(error);
    }
  }

  /** A sample of a large map is seen at once, the others follow. @param {View} view */
  async #loadRest(view) {
    const { stage, notice } = this.page;
    stage.waiting = true;
    notice.loading("");
    try {
      const points = await this.loader.loadRest();
      if (!points || !this.settled) return;
      this.isFirst = false;
      this.#draw(points, view);
      // what is said of another failure stays said
      notice.loaded();
      notice.mended(NOT_ALL);
    } catch (error) {
      stage.waiting = false;
      if (notice.tells(error)) notice.loaded();
      else notice.failingOver(NOT_ALL, error, () => this.#loadRest(view));
    }
  }

  /** There is nothing yet that could stay: what was asked for is still asked for. @param {unknown} error */
  #failAtFirst(error) {
    const { stage, store, notice } = this.page;
    stage.waiting = false;
    store.keep();
    notice.failing(error, () => this.#load(true));
  }

  /**
   * What fails leaves the last good map as it is; sentence and address say again what that is.
   * @param {Drawn} drawn @param {unknown} error @param {() => void} [retry]
   */
  #stayWith({ collection, view }, error, retry) {
    const { page } = this;
    const asked = Sentence.text(page.collection, page.view);
    page.collection = collection;
    const missed = page.store.giveBack();
    this.#changing = false;
    page.stage.waiting = false;
    page.store.set({ box: page.stage.box });
    page.say();
    page.notice.failingOver(`Not loaded: ${asked}.`, error, retry ?? (() => this.#askAgain(missed)));
    this.loader.look();
    // the others gave way to what failed
    if (this.isFirst) this.#loadRest(view);
  }

  /** @param {Partial<View>} missed */
  #askAgain(missed) {
    if (Object.keys(missed).length) this.page.change(missed);
    else this.#load(true);
  }

  /** Finer points are missing: the coarse ones stay. @param {unknown} error */
  #failCloser(error) {
    const { context, notice } = this.page;
    if (context.signal.aborted || notice.tells(error)) return;
    notice.failingOver(NOT_FINER, error, () => {
      notice.mended(NOT_FINER);
      this.loader.look();
    });
  }

  /** @param {Points} points @param {View} view */
  #draw(points, view) {
    const { stage, store, collection } = this.page;
    const otherMap = !this.settled;
    this.#drawn = { points, view, collection };
    this.#changing = false;
    store.keep();
    this.dispatchEvent(new Event("drawing"));
    if (otherMap) stage.setMap(points, hasAxes(view.projection), view.box);
    else stage.setPoints(points);
    this.dispatchEvent(new Event("drawn"));
    this.loader.look();
  }

  /** @param {Collection} collection with nothing to show any more */
  #empty({ next_step }) {
    const { stage, notice } = this.page;
    this.#drawn = null;
    this.loader.cancel();
    stage.clear();
    this.dispatchEvent(new Event("emptied"));
    notice.empty(next_step ?? NO_FEATURES);
  }
}

/** Whether an error says that the collection has changed. @param {unknown} error */
export function isStale(error) {
  return error instanceof ApiError && error.code === "stale_revision";
}
