// Tracks as a table that is sorted by its headers and goes on while one scrolls; the one that plays stays at its top.

/** @import {ListedTrack} from "../types/api" */

import { element, find } from "../lib/dom.js";
import { count } from "../lib/format.js";

const NEAR_END_PX = 400;

/** Dispatches `play` with `{ row }`, `sort` with `{ key }`, and `more` when its end comes near. */
export class TrackTable extends EventTarget {
  /** @type {number | null} */
  #playing = null;

  /** @param {HTMLElement} host holds a table, and scrolls */
  constructor(host) {
    super();
    this.host = host;
    this.body = find(host, "tbody");
    for (const head of this.#heads)
      find(head, "button").addEventListener("click", () => this.#tell("sort", { key: head.dataset.sort }));
    host.addEventListener("scroll", () => this.#lookForEnd());
    this.body.addEventListener("click", ({ target }) => {
      const line = target instanceof Element ? target.closest("tr[data-row]") : null;
      if (line instanceof HTMLElement && !line.hasAttribute("data-missing")) this.#tell("play", { row: Number(line.dataset.row) });
    });
  }

  get length() {
    return this.body.children.length;
  }

  /** @param {{ key: string, descending: boolean }} sorting */
  showSorting({ key, descending }) {
    for (const head of this.#heads) {
      const direction = descending ? "descending" : "ascending";
      head.setAttribute("aria-sort", head.dataset.sort === key ? direction : "none");
    }
  }

  /** @param {readonly ListedTrack[]} tracks @param {number} n_tracks of all, listed or not */
  show(tracks, n_tracks) {
    find(this.host, "table").setAttribute("aria-rowcount", String(n_tracks + 1));
    this.body.replaceChildren();
    this.host.scrollTop = 0;
    this.append(tracks);
  }

  /** More behind those that are there. @param {readonly ListedTrack[]} tracks */
  append(tracks) {
    const first = this.length;
    this.body.append(...tracks.map((each, i) => line(each, first + i)));
    this.#showPlaying();
    this.#lookForEnd();
  }

  /** @param {number | null} track the one that plays */
  mark(track) {
    this.#playing = track;
    this.#showPlaying();
  }

  /** @returns {NodeListOf<HTMLElement>} */
  get #heads() {
    return this.host.querySelectorAll("th[data-sort]");
  }

  #showPlaying() {
    for (const each of this.body.querySelectorAll("[data-playing]")) each.removeAttribute("data-playing");
    this.body.querySelector(`[data-track="${this.#playing}"]`)?.setAttribute("data-playing", "");
  }

  #lookForEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.host;
    if (clientHeight && scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.dispatchEvent(new Event("more"));
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** @param {ListedTrack} listed @param {number} index in the table, from 0 */
function line({ track, n_selected, n_segments, row }, index) {
  const { id, title, artist, audio } = track;
  const about = [title, artist, audio ? "" : "Its file is missing."].filter(Boolean).join("\n");
  return element(
    "tr",
    { "data-row": row, "data-track": id, "data-missing": !audio, "aria-rowindex": index + 2, title: about },
    element(
      "th",
      { scope: "row" },
      element("button", { type: "button", class: "link-button", disabled: !audio }, element("bdi", {}, title)),
    ),
    element("td", {}, element("bdi", {}, artist ?? "")),
    element("td", {}, `${count(n_selected)}\u2009/\u2009${count(n_segments)}`),
  );
}
