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
import { chosen, hasAxes, labels } from "../../state/choices.js";
import { ViewStore } from "../../state/view-store.js";
import { fromQuery, isOtherMap, patched, settle } from "../../state/view-schema.js";
import { AxisPickers } from "./axis-pickers.js";
import { mapKeys } from "./keys.js";
import { Pointing } from "./pointing.js";
import { Sentence } from "./sentence.js";
import { TableOfView } from "./table-of-view.js";
import { Tools } from "./tools.js";

export class MapPage {
  /** @type {Segments | null} */
  segments = null;
  /** @type {Points | null} what is drawn */
  points = null;
  /** Another map is on its way, to which the present viewport does not belong. */
  #changing = false;

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
    this.loader = new PointsLoader(this.stage, (error) => this.fail(error));
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
    // heard before the shell's listener, which tells what nobody else mends
    now.addEventListener("failed", (event) => this.#hear(/** @type {CustomEvent} */ (event)), { signal, capture: true });
    now.offer(() => this.playMiddle(), signal);
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

  /** Tell what failed; a collection that has changed meanwhile is simply read again. @param {unknown} error */
  fail(error) {
    if (this.context.signal.aborted) return;
    if (isStale(error)) this.#refresh();
    else this.context.toast.tell(error);
  }

  playMiddle() {
    const row = this.stage.middle();
    if (row !== null) this.now.play(row);
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
    const { collection, view } = this;
    this.sentence.show(collection, view);
    this.axes.show(collection, view);
    this.context.setTitle(Sentence.text(collection, view));
    const otherMap = isOtherMap(keys);
    if (otherMap || keys.has("colour")) await this.#load(otherMap);
    else if (keys.has("box")) this.stage.setBox(view.box);
  }

  /** @param {boolean} otherMap whether the viewport is another one, too */
  async #load(otherMap) {
    const { view } = this;
    this.#changing = otherMap;
    this.stage.waiting = true;
    this.notice.loading(this.points ? "" : "Loading the points …");
    try {
      const points = await this.loader.load(view);
      if (points) this.#draw(points, view, otherMap);
    } catch (error) {
      this.points = null;
      this.loader.cancel();
      this.stage.clear();
      this.area.removeAttribute("data-axes");
      this.axes.hide();
      this.legend.hidden = true;
      this.notice.failing(error, () => this.#load(true));
    }
  }

  /** @param {Points} points @param {View} view @param {boolean} otherMap */
  #draw(points, view, otherMap) {
    const axes = hasAxes(view.projection);
    this.points = points;
    this.#changing = false;
    this.axes.show(this.collection, this.view);
    this.area.toggleAttribute("data-axes", axes);
    // before the stage fits the map beside it
    this.#showLegend();
    if (otherMap) this.stage.setMap(points, axes, view.box);
    else this.stage.setPoints(points);
    this.axes.place(this.stage.figure.frame);
    this.stage.label = `Map of ${counted(points.n_total, "segment")}: ${Sentence.text(this.collection, view)}`;
    this.notice.done();
    const { network } = chosen(this.collection, this.view);
    this.segments = this.now.use(network, points.revision, labels(network) ? network.name : null, points.rows);
    this.#showPlaying();
    this.table.refresh();
    this.loader.look();
  }

  async #refresh() {
    const { signal, toast } = this.context;
    toast.say("The collection has changed: the map is read again.");
    try {
      this.collection = await json("/api/collection", signal);
      this.store.set(this.#settled(this.view));
      await this.#load(true);
    } catch (error) {
      if (!signal.aborted) this.notice.failing(error, () => this.#refresh());
    }
  }

  /** @param {CustomEvent} event of the player */
  #hear(event) {
    if (!isStale(event.detail)) return;
    event.stopImmediatePropagation();
    this.#refresh();
  }

  #showLegend() {
    if (this.points) showLegend(this.legend, this.collection, this.points);
  }

  #moved() {
    this.loader.look();
    this.table.refresh();
    if (this.points && !this.#changing) this.store.set({ box: this.stage.box });
  }

  #showPlaying() {
    const { segment } = this.now;
    this.stage.mark("playing", segment?.row ?? null);
    this.table.mark(segment?.row ?? null);
    if (segment) this.store.set({ track: segment.track.id, segment: segment.index });
  }
}

/** @param {unknown} error */
function isStale(error) {
  return error instanceof ApiError && error.code === "stale_revision";
}
