// The panel of histograms beside the map: how the collection spreads, how what matches does, and filters by dragging.

/** @import {Histogram, Narrowed} from "../../types/api" */
/** @import {MapPage} from "./map-page.js" */

import { histogram, narrowed, toggled } from "../../api/histograms.js";
import { element, find } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { Latest } from "../../lib/timing.js";
import { colourName, tagGroups } from "../../state/colours.js";
import { NumberHistogram } from "../../ui/number-histogram.js";
import { Picker } from "../../ui/picker.js";
import { WordHistogram } from "../../ui/word-histogram.js";

const FIELDS = ["year", "length", "artist", "album", "genre"];
/** Tags that are shown where nobody has chosen any. */
const N_USUAL = 2;

/** A histogram in the panel. @typedef {{ of: string, element: HTMLElement, body: HTMLElement, errand: Latest }} Entry */

export class Histograms {
  /** @type {Entry[]} */
  #entries = [];
  #changing = new Latest();
  /** Tags that were chosen, as colours name them; null before anyone has. @type {string[] | null} */
  #tags = null;
  #picker;

  /**
   * @param {HTMLElement} panel @param {HTMLElement} search where the button that opens it is
   * @param {MapPage} page @param {AbortSignal} signal
   */
  constructor(panel, search, page, signal) {
    this.panel = panel;
    this.page = page;
    this.button = element(
      "button",
      {
        type: "button",
        class: "tool histograms-button",
        "aria-pressed": "false",
        "aria-controls": panel.id,
        "aria-label": "Filter by histograms",
        title: "Filter by histograms (F)",
        onclick: () => this.toggle(),
      },
      icon("bars"),
    );
    search.append(this.button);
    this.list = find(panel, ".histograms-list");
    this.#picker = new Picker({ name: "Add a tag", onChange: (tag) => this.#add(tag), host: panel });
    find(panel, ".histograms-add").append(this.#picker.button);
    find(panel, ".histograms-close").addEventListener("click", () => this.toggle());
    page.addEventListener("beside", () => page.beside !== this && this.open && this.#hide());
    page.addEventListener("drawn", () => this.#follow());
    const does = "filter by histograms, or not";
    page.context.keys.add([{ keys: ["f", "F"], shown: "F", does, run: () => this.toggle() }], signal);
    signal.addEventListener("abort", () => this.#stop(), { once: true });
  }

  get open() {
    return !this.panel.hidden;
  }

  toggle() {
    const { page } = this;
    if (this.open) {
      page.beside = null;
      this.button.focus();
      return;
    }
    page.beside = this;
    this.panel.hidden = false;
    this.button.setAttribute("aria-pressed", "true");
    this.#follow();
    this.panel.focus();
  }

  #hide() {
    this.panel.hidden = true;
    this.button.setAttribute("aria-pressed", "false");
    this.#stop();
  }

  #stop() {
    this.#changing.cancel();
    for (const { errand } of this.#entries) errand.cancel();
  }

  /** What the histograms belong to may be another. */
  #follow() {
    const { page } = this;
    if (!this.open || !page.points) return;
    const wanted = [...this.#shownTags(), ...FIELDS];
    this.#entries = wanted.map((of) => this.#entries.find((entry) => entry.of === of) ?? this.#entry(of));
    // moving what has the focus would take it away
    if (this.#entries.some((entry, i) => this.list.children[i] !== entry.element) || this.list.childElementCount > wanted.length)
      this.list.replaceChildren(...this.#entries.map((entry) => entry.element));
    const others = tagGroups(page.collection, page.view).map(({ title, options }) => ({
      title,
      options: options.filter(({ value }) => !wanted.includes(value)),
    }));
    this.#picker.set([{ title: "", options: [{ value: "", label: "Add a tag" }] }, ...others], "");
    for (const entry of this.#entries) this.#read(entry);
  }

  /** Those chosen; before anyone has, the one that colours the map or the commonest top tags. */
  #shownTags() {
    const { collection, points, view } = this.page;
    const known = tagGroups(collection, view).flatMap(({ options }) => options.map(({ value }) => value));
    if (this.#tags) return this.#tags.filter((tag) => known.includes(tag));
    const colour = points?.colour;
    if (colour && known.includes(colour.name)) return [colour.name];
    const [kind, network] = (colour?.name ?? "").split("/");
    const words = kind === "top" ? (colour?.categories.map(({ word }) => `${network}/${word}`) ?? []) : [];
    return [...words, ...known].filter((tag) => known.includes(tag)).slice(0, N_USUAL);
  }

  /** @param {string} of @returns {Entry} */
  #entry(of) {
    const body = element("div", { class: "histogram-body" });
    const title = FIELDS.includes(of)
      ? element("h3", { "data-field": true }, of)
      : element("h3", {}, element("bdi", {}, this.#name(of)));
    const head = element("div", { class: "histogram-head" }, title);
    if (!FIELDS.includes(of)) {
      const name = `Remove ${this.#name(of)}`;
      const remove = () => this.#remove(of);
      head.append(element("button", { type: "button", class: "tool", "aria-label": name, title: name, onclick: remove }, "×"));
    }
    // until something is known of it
    const whole = element("section", { class: "histogram", "data-of": of, hidden: true }, head, body);
    return { of, element: whole, body, errand: new Latest() };
  }

  /** @param {string} of */
  #name(of) {
    return FIELDS.includes(of) ? of : colourName(this.page.collection, { network: this.page.view.network, colour: of });
  }

  /** @param {string} tag */
  #add(tag) {
    if (!tag) return;
    this.#tags = [...this.#shownTags(), tag];
    this.#follow();
  }

  /** @param {string} tag */
  #remove(tag) {
    this.#tags = this.#shownTags().filter((each) => each !== tag);
    this.#follow();
    this.#picker.button.focus();
  }

  /** @param {Entry} entry */
  async #read({ of, element: whole, body, errand }) {
    const { network, filter } = this.page.shown;
    try {
      const found = await errand.run((signal) => histogram(network, of, filter, signal));
      if (!found) return;
      whole.hidden = !isKnown(found);
      if (isKnown(found)) exchange(body, this.#drawn(found, of));
    } catch (error) {
      this.page.fail(error);
    }
  }

  /** @param {Histogram} found @param {string} of */
  #drawn(found, of) {
    const { network } = this.page.shown;
    const name = this.#name(of);
    if (found.unit === null) {
      const toggle = (/** @type {string} */ word) => this.#change((filter, signal) => toggled(network, of, filter, word, signal));
      return new WordHistogram(found, name, toggle).element;
    }
    return new NumberHistogram(found, name, (range) =>
      this.#change((filter, signal) => narrowed(network, of, filter, range, signal)),
    ).element;
  }

  /** @param {(filter: string | null, signal: AbortSignal) => Promise<Narrowed>} make another filter of the one in the view */
  async #change(make) {
    try {
      const found = await this.#changing.run((signal) => make(this.page.view.filter, signal));
      if (found) this.page.change({ filter: found.filter || null });
    } catch (error) {
      this.page.fail(error);
    }
  }
}

/** Whether it counts anything. @param {Histogram} found */
function isKnown({ bins, words }) {
  return words.length > 0 || bins.some(({ n_all }) => n_all > 0);
}

/** Draw anew, and leave the focus where it was. @param {HTMLElement} body @param {HTMLElement} drawn */
function exchange(body, drawn) {
  const name = (/** @type {Element | null} */ node) => node?.getAttribute("aria-label") ?? node?.querySelector("bdi")?.textContent;
  const { activeElement } = document;
  const focused = activeElement && body.contains(activeElement) ? name(activeElement) : undefined;
  body.replaceChildren(drawn);
  if (focused === undefined) return;
  const controls = [...body.querySelectorAll("[tabindex], button")];
  const again = controls.find((node) => name(node) === focused);
  if (again instanceof HTMLElement) again.focus();
}
