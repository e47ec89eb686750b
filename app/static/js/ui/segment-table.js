// Segments as a table that is sorted by its headers and goes on while one scrolls: the map's content for those who do not see
// points, and for reading.

/** @import {ListedSegment} from "../types/api" */
/** @import {Sorting} from "../api/inside.js" */

import { element, find } from "../lib/dom.js";
import { counted, decimal, isolated, measured, time } from "../lib/format.js";
import { told } from "./notice.js";

/** So near to the end, more rows are asked for. */
const NEAR_END_PX = 800;
const N_TAGS = 3;

/**
 * Dispatches `play` and `point` (at a row, or at none) with `{ row }`, `sort` with `{ key }`, `more` when its end comes near, and
 * `close`.
 */
export class SegmentTable extends EventTarget {
  /** @type {number | null} */
  #playing = null;

  /** @param {HTMLElement} panel */
  constructor(panel) {
    super();
    this.panel = panel;
    this.table = find(panel, "table");
    this.body = find(panel, "tbody");
    this.caption = find(panel, "h2");
    this.progress = find(panel, ".progress");
    this.problem = find(panel, ".table-problem");
    this.scroll = find(panel, ".table-scroll");
    this.rest = find(panel, ".table-rest");
    find(panel, ".table-close").addEventListener("click", () => this.dispatchEvent(new Event("close")));
    for (const head of this.#heads)
      find(head, "button").addEventListener("click", () => this.#tell("sort", { key: head.dataset.sort }));
    this.scroll.addEventListener("scroll", () => this.#lookForEnd());
    this.body.addEventListener("click", (event) => this.#click(event));
    this.body.addEventListener("keydown", (event) => this.#press(event));
    for (const come of ["pointerover", "focusin"])
      this.body.addEventListener(come, ({ target }) => this.#tell("point", { row: rowOf(lineOf(target)) }));
    for (const go of ["pointerleave", "focusout"]) this.body.addEventListener(go, () => this.#tell("point", { row: null }));
  }

  get open() {
    return !this.panel.hidden;
  }

  set open(open) {
    this.panel.hidden = !open;
  }

  get length() {
    return this.body.children.length;
  }

  /** Others are on their way: what is there stays, and is shown as not the last word. @param {boolean} waiting */
  set waiting(waiting) {
    this.panel.setAttribute("aria-busy", String(waiting));
    this.progress.hidden = !waiting;
  }

  /** @param {Sorting} sorting @param {string | null} label of the values; null where there are none */
  showColumns({ key, descending }, label) {
    for (const head of this.#heads) {
      const isSorted = head.dataset.sort === key;
      head.setAttribute("aria-sort", isSorted ? (descending ? "descending" : "ascending") : "none");
      if (head.dataset.sort === "value") find(head, "bdi").textContent = label ?? "";
    }
    this.table.toggleAttribute("data-values", label !== null);
  }

  /**
   * The first rows, instead of those that are there.
   * @param {ListedSegment[]} segments @param {number} n_inside @param {number} n_tracks of all, listed or not
   */
  show(segments, n_inside, n_tracks) {
    const focused = this.body.contains(document.activeElement) ? rowOf(lineOf(document.activeElement)) : null;
    this.caption.textContent = `${counted(n_inside, "segment")} of ${counted(n_tracks, "track")} in view`;
    this.table.setAttribute("aria-rowcount", String(n_inside + 1));
    this.body.replaceChildren();
    this.scroll.scrollTop = 0;
    this.append(segments);
    // a line that is gone would take the focus with it
    if (focused !== null) (this.#line(focused)?.querySelector("button") ?? this.panel).focus();
  }

  /** No rows, and no word of how many there are. */
  clear() {
    this.show([], 0, 0);
    this.caption.textContent = "Segments in view";
    this.end(0);
    this.fail(null);
  }

  /** More rows behind those that are there. @param {ListedSegment[]} segments */
  append(segments) {
    const first = this.length;
    this.body.append(...segments.map((segment, i) => line(segment, first + i)));
    this.#showPlaying();
    this.#lookForEnd();
  }

  /** What stands below the last row. @param {number} n_left rows that are not listed */
  end(n_left) {
    this.rest.hidden = n_left === 0;
    this.rest.textContent = `${counted(n_left, "segment")} more: zoom in, or sort the other way.`;
  }

  /** Say what failed, or nothing; the rows stay. @param {unknown} error null for nothing @param {() => void} [retry] */
  fail(error, retry) {
    this.problem.hidden = error === null;
    if (error === null) return this.problem.replaceChildren();
    const { message, hint } = told(error);
    const again = element("button", { type: "button", class: "plain-button", onclick: retry }, "Try again");
    return this.problem.replaceChildren(element("p", {}, `${message} ${hint}`), again);
  }

  /** @param {number | null} row the one that plays */
  mark(row) {
    this.#playing = row;
    this.#showPlaying();
  }

  /** @returns {NodeListOf<HTMLElement>} */
  get #heads() {
    return this.panel.querySelectorAll("th[data-sort]");
  }

  #showPlaying() {
    for (const each of this.body.querySelectorAll("[data-playing]")) each.removeAttribute("data-playing");
    if (this.#playing !== null) this.#line(this.#playing)?.setAttribute("data-playing", "");
  }

  /** @param {number} row @returns {HTMLElement | null} */
  #line(row) {
    return this.body.querySelector(`[data-row="${row}"]`);
  }

  #lookForEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    if (this.open && scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.dispatchEvent(new Event("more"));
  }

  /** @param {MouseEvent} event anywhere in a row, or Enter on its title */
  #click({ target }) {
    const found = lineOf(target);
    if (found && !found.hasAttribute("data-missing")) this.#tell("play", { row: rowOf(found) });
  }

  /** Up and down go from row to row. @param {KeyboardEvent} event */
  #press(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
    let next = lineOf(event.target)?.[step];
    while (next?.hasAttribute("data-missing")) next = next[step];
    next?.querySelector("button")?.focus();
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
function lineOf(target) {
  return target instanceof Element ? target.closest("tr[data-row]") : null;
}

/** @param {HTMLElement | null} found */
function rowOf(found) {
  return found ? Number(found.dataset.row) : null;
}

/** @param {ListedSegment} segment @param {number} index in the table, from 0 */
function line({ row, track, start_s, end_s, tags, value, word }, index) {
  const { audio } = track;
  const words = tags.slice(0, N_TAGS).map((tag) => `${isolated(tag.label)}\u00a0${decimal(tag.value)}`);
  const about = [track.title, track.artist, audio ? "" : "Its file is missing."].filter(Boolean).join("\n");
  const button = { type: "button", class: "link-button", disabled: !audio };
  // what a file says may run from right to left: it keeps to itself
  return element(
    "tr",
    { "data-row": row, "data-missing": !audio, "aria-rowindex": index + 2, title: about },
    element("th", { scope: "row" }, element("button", button, element("bdi", {}, track.title))),
    element("td", {}, element("bdi", {}, track.artist ?? "")),
    element("td", {}, time(start_s), element("span", { class: "until" }, `\u2009–\u2009${time(end_s)}`)),
    element("td", {}, value === null ? element("bdi", {}, word ?? "–") : measured(value)),
    element("td", { class: "quiet", title: words.join(", ") }, words.join(", ")),
  );
}
