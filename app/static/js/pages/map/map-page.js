// The map: its parts, put together, and what they have in common.

/** @import {Segments} from "../../api/segments.js" */
/** @import {Collection} from "../../types/api" */
/** @import {Points} from "../../types/points" */
/** @import {PageContext} from "../../types/page" */
/** @import {View} from "../../state/view-schema.js" */
/** @import {Notice} from "../../ui/notice.js" */

import { find } from "../../lib/dom.js";
import { counted } from "../../lib/format.js";
import { Stage } from "../../map/stage.js";
import { usualSound } from "../../player/sound-modes.js";
import { chosen, hasAxes, labels } from "../../state/choices.js";
import { ViewStore } from "../../state/view-store.js";
import { fromQuery, patched, settle } from "../../state/view-schema.js";
import { AboutMap } from "./about-map.js";
import { AlongLine } from "./along-line.js";
import { AxisPickers } from "./axis-pickers.js";
import { Drawing, isStale } from "./drawing.js";
import { Ground } from "./ground.js";
import { Histograms } from "./histograms.js";
import { mapKeys } from "./keys.js";
import { Legend } from "./legend.js";
import { PlayingPlace } from "./playing-place.js";
import { Pointing } from "./pointing.js";
import { RegionLabels } from "./region-labels.js";
import { SavedViews } from "./saved-views.js";
import { SavePicture } from "./save-picture.js";
import { Search } from "./search.js";
import { Selection } from "./selection.js";
import { SelectionPanel } from "./selection-panel.js";
import { Sentence } from "./sentence.js";
import { TableOfView } from "./table-of-view.js";
import { Threads } from "./threads.js";
import { Tools } from "./tools.js";
import { Trajectories } from "./trajectories.js";

/**
 * What the parts of the page share. A part is made with the page and listens to it: `view` with `{ keys }` when another view is
 * asked for, `drawing` and `drawn` before and after the stage gets other points, `moved` when the viewport is another, `playing`
 * when what is in the player is, `beside` when another part stands beside the map, and `emptied` when there is nothing to show any
 * more.
 */
export class MapPage extends EventTarget {
  /** What the rows of the drawn map mean. @type {Segments | null} */
  segments = null;

  /** The part that stands beside the map: there is room for one. @type {object | null} */
  #beside = null;

  /**
   * @param {HTMLElement} host @param {PageContext} context
   * @param {Collection} collection with something to show @param {Notice} notice
   */
  constructor(host, context, collection, notice) {
    super();
    const { now, signal } = context;
    this.context = context;
    this.collection = collection;
    this.notice = notice;
    this.now = now;
    this.area = find(host, ".map-area");
    const legend = find(host, ".legend");
    const tools = find(host, ".tools");
    this.stage = new Stage(this.area, { label: "Map", describedBy: "map-help", obstacles: () => [legend, tools] });
    this.store = new ViewStore(this.#settled(this.#asked()), context.address);
    this.drawing = new Drawing(this);
    this.sentence = new Sentence(find(host, ".sentence"), host, this);
    this.about = new AboutMap(find(host, ".sentence"), host, this);
    this.axes = new AxisPickers(this.area, this);
    this.legend = new Legend(legend, this, signal);
    this.pointing = new Pointing(this, signal);
    this.table = new TableOfView(find(host, ".table-panel"), this, signal);
    this.threads = new Threads(this, signal);
    this.trajectories = new Trajectories(this, signal);
    this.selection = new Selection(this, signal);
    this.alongLine = new AlongLine(this, signal);
    this.selectionPanel = new SelectionPanel(find(host, ".selection-panel"), this, signal);
    this.regions = new RegionLabels(this, signal);
    this.views = new SavedViews(find(host, ".saved-views"), this, signal);
    const pictureButton = /** @type {HTMLButtonElement} */ (find(tools, ".tool-picture"));
    this.picture = new SavePicture(find(host, ".save-picture"), pictureButton, this, signal);
    this.playingPlace = new PlayingPlace(this, signal);
    this.tools = new Tools(tools, this);
    this.ground = new Ground(this, signal);
    this.search = new Search(find(host, ".search"), this, signal);
    this.histograms = new Histograms(find(host, ".histograms-panel"), find(host, ".search"), this, signal);
    now.sound = this.view.sound;
  }

  /** What is asked for. */
  get view() {
    return this.store.view;
  }

  /** What asked for the points that are drawn: while others are on their way, `view` is theirs. */
  get shown() {
    return this.drawing.drawn?.view ?? this.view;
  }

  get beside() {
    return this.#beside;
  }

  set beside(part) {
    this.#beside = part;
    this.#tell("beside");
  }

  /** What is drawn. @returns {Points | null} */
  get points() {
    return this.drawing.drawn?.points ?? null;
  }

  async start() {
    const { now, stage, store, drawing } = this;
    const { signal } = this.context;
    await stage.show();
    if (signal.aborted) return;
    store.followHistory((asked) => this.#settled(asked), signal);
    store.addEventListener("change", (event) => this.#follow(/** @type {CustomEvent} */ (event).detail.keys));
    // what is asked for again is drawn already
    store.addEventListener("returned", (event) => this.#tell("view", /** @type {CustomEvent} */ (event).detail));
    drawing.addEventListener("drawing", () => this.#makeRoom());
    drawing.addEventListener("drawn", () => this.#drawn());
    drawing.addEventListener("emptied", () => this.#emptied());
    stage.addEventListener("moved", () => this.#moved());
    now.addEventListener("change", () => this.#showPlaying(), { signal });
    now.addEventListener("sound", () => store.set({ sound: now.sound ?? usualSound() }), { signal });
    now.addEventListener("failed", (event) => this.#hear(/** @type {CustomEvent} */ (event)), { signal });
    now.offer(() => this.#withMiddle((row) => now.play(row)), signal);
    this.context.keys.add(mapKeys(this), signal);
    await this.#follow(new Set(Object.keys(this.view)));
    const { track, segment } = this.view;
    if (!now.segment && track !== null && segment !== null) await now.restore(track, segment);
  }

  dispose() {
    // the address that is left keeps the box that was seen last
    this.store.flush();
    this.drawing.loader.cancel();
    this.stage.dispose();
  }

  /** Ask for another view; what it does not name stays, but for what it makes meaningless. @param {Partial<View>} patch */
  change(patch) {
    this.store.set(this.#settled(patched(this.view, patch)));
  }

  /** Say in words what is asked for. */
  say() {
    this.sentence.show(this.collection, this.view);
    this.axes.show(this.collection, this.view);
    this.context.setTitle(Sentence.text(this.collection, this.view));
  }

  /** Tell what failed; a collection that has changed meanwhile is simply read again. @param {unknown} error */
  fail(error) {
    if (this.context.signal.aborted) return;
    if (isStale(error)) this.drawing.refresh();
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
    asked.sound = sound ?? asked.sound ?? usualSound();
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
  #follow(keys) {
    this.say();
    this.#tell("view", { keys });
    return this.drawing.follow(keys);
  }

  /** What lies over the map takes the place that it will have, since the stage fits the map beside it. */
  #makeRoom() {
    this.area.toggleAttribute("data-axes", hasAxes(this.shown.projection));
    this.#tell("drawing");
  }

  #drawn() {
    const { collection, shown, points, stage } = this;
    if (!points) return;
    stage.label = `Map of ${counted(points.n_total, points.firstRows ? "track" : "segment")}: ${Sentence.text(collection, shown)}`;
    const { network } = chosen(collection, shown);
    this.segments = this.now.use(network, points.revision, labels(network) ? network.name : null, points.rows, shown);
    this.#tell("drawn");
    this.#showPlaying();
  }

  #emptied() {
    this.segments = null;
    this.area.removeAttribute("data-axes");
    this.#tell("emptied");
  }

  /** @param {CustomEvent} event of the player */
  #hear(event) {
    const error = event.detail;
    if (!isStale(error) && !this.notice.tells(error)) return;
    event.preventDefault();
    this.fail(error);
  }

  #moved() {
    this.drawing.loader.look();
    if (this.drawing.settled) this.store.set({ box: this.stage.box });
    this.#tell("moved");
  }

  #showPlaying() {
    const { segment, row } = this.now;
    this.stage.mark("playing", row);
    if (segment && row !== null) this.store.set({ track: segment.track.id, segment: segment.index });
    this.#tell("playing");
  }

  /** @param {string} name @param {object} [detail] */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
