// The panel beside the map: how much is selected, what it is like, its tracks, and what can be done with it.

/** @import {Segments} from "../../api/segments.js" */
/** @import {ContrastedTag, SelectionTags, SelectionTracks} from "../../types/api" */
/** @import {TrackSort} from "../../api/selections.js" */
/** @import {Joint} from "../../state/selection.js" */
/** @import {MapPage} from "./map-page.js" */

import { ApiError } from "../../api/client.js";
import { selectionFile, selectionTags, selectionTracks } from "../../api/selections.js";
import { element, find } from "../../lib/dom.js";
import { count, counted, isolated, percent } from "../../lib/format.js";
import { Latest } from "../../lib/timing.js";
import { TrackTable } from "../../ui/track-table.js";

const NONE = "Nothing is selected";

export class SelectionPanel {
  #tags = new Latest();
  #tracks = new Latest();
  #table;
  /** @type {{ key: TrackSort, descending: boolean }} */
  #sorting = { key: "count", descending: true };
  /** What is listed, and whose rows these are. @type {{ of: Segments | null, listed: SelectionTracks } | null} */
  #listed = null;
  #reading = false;
  /** Has the focus again when the panel is closed. @type {Element | null} */
  #opener = null;

  /** @param {HTMLElement} panel @param {MapPage} page @param {AbortSignal} signal */
  constructor(panel, page, signal) {
    this.panel = panel;
    this.page = page;
    this.caption = find(panel, "h2");
    this.about = find(panel, ".selection-tags");
    this.empty = find(panel, ".selection-empty");
    this.#table = new TrackTable(find(panel, ".selection-scroll"));
    /** @param {string} name @param {(detail: any) => void} act */
    const hear = (name, act) => this.#table.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
    hear("play", ({ row }) => this.#isOfMap && page.choose(row));
    hear("sort", ({ key }) => this.#sort(key));
    hear("more", () => this.#more());
    const { selection } = page;
    const acts = {
      play: () => this.#play(),
      wander: () => this.#wander(),
      zoom: () => this.#zoom(),
      invert: () => selection.invert(),
      clear: () => selection.clear(),
      link: () => this.#copyLink(),
      track: () => selection.addPlaying("track"),
      artist: () => selection.addPlaying("artist"),
      filter: () => selection.addMatching(),
      close: () => this.toggle(),
      table: () => page.tools.toggleTable(),
    };
    for (const [name, act] of Object.entries(acts))
      for (const button of panel.querySelectorAll(`.selection-${name}`)) button.addEventListener("click", act);
    panel.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement && target.name === "joint") selection.joint = /** @type {Joint} */ (target.value);
    });
    selection.addEventListener("changed", () => this.#show());
    page.addEventListener("view", () => find(panel, ".selection-filter").toggleAttribute("hidden", !page.view.filter));
    page.addEventListener("beside", () => {
      if (page.beside !== this) this.open = false;
    });
    page.addEventListener("playing", () => this.#table.mark(page.now.segment?.track.id ?? null));
    signal.addEventListener("abort", () => this.#rest(), { once: true });
  }

  /** Whether the rows are those of the map: after another network or revision they stay until the panel has followed. */
  get #isOfMap() {
    return this.#listed !== null && this.#listed.of === this.page.segments;
  }

  get open() {
    return !this.panel.hidden;
  }

  set open(open) {
    if (open === this.open) return;
    const hadFocus = this.panel.contains(document.activeElement);
    if (open) this.#opener = document.activeElement;
    this.panel.hidden = !open;
    this.page.tools.showPanel(open);
    if (open) this.page.beside = this;
    else if (this.page.beside === this) this.page.beside = null;
    if (!open && hadFocus) this.#giveFocus();
  }

  /** What is hidden loses the focus: it goes back to what opened the panel, or to the map where that is gone. */
  #giveFocus() {
    const opener = this.#opener;
    if (opener instanceof HTMLElement && opener !== document.body) opener.focus();
    if (opener !== document.activeElement || opener === document.body) this.page.stage.element.focus();
  }

  /** Open or close it; it opens by itself when something is selected. */
  toggle() {
    this.open = !this.open;
    if (this.open) this.panel.focus();
  }

  #show() {
    const { facts, network } = this.page.selection;
    if (!facts) {
      // an open table whose end is near asks for more
      this.#listed = null;
      // before what has the focus is hidden
      this.open = false;
    }
    this.empty.hidden = facts !== null;
    for (const part of this.panel.querySelectorAll(".selection-some")) part.toggleAttribute("hidden", facts === null);
    this.caption.textContent = facts ? `${counted(facts.n_segments, "segment")} of ${counted(facts.n_tracks, "track")}` : NONE;
    this.#rest();
    this.#showWandering();
    if (!facts) return this.#table.show([], 0);
    if (!this.page.beside) this.open = true;
    for (const kind of /** @type {const} */ (["csv", "json"]))
      find(this.panel, `.selection-${kind}`).setAttribute("href", selectionFile(network, this.page.selection.text ?? "", kind));
    for (const button of this.panel.querySelectorAll(".selection-play, .selection-wander, .selection-zoom"))
      button.toggleAttribute("disabled", facts.n_segments === 0);
    this.#describe();
    this.#fill();
  }

  #rest() {
    this.#tags.cancel();
    this.#tracks.cancel();
    this.#reading = false;
  }

  async #describe() {
    const { text, network } = this.page.selection;
    try {
      const tags = await this.#tags.run((signal) => selectionTags(network, text ?? "", signal));
      if (tags) this.about.replaceChildren(...contrasts(tags, (label) => this.page.change({ colour: `${network}/${label}` })));
    } catch (error) {
      this.#fail(error);
    }
  }

  async #fill() {
    const of = this.page.segments;
    await this.#read(0, (listed) => {
      this.#listed = { of, listed };
      this.#table.showSorting(this.#sorting);
      this.#table.show(listed.tracks, listed.n_tracks);
      this.#table.mark(this.page.now.segment?.track.id ?? null);
    });
  }

  async #more() {
    const known = this.#listed;
    if (!known || this.#reading || this.#table.length >= known.listed.n_tracks) return;
    await this.#read(this.#table.length, (listed) => {
      if (listed.edition !== known.listed.edition) return void this.#fill();
      this.#table.append(listed.tracks);
    });
  }

  /** @param {number} offset @param {(listed: SelectionTracks) => void} then */
  async #read(offset, then) {
    const { text, network } = this.page.selection;
    this.#reading = true;
    try {
      const listed = await this.#tracks.run((signal) => selectionTracks(network, text ?? "", this.#sorting, offset, signal));
      if (!listed) return;
      this.#reading = false;
      then(listed);
    } catch (error) {
      this.#reading = false;
      this.#fail(error);
    }
  }

  /** @param {TrackSort} key a second time turns it round */
  #sort(key) {
    const { key: before, descending } = this.#sorting;
    this.#sorting = { key, descending: key === before ? !descending : key === "count" };
    this.#fill();
  }

  /** The first of the list. */
  #play() {
    if (!this.#isOfMap) return;
    const first = this.#listed?.listed.tracks.find(({ track }) => track.audio);
    if (first) this.page.choose(first.row);
    else this.page.context.toast.say("None of these tracks has a sound that can be played.");
  }

  /** Wander only to what is selected, or anywhere again. What plays goes on; where nothing does, the first of the list begins. */
  #wander() {
    const { now, context, selection } = this.page;
    now.within = now.within === null ? selection.text : null;
    this.#showWandering();
    if (now.within === null) return;
    context.next.atEnd = "wander";
    if (!now.player.busy) this.#play();
  }

  /** Whoever wanders in a selection goes on in what is selected next, and anywhere once nothing is. */
  #showWandering() {
    const { now, selection } = this.page;
    if (now.within !== null) now.within = selection.text;
    find(this.panel, ".selection-wander").setAttribute("aria-pressed", String(now.within !== null));
  }

  #zoom() {
    const box = this.page.selection.box;
    if (box) this.page.stage.setBox(box);
    else this.page.context.toast.say("None of the selected segments is on this map.");
  }

  async #copyLink() {
    const { toast } = this.page.context;
    this.page.store.flush();
    try {
      await navigator.clipboard.writeText(location.href);
      toast.say("The link to this view with its selection is on the clipboard.");
    } catch {
      toast.say("The browser gives no clipboard here: copy the address from its bar.");
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    if (!(error instanceof ApiError)) throw error;
    this.page.fail(error);
  }
}

/** @param {SelectionTags} tags @param {(label: string) => void} colour */
function contrasts({ over, under, n_heard, n_needed }, colour) {
  if (n_heard < n_needed) return [element("p", { class: "quiet" }, `What it is like is told of ${n_needed} segments or more.`)];
  if (!over.length && !under.length) return [element("p", { class: "quiet" }, "No tag tells it from the rest.")];
  return [list("More than elsewhere", over, n_heard, colour), list("Less than elsewhere", under, n_heard, colour)];
}

/** @param {string} title @param {readonly ContrastedTag[]} tags @param {number} n_heard @param {(label: string) => void} colour */
function list(title, tags, n_heard, colour) {
  const rows = tags.map((tag) => {
    const { label, n_strong, share, share_of_all, lift } = tag;
    const inside = `${isolated(label)}: ${count(n_strong)} of ${count(n_heard)} segments (${percent(share)})`;
    const about = `${inside} are among the strongest ${percent(share_of_all)} of the collection`;
    const bar = element("span", { class: "contrast-bar", "aria-hidden": "true" }, element("span", {}), element("i", {}));
    bar.style.setProperty("--share", String(share));
    bar.style.setProperty("--all", String(share_of_all));
    return element(
      "li",
      { title: about },
      element("button", { type: "button", class: "link-button", onclick: () => colour(label) }, element("bdi", {}, label)),
      bar,
      element("span", { class: "contrast-lift" }, `${lift < 10 ? lift.toFixed(1) : Math.round(lift)}\u00d7`),
      element("span", { class: "quiet" }, `${count(n_strong)} of ${count(n_heard)}`),
    );
  });
  return element("section", { class: "contrast" }, element("h3", {}, title), element("ul", {}, ...rows));
}
