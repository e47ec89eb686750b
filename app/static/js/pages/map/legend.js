// Keeps the legend in step with what is drawn, and the map with what the legend keeps.

/** @import {MapPage} from "./map-page.js" */
/** @import {Points} from "../../types/points" */

import { count, counted } from "../../lib/format.js";
import { debounced } from "../../lib/timing.js";
import { countsInView, levelCounts } from "../../map/in-view.js";
import { keeping } from "../../map/kept.js";
import { Legend as Control } from "../../map/legend.js";
import { colourName } from "../../state/colours.js";

const DELAY_MS = 120;

export class Legend {
  #counting = debounced(() => this.#count(), DELAY_MS);

  /** @param {HTMLElement} host @param {MapPage} page @param {AbortSignal} signal */
  constructor(host, page, signal) {
    this.page = page;
    this.control = new Control(host);
    page.addEventListener("drawing", () => this.#show());
    page.addEventListener("drawn", () => this.#count());
    page.addEventListener("emptied", () => this.control.hide());
    page.addEventListener("moved", () => this.#counting());
    page.addEventListener("view", (event) => this.#follow(/** @type {CustomEvent} */ (event).detail.keys));
    page.stage.addEventListener("recoloured", () => this.#show());
    page.stage.points.addEventListener("rest", () => this.#rescale());
    this.control.addEventListener("dim", (event) => this.#dim(/** @type {CustomEvent} */ (event).detail.kept));
    this.control.addEventListener("keep", (event) => page.change({ kept: /** @type {CustomEvent} */ (event).detail.kept }));
    this.control.addEventListener("scale", (event) => page.change({ scale: /** @type {CustomEvent} */ (event).detail.scale }));
    signal.addEventListener("abort", () => this.#counting.cancel(), { once: true });
  }

  #colour = /** @type {Points["colour"]} */ (null);

  /** The points that are looked at. */
  get #points() {
    return this.page.stage.points.layer?.points ?? this.page.points;
  }

  #show() {
    const { drawn } = this.page.drawing;
    if (!drawn) return;
    const { collection, view, points } = drawn;
    this.#colour = points.colour;
    this.control.show(points.colour, { name: colourName(collection, view), about: about(points.colour) }, this.page.view.kept);
    this.#dim(this.page.view.kept);
    this.#count();
  }

  /** @param {Set<string>} keys */
  #follow(keys) {
    if (!keys.has("kept")) return;
    this.control.kept = this.page.view.kept;
    this.#dim(this.page.view.kept);
  }

  /** @param {string | null} kept */
  #dim(kept) {
    this.page.stage.keep(keeping(this.#colour, kept));
  }

  /** Finer points of a part have a scale of their own where that is asked for. */
  #rescale() {
    const colour = this.#points?.colour ?? null;
    const { drawn } = this.page.drawing;
    if (!drawn || !colour || !this.page.stage.points.rescaling || colour === this.#colour) return;
    this.#colour = colour;
    const { collection, view } = drawn;
    this.control.show(colour, { name: colourName(collection, view), about: about(colour) }, this.page.view.kept);
    this.#count();
  }

  #count() {
    const told = this.facts;
    if (!told) return;
    this.control.count(told.all, told.seen);
    this.control.say(told.text, told.without);
  }

  /** What the legend tells at present. */
  get facts() {
    const points = this.#points;
    if (!points) return null;
    const { n, counts } = countsInView(points, this.page.stage.points.view);
    const n_without = points.colour?.n_without ?? 0;
    return {
      colour: this.#colour,
      about: about(this.#colour),
      all: levelCounts(points),
      seen: counts,
      text: inWords(this.page.points ?? points, points, n),
      without: n_without ? `${counted(n_without, noun(points))} without a value` : "",
    };
  }
}

/** @param {Points["colour"]} colour */
function about(colour) {
  if (!colour || colour.kind === "word") return "";
  return colour.unit === "activation" ? "activation" : "";
}

/** What a point is. @param {Points} points */
function noun(points) {
  return points.firstRows ? "track" : "segment";
}

/** @param {Points} whole @param {Points} looked at @param {number} n_seen of these in view */
function inWords(whole, looked, n_seen) {
  const isSample = whole.n < whole.n_matching;
  const isFiltered = whole.n_matching < whole.n_inside;
  const match = isFiltered ? `, ${count(whole.n_matching)} match` : "";
  const all = isSample
    ? `${count(whole.n)} of ${counted(whole.n_matching, noun(whole))}${isFiltered ? " that match" : ""}, a uniform sample`
    : `${counted(whole.n_total, noun(whole))}${match}`;
  const n_inView = looked.n < looked.n_matching ? Math.round((n_seen / looked.n) * looked.n_matching) : n_seen;
  if (n_inView >= whole.n_matching) return all;
  return `${all}, ${looked.n < looked.n_matching ? "about " : ""}${count(n_inView)}${isFiltered ? " of them" : ""} in view`;
}
