// The map: what the view asks for is loaded, drawn, and played.

/** @import {Collection, Points} from "../types/api" */
/** @import {View} from "../types/view" */

import { ApiError, json } from "../api/client.js";
import { Segments } from "../api/segments.js";
import { NowPlaying } from "../audio/now-playing.js";
import { Player } from "../audio/player.js";
import { byId } from "../lib/dom.js";
import { counted } from "../lib/format.js";
import { onThemeChange } from "../plot/theme.js";
import { Stage } from "../plot/stage.js";
import { chosen, hasAxes, labels, settle } from "../state/choices.js";
import { ViewStore } from "../state/view-store.js";
import { AxisPickers } from "../ui/axis-pickers.js";
import { Keys } from "../ui/keys.js";
import { showLegend } from "../ui/legend.js";
import { Notice } from "../ui/notice.js";
import { PlayerBar } from "../ui/player-bar.js";
import { Sentence } from "../ui/sentence.js";
import { Toast } from "../ui/toast.js";
import { mapKeys } from "./map-keys.js";
import { Pointing } from "./pointing.js";
import { PointsLoader } from "./points-loader.js";
import { TableOfView } from "./table-of-view.js";

const MAP_KEYS = /** @type {const} */ (["network", "layer", "projection", "x", "y"]);
const AXES_RESET = /** @type {const} */ (["network", "layer", "projection"]);

export class MapPage {
  toast = new Toast(byId("toast"));
  notice = new Notice(byId("notice"), byId("progress"));
  player = new Player(byId("sound"));
  now = new NowPlaying(this.player);
  stage = new Stage();
  loader = new PointsLoader(this.stage.points, (error) => this.fail(error));
  bar = new PlayerBar(this.now, { sound: (sound) => this.change({ sound }), play: () => this.playOrPause() });
  sentence = new Sentence(byId("sentence"), (patch) => this.change(patch));
  axes = new AxisPickers(byId("stage"), (patch) => this.change(patch));
  pointing = new Pointing(this);
  table = new TableOfView(this);
  /** @type {Segments | null} */
  segments = null;
  /** @type {Points | null} what is drawn */
  points = null;
  /** Another map is on its way, to which the present viewport does not belong. */
  #changing = false;

  /** @param {Collection} collection with something to show @param {Partial<View>} asked */
  constructor(collection, asked) {
    this.collection = collection;
    this.store = new ViewStore(this.#settled(asked));
    this.keys = new Keys(/** @type {HTMLDialogElement} */ (byId("help")), mapKeys(this));
  }

  get view() {
    return this.store.view;
  }

  async start() {
    await this.stage.show();
    this.store.followHistory((asked) => this.#settled(asked));
    this.store.addEventListener("change", (event) => this.#show(/** @type {CustomEvent} */ (event).detail.keys));
    this.stage.addEventListener("moved", () => this.#moved());
    this.stage.addEventListener("layout", () => this.axes.place(this.stage.figure.frame));
    this.now.addEventListener("change", () => this.#showPlaying());
    this.now.addEventListener("failed", (event) => this.fail(/** @type {CustomEvent} */ (event).detail));
    this.player.addEventListener("blocked", () =>
      this.toast.say("Your browser keeps pages silent until you click: click a point once, then pointing plays."),
    );
    this.player.addEventListener("failed", () =>
      this.toast.say(
        `The sound of “${this.now.segment?.track.title}” cannot be played: its file is missing or of a kind this browser does not know.`,
      ),
    );
    this.stage.points.addEventListener("indexed", () => this.#showPlaying());
    for (const event of ["rest", "indexed"]) this.stage.points.addEventListener(event, () => this.#showBusy());
    this.#bindTools();
    onThemeChange(() => this.#recolour());
    await this.#show(new Set(Object.keys(this.view)));
    const { track, segment } = this.view;
    if (track !== null && segment !== null) await this.now.restore(track, segment);
  }

  /** Ask for another view; what it does not name stays. @param {Partial<View>} patch */
  change(patch) {
    const asked = { ...this.view, ...patch };
    if (MAP_KEYS.some((key) => key in patch)) asked.box = null;
    if (AXES_RESET.some((key) => key in patch)) Object.assign(asked, { x: 0, y: 1 });
    this.store.set(this.#settled(asked));
  }

  /** Tell what failed; a collection that has changed meanwhile is simply read again. @param {unknown} error */
  fail(error) {
    if (error instanceof ApiError && error.code === "stale_revision") return void this.#refresh();
    this.toast.say(error instanceof ApiError ? `${error.message} ${error.hint}` : String(error));
    return undefined;
  }

  /** What is in the player; with nothing in it, what is in the middle. */
  playOrPause() {
    if (this.now.segment) this.player.toggle();
    else this.playMiddle();
  }

  playMiddle() {
    const layer = this.stage.points.layer;
    const index = this.stage.middle();
    if (layer && index >= 0) this.now.play(layer.points.rows[index]);
  }

  toggleTable() {
    this.table.toggle();
  }

  /** @param {Partial<View>} asked */
  #settled(asked) {
    const { view, unknown } = settle(this.collection, asked);
    if (unknown.length) this.toast.say(`Not in this collection: ${unknown.join(", ")}. The nearest that is there is shown.`);
    return view;
  }

  /** @param {Set<string>} keys of the view that are others now */
  async #show(keys) {
    this.sentence.show(this.collection, this.view);
    this.axes.show(...this.#shown());
    this.bar.setSound(this.view.sound);
    if (this.view.sound === "off") this.player.pause();
    document.title = `${Sentence.text(this.collection, this.view)} · Tagscape`;
    const otherMap = MAP_KEYS.some((key) => keys.has(key));
    if (otherMap || keys.has("colour")) await this.#load(otherMap);
    else if (keys.has("box")) this.stage.setBox(this.view.box);
  }

  /** @returns {Parameters<AxisPickers["show"]>} */
  #shown() {
    const { space, projection } = chosen(this.collection, this.view);
    return [space, projection, this.view];
  }

  /** @param {boolean} otherMap whether the viewport is another one, too */
  async #load(otherMap) {
    const { view } = this;
    this.#changing = otherMap;
    byId("map").setAttribute("aria-busy", "true");
    this.notice.loading(this.points ? "" : "Loading the points …");
    try {
      const points = await this.loader.load(view);
      if (points) await this.#draw(points, view, otherMap);
    } catch (error) {
      this.points = null;
      this.loader.clear();
      this.stage.clear();
      this.axes.hide();
      byId("legend").hidden = true;
      this.notice.failing(error, () => this.#load(true));
    }
  }

  /** @param {Points} points @param {View} view @param {boolean} otherMap */
  async #draw(points, view, otherMap) {
    this.points = points;
    this.#changing = false;
    this.axes.show(...this.#shown());
    this.#recolour();
    if (otherMap) this.stage.setMap(points, hasAxes(view.projection), view.box);
    this.axes.place(this.stage.figure.frame);
    byId("map").setAttribute("aria-label", `Map of ${counted(points.n_total, "segment")}: ${Sentence.text(this.collection, view)}`);
    this.notice.done();
    this.#useSegments(points.revision);
    this.#showPlaying();
    this.table.refresh();
  }

  /** @param {number} revision of the points' rows */
  #useSegments(revision) {
    const { network, space } = chosen(this.collection, this.view);
    if (this.segments?.network === network.name && this.segments.revision === revision) return;
    const before = this.now.segment;
    this.segments = new Segments(network.name, revision, labels(network) ? network.name : null);
    this.now.use(this.segments, space.n_segments);
    if (before) this.now.restore(before.track.id, Math.floor(before.start_s / network.hop_s + 1e-6));
  }

  async #refresh() {
    this.toast.say("The collection has changed: the map is read again.");
    try {
      this.collection = await json("/api/collection");
      this.store.set(this.#settled(this.view));
      await this.#load(true);
    } catch (error) {
      this.notice.failing(error, () => location.reload());
    }
  }

  #recolour() {
    this.stage.recolour(Boolean(this.points?.values));
    this.bar.strip.redraw();
    if (this.points) showLegend(byId("legend"), this.collection, this.points);
  }

  #moved() {
    this.loader.look();
    this.pointing.moved();
    this.table.refresh();
    if (this.points && !this.#changing) this.store.set({ box: this.stage.box });
  }

  /** Whether the map is whole and answers to the pointer. */
  #showBusy() {
    const { points } = this.stage;
    byId("map").setAttribute("aria-busy", String(!(points.resting && points.layer?.grid)));
  }

  #showPlaying() {
    const { segment } = this.now;
    this.stage.marks.set("playing", segment && this.stage.points.placeOf(segment.row));
    this.table.mark(segment?.row ?? null);
    if (segment) this.store.set({ track: segment.track.id, segment: segment.index });
  }

  #bindTools() {
    const tools = {
      "tool-in": () => this.stage.zoom(0.7),
      "tool-out": () => this.stage.zoom(1 / 0.7),
      "tool-whole": () => this.stage.showWhole(),
      "tool-box": () => this.stage.toggleDrag(),
      "tool-table": () => this.toggleTable(),
      "tool-help": () => this.keys.toggleHelp(),
    };
    for (const [id, run] of Object.entries(tools)) byId(id).addEventListener("click", run);
    byId("tools").hidden = false;
  }
}
