// The box that searches and filters: what is written, what it matches, and the tracks that it goes to.

/** @import {Matches, Suggestion} from "../../types/api" */
/** @import {MapPage} from "./map-page.js" */

import { ApiError } from "../../api/client.js";
import { completion, matches } from "../../api/filters.js";
import { thread } from "../../api/threads.js";
import { element } from "../../lib/dom.js";
import { counted } from "../../lib/format.js";
import { debounced, Latest } from "../../lib/timing.js";
import { around } from "../../map/viewport.js";
import { isSameMap } from "../../state/view-schema.js";
import { SearchBox } from "../../ui/search-box.js";

const DELAY_MS = 120;
/** Of the extent of the map: what is seen around a track whose segments lie together. */
const LEAST_SHARE = 0.08;

export class Search {
  #box;
  #suggesting = new Latest();
  #checking = new Latest();
  #going = new Latest();
  /** Where what suggestions replace ends. */
  #end = 0;
  #written = debounced(() => this.#suggest(), DELAY_MS);
  /** The filter that was entered last, until the view has it. @type {string | null} */
  #entered = null;
  /** The network and the filter whose matches are told. */
  #checked = "";
  /** What else is drawn: pale, or not at all. */
  #rest = element("button", { type: "button", class: "search-rest", hidden: true, onclick: () => this.#toggleRest() });

  /** @param {HTMLElement} host @param {MapPage} page @param {AbortSignal} signal */
  constructor(host, page, signal) {
    this.page = page;
    this.#box = new SearchBox(host, "Search and filter", "Search, or filter: rock>p90");
    host.append(this.#rest);
    const box = this.#box;
    box.addEventListener("written", () => this.#written());
    box.addEventListener("entered", () => this.#enter());
    box.addEventListener("left", () => this.#leaveList());
    box.addEventListener("cleared", () => this.#clear());
    box.addEventListener("chosen", (event) => this.#choose(/** @type {CustomEvent} */ (event).detail.suggestion));
    page.addEventListener("view", (event) => {
      const { keys } = /** @type {CustomEvent} */ (event).detail;
      if (keys.has("filter")) this.#write();
      if (keys.has("filter") || keys.has("rest")) this.#showRest();
      const { filter, network } = page.view;
      if (!filter || !(keys.has("filter") || keys.has("network"))) return;
      if (this.#checked !== `${network} ${filter}`) this.#check(filter);
    });
    page.context.keys.add([{ keys: ["/"], shown: "/", does: "search and filter", run: () => this.focus() }], signal);
    signal.addEventListener("abort", () => this.#stop(), { once: true });
  }

  focus() {
    this.#box.input.focus();
  }

  #stop() {
    this.#written.cancel();
    for (const errand of [this.#suggesting, this.#checking, this.#going]) errand.cancel();
  }

  #clear() {
    this.#leaveList();
    this.#checking.cancel();
    this.#box.text = "";
    this.#box.say("");
    this.#box.input.focus();
    this.page.change({ filter: null });
  }

  /** No suggestions any more, not even those on their way. */
  #leaveList() {
    this.#written.cancel();
    this.#suggesting.cancel();
    this.#box.close();
  }

  /** The view has another filter, from wherever; what was written on meanwhile stays. */
  #write() {
    const { filter } = this.page.view;
    const isWrittenOn = this.#entered !== null && this.#entered === filter && this.#box.text.trim() !== filter;
    this.#entered = null;
    if (isWrittenOn) return;
    this.#box.text = filter ?? "";
    if (filter) return;
    this.#checked = "";
    this.#box.say("");
  }

  #showRest() {
    const { filter, rest } = this.page.view;
    this.#rest.hidden = !filter;
    this.#rest.textContent = rest === "pale" ? "hide the rest" : "show the rest";
  }

  #toggleRest() {
    this.page.change({ rest: this.page.view.rest === "pale" ? "hidden" : "pale" });
  }

  async #suggest() {
    const { text, cursor } = this.#box;
    this.#box.say("");
    try {
      const found = await this.#suggesting.run((signal) => completion(this.page.view.network, text, cursor, signal));
      if (!found || this.#box.text !== text || document.activeElement !== this.#box.input) return;
      this.#end = found.end;
      this.#box.suggest(found.suggestions);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The text is a filter, or nothing. It is asked for only when it is one: the last good map stays. */
  async #enter() {
    const text = this.#box.text.trim();
    this.#leaveList();
    if (!text) return this.page.change({ filter: null });
    const found = await this.#check(text);
    if (!found || found.problem) return;
    if (text === this.page.view.filter) return;
    this.#entered = text;
    this.page.change({ filter: text });
  }

  /** @param {string} text @returns {Promise<Matches | undefined>} */
  async #check(text) {
    try {
      const { network } = this.page.view;
      const found = await this.#checking.run((signal) => matches(network, text, signal));
      if (!found) return undefined;
      this.#checked = `${network} ${text}`;
      this.#tell(found, text);
      return found;
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  /** @param {Matches} found @param {string} text what was asked */
  #tell({ problem, n_segments, n_tracks, reason }, text) {
    if (problem) {
      this.#box.say(`${problem.message} ${problem.hint}`.trim(), true);
      // the places are those of the text that was asked
      if (this.#box.text.trim() !== text) return;
      if (document.activeElement === this.#box.input) this.#box.blame(problem.start, problem.end);
    } else if (!n_segments) this.#box.say(`Nothing matches. ${reason}`);
    else this.#box.say(`${counted(n_segments, "segment")} of ${counted(n_tracks, "track")} match`);
  }

  /** @param {Suggestion} suggestion */
  #choose(suggestion) {
    const box = this.#box;
    if (suggestion.track_id !== null) {
      box.close();
      box.text = this.page.view.filter ?? "";
      box.input.blur();
      this.#goTo(suggestion.track_id);
      return;
    }
    box.write(suggestion, this.#end);
    box.close();
    if (["tag", "artist", "album"].includes(suggestion.kind)) this.#enter();
    else this.#suggest();
  }

  /** Fly to a track, mark it, and list what lies around. @param {number} track */
  async #goTo(track) {
    const { page } = this;
    const { points, shown } = page;
    if (!points) return;
    try {
      const found = await this.#going.run((signal) => thread(shown, track, points.revision, signal));
      if (!found?.rows.length) return;
      // another map may be drawn by now, or be on its way
      if (!page.drawing.settled || !isSameMap(page.shown, shown) || page.points?.revision !== points.revision) return;
      page.stage.setBox(around(found.x, found.y, points.extent, LEAST_SHARE));
      page.stage.mark("hovered", found.rows[0]);
      page.tools.openTable();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    if (error instanceof ApiError) this.#box.say(`${error.message} ${error.hint}`.trim(), true);
    else throw error;
  }
}
