// The map: what the view asks for is loaded, drawn, and played.

/** @import {Segments} from "../../api/segments.js" */
/** @import {Collection} from "../../types/api" */
/** @import {Points} from "../../types/points" */
/** @import {PageContext} from "../../types/page" */
/** @import {View} from "../../state/view-schema.js" */
/** @import {Notice} from "../../ui/notice.js" */

import { ApiError, json } from "../../api/client.js";
import { find } from "../../lib/dom.js";
import { counted } from "../../lib/format.js";
import { showLegend } from "../../map/legend.js";
import { PointsLoader } from "../../map/points-loader.js";
import { Stage } from "../../map/stage.js";
import { chosen, hasAxes, labels, networks } from "../../state/choices.js";
import { ViewStore } from "../../state/view-store.js";
import { fromQuery, isOtherMap, patched, settle } from "../../state/view-schema.js";
import { AxisPickers } from "./axis-pickers.js";
import { mapKeys } from "./keys.js";
import { Pointing } from "./pointing.js";
import { Sentence } from "./sentence.js";
import { TableOfView } from "./table-of-view.js";
import { Tools } from "./tools.js";

export const NO_FEATURES = { message: "Nothing has been extracted yet.", hint: "Run: flask sync" };

const NOT_FINER = "Finer points are not loaded.";

/** What is to be seen, and what asked for it. @typedef {{ points: Points, view: View, collection: Collection }} Drawn */

export class MapPage {
  /** @type {Segments | null} */
  segments = null;
  /** @type {Drawn | null} */
  #drawn = null;
  /** Another map is on its way, to which the present viewport does not belong. */
  #changing = false;
  #refreshing = false;

  /**
   * @param {HTMLElement} host @param {PageContext} context
   * @param {Collection} collection with something to show @param {Notice} notice
   */
  constructor(host, context, collection, notice) {
    const { now, signal } = context;
    this.context = context;
    this.collection = collection;
    this.notice = notice;
    this.now = now;
    this.area = find(host, ".map-area");
    this.legend = find(host, ".legend");
    const tools = find(host, ".tools");
    this.stage = new Stage(this.area, { label: "Map", describedBy: "map-help", obstacles: () => [this.legend, tools] });
    this.loader = new PointsLoader(
      this.stage,
      (error) => this.#failCloser(error),
      () => this.notice.mended(NOT_FINER),
    );
    this.sentence = new Sentence(find(host, ".sentence"), host, (patch) => this.change(patch));
    this.axes = new AxisPickers(this.area, (patch) => this.change(patch));
    this.pointing = new Pointing(this, signal);
    this.table = new TableOfView(find(host, ".table-panel"), this, signal);
    this.tools = new Tools(tools, this);
    this.store = new ViewStore(this.#settled(this.#asked()), context.address);
    now.sound = this.view.sound;
  }

  get view() {
    return this.store.view;
  }

  async start() {
    const { now, stage } = this;
    const { signal } = this.context;
    await stage.show();
    if (signal.aborted) return;
    this.store.followHistory((asked) => this.#settled(asked), signal);
    this.store.addEventListener("change", (event) => this.#show(/** @type {CustomEvent} */ (event).detail.keys));
    stage.addEventListener("moved", () => this.#moved());
    stage.addEventListener("layout", () => this.axes.place(stage.figure.frame));
    stage.addEventListener("recoloured", () => this.#showLegend());
    now.addEventListener("change", () => this.#showPlaying(), { signal });
    now.addEventListener("sound", () => this.store.set({ sound: now.sound ?? "click" }), { signal });
    now.addEventListener("failed", (event) => this.#hear(/** @type {CustomEvent} */ (event)), { signal });
    now.offer(() => this.#withMiddle((row) => now.play(row)), signal);
    this.context.keys.add(mapKeys(this), signal);
    await this.#show(new Set(Object.keys(this.view)));
    const { track, segment } = this.view;
    if (!now.segment && track !== null && segment !== null) await now.restore(track, segment);
  }

  dispose() {
    // the address that is left keeps the box that was seen last
    this.store.flush();
    this.loader.cancel();
    this.stage.dispose();
  }

  /** Ask for another view; what it does not name stays, but for what it makes meaningless. @param {Partial<View>} patch */
  change(patch) {
    this.store.set(this.#settled(patched(this.view, patch)));
  }

  /** What asked for the points that are drawn: while others are on their way, `view` is theirs. */
  get shown() {
    return this.#drawn?.view ?? this.view;
  }

  /** What is drawn. @returns {Points | null} */
  get points() {
    return this.#drawn?.points ?? null;
  }

  /** Tell what failed; a collection that has changed meanwhile is simply read again. @param {unknown} error */
  fail(error) {
    if (this.context.signal.aborted) return;
    if (isStale(error)) this.#refresh();
    else if (!this.notice.tells(error)) this.context.toast.tell(error);
  }

  /** A point, or its line in the table, was chosen: it plays, unless sound is off. @param {number} row */
  choose(row) {
    if (this.now.sound === "off") this.now.show(row);
    else this.now.play(row);
  }

  chooseMiddle() {
    this.#withMiddle((row) => this.choose(row));
  }

  /** @param {(row: number) => void} act on the row nearest to the middle of the view */
  #withMiddle(act) {
    const row = this.stage.middle();
    if (row !== null) act(row);
    else if (this.points) this.context.toast.say("No segment is in view: press 0 for the whole map.");
  }

  /** What the address asks for, except what the player says already. */
  #asked() {
    const asked = fromQuery(this.context.address.query);
    const { segment, sound } = this.now;
    if (sound) asked.sound = sound;
    if (segment) Object.assign(asked, { track: segment.track.id, segment: segment.index });
    return asked;
  }

  /** @param {Partial<View>} asked */
  #settled(asked) {
    const { view, unknown } = settle(this.collection, asked);
    if (unknown.length)
      this.context.toast.say(`Not in this collection: ${unknown.join(", ")}. The nearest that is there is shown.`);
    return view;
  }

  /** @param {Set<string>} keys of the view that are others now */
  async #show(keys) {
    this.#say();
    const otherMap = isOtherMap(keys);
    if (otherMap || keys.has("colour")) await this.#load(otherMap);
    else if (keys.has("box")) this.stage.setBox(this.view.box);
  }

  /** What is asked for, in words. */
  #say() {
    const { collection, view } = this;
    this.sentence.show(collection, view);
    this.axes.show(collection, view);
    this.context.setTitle(Sentence.text(collection, view));
  }

  /** @param {boolean} otherMap whether the viewport is another one, too @param {() => void} [retry] */
  async #load(otherMap, retry) {
    const { view } = this;
    this.#changing ||= otherMap;
    this.stage.waiting = true;
    this.notice.loading(this.#drawn ? "" : "Loading the points …");
    try {
      const points = await this.loader.load(view);
      if (points) this.#draw(points, view);
    } catch (error) {
      if (this.#drawn) this.#stayWith(this.#drawn, error, retry);
      else this.#failAtFirst(error);
    }
  }

  /** There is nothing yet that could stay: what was asked for is still asked for. @param {unknown} error */
  #failAtFirst(error) {
    this.stage.waiting = false;
    this.store.keep();
    this.notice.failing(error, () => this.#load(true));
  }

  /**
   * What fails leaves the last good map as it is; sentence and address say again what that is.
   * @param {Drawn} drawn @param {unknown} error @param {() => void} [retry]
   */
  #stayWith({ collection }, error, retry) {
    const asked = Sentence.text(this.collection, this.view);
    const missed = this.store.giveBack();
    this.collection = collection;
    this.#changing = false;
    this.stage.waiting = false;
    this.store.set({ box: this.stage.box });
    this.#say();
    this.notice.failingOver(`Not loaded: ${asked}.`, error, retry ?? (() => this.#askAgain(missed)));
    this.loader.look();
  }

  /** @param {Partial<View>} missed */
  #askAgain(missed) {
    if (Object.keys(missed).length) this.change(missed);
    else this.#load(true);
  }

  /** Finer points are missing: the coarse ones stay. @param {unknown} error */
  #failCloser(error) {
    if (this.context.signal.aborted || this.notice.tells(error)) return;
    this.notice.failingOver(NOT_FINER, error, () => {
      this.notice.mended(NOT_FINER);
      this.loader.look();
    });
  }

  /** @param {Points} points @param {View} view */
  #draw(points, view) {
    const axes = hasAxes(view.projection);
    const otherMap = this.#changing || !this.#drawn;
    this.#drawn = { points, view, collection: this.collection };
    this.#changing = false;
    this.store.keep();
    this.axes.show(this.collection, view);
    this.area.toggleAttribute("data-axes", axes);
    // before the stage fits the map beside it
    this.#showLegend();
    if (otherMap) this.stage.setMap(points, axes, view.box);
    else this.stage.setPoints(points);
    this.axes.place(this.stage.figure.frame);
    this.stage.label = `Map of ${counted(points.n_total, "segment")}: ${Sentence.text(this.collection, view)}`;
    this.notice.done();
    const { network } = chosen(this.collection, view);
    this.segments = this.now.use(network, points.revision, labels(network) ? network.name : null, points.rows);
    this.#showPlaying();
    this.table.refresh();
    this.loader.look();
  }

  /** Once at a time: everything that is asked of a collection that has changed says so. */
  async #refresh() {
    if (this.#refreshing) return;
    this.#refreshing = true;
    const { signal, toast } = this.context;
    this.notice.loading("");
    try {
      /** @type {Collection} */
      const collection = await json("/api/collection", signal);
      if (!networks(collection).length) return this.#empty(collection);
      this.collection = collection;
      toast.say("The collection has changed: the map is read again.");
      this.store.set(this.#settled(this.view));
      await this.#load(true, () => this.#refresh());
    } catch (error) {
      if (!signal.aborted) this.notice.failingOver("The collection has changed.", error, () => this.#refresh());
    } finally {
      this.#refreshing = false;
    }
  }

  /** @param {Collection} collection with nothing to show any more */
  #empty({ next_step }) {
    this.#drawn = null;
    this.segments = null;
    this.loader.cancel();
    this.stage.clear();
    this.area.removeAttribute("data-axes");
    this.axes.hide();
    this.legend.hidden = true;
    this.table.refresh();
    this.notice.empty(next_step ?? NO_FEATURES);
  }

  /** @param {CustomEvent} event of the player */
  #hear(event) {
    const error = event.detail;
    if (!isStale(error) && !this.notice.tells(error)) return;
    event.preventDefault();
    this.fail(error);
  }

  #showLegend() {
    if (this.#drawn) showLegend(this.legend, this.#drawn.collection, this.#drawn.view, this.#drawn.points);
  }

  #moved() {
    this.loader.look();
    this.table.refresh();
    if (this.points && !this.#changing) this.store.set({ box: this.stage.box });
  }

  #showPlaying() {
    const { segment, row } = this.now;
    this.stage.mark("playing", row);
    this.table.mark(row);
    if (segment && row !== null) this.store.set({ track: segment.track.id, segment: segment.index });
  }
}

/** @param {unknown} error */
function isStale(error) {
  return error instanceof ApiError && error.code === "stale_revision";
}
