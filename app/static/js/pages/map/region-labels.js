// The words on the map: which regions it has, when their labels are seen, and what pressing one opens.

/** @import {Region, Regions} from "../../types/api" */
/** @import {Label} from "../../map/labels.js" */
/** @import {MapPage} from "./map-page.js" */

import { matching, region, regions } from "../../api/regions.js";
import { counted } from "../../lib/format.js";
import { debounced, Latest } from "../../lib/timing.js";
import { Labels } from "../../map/labels.js";
import { padded } from "../../map/viewport.js";
import { nameOf, WhyCard } from "./why-card.js";
import { ofRegion } from "../../state/selection.js";

/** Around a region that is shown. */
const AIR_SHARE = 0.15;
/** What lies over the map settles after the map does. */
const UNCOVER_MS = 120;
const OVER_THE_MAP = ".legend, .tools, .axis-x, .axis-y, .axis-swap";

export class RegionLabels {
  /** What is on the map. @type {{ answer: Regions, listed: Region[] } | null} */
  #known = null;
  /** Which map that is of. */
  #of = "";
  #loading = new Latest();
  #asking = new Latest();
  #matching = new Latest();
  /** By which filter words are faded. @type {string | null} */
  #fadedBy = null;
  #uncovered = debounced(() => this.#uncover(), UNCOVER_MS);

  /** @param {MapPage} page @param {AbortSignal} signal */
  constructor(page, signal) {
    this.page = page;
    const { stage } = page;
    this.labels = new Labels(stage.overlay, () => this.#obstacles());
    this.card = new WhyCard(page.area);
    this.labels.addEventListener("chosen", (event) => this.#open(/** @type {CustomEvent} */ (event).detail));
    stage.addEventListener("moved", () => this.#follow());
    stage.addEventListener("layout", () => this.#reframe());
    page.addEventListener("drawn", () => this.#load());
    page.addEventListener("emptied", () => this.#clear());
    page.addEventListener("view", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.keys.has("labels")) this.#switch();
    });
    signal.addEventListener("abort", () => this.#end(), { once: true });
  }

  toggle() {
    this.page.change({ labels: !this.page.view.labels });
  }

  #switch() {
    this.labels.layer.hidden = !this.page.view.labels;
    if (this.page.view.labels) this.#load();
    else this.#close();
  }

  /** Which regions the drawn map has. Other colours, or another part of it, have the same. */
  async #load() {
    const { page } = this;
    const { shown, points } = page;
    if (!points || !page.view.labels) return;
    const { network, layer, projection, x, y } = shown;
    const of = [network, layer, projection, x, y, points.revision, points.projection_revision].join(" ");
    if (of === this.#of) {
      this.#fade();
      return this.#reframe();
    }
    this.#of = of;
    this.#forget();
    try {
      const answer = await this.#loading.run((signal) => regions(shown, signal));
      if (!answer || this.#of !== of) return;
      const listed = answer.regions.filter((each) => each.track || each.words.length);
      this.#known = { answer, listed };
      await document.fonts.ready;
      this.labels.set(labelled(listed), page.stage.whole);
      this.#uncover();
      // the words are there only now
      this.#fadedBy = null;
      this.#fade();
    } catch (error) {
      this.#of = "";
      page.fail(error);
    }
  }

  /** Words of regions in which a filter keeps nothing step back. */
  async #fade() {
    const { page } = this;
    const known = this.#known;
    const { filter } = page.shown;
    if (!known?.answer.made || filter === this.#fadedBy) return;
    this.#fadedBy = filter;
    this.#matching.cancel();
    if (!filter) return this.labels.fade(() => false);
    const { listed, answer } = known;
    try {
      const found = await this.#matching.run((signal) => matching(page.shown, filter, answer.made ?? "", signal));
      if (found && this.#known === known) this.labels.fade((index) => found.n_matching[listed[index].id] === 0);
    } catch (error) {
      this.#fadedBy = null;
      page.fail(error);
    }
  }

  /** @param {{ index: number, button: HTMLElement }} chosen */
  async #open({ index, button }) {
    const { page } = this;
    const { shown } = page;
    const known = this.#known;
    if (!known) return;
    const chosen = known.listed[index];
    const { answer } = known;
    try {
      const detail = await this.#asking.run((signal) => region(shown, chosen.id, answer.made, signal));
      if (!detail || this.#known !== known) return;
      this.card.open(button, {
        region: chosen,
        detail,
        parent: chosen.by_contrast ? answer.regions.find(({ id }) => id === chosen.parent) : undefined,
        colour: (label) => page.change({ colour: `${answer.named_by}/${label}` }),
        show: () => page.stage.glideTo(padded(detail.box, AIR_SHARE)),
        play: () => page.now.play(detail.row),
        select: () => page.selection.add(ofRegion(shown, chosen.id, answer.made ?? "")),
      });
    } catch (error) {
      page.fail(error);
    }
  }

  #follow() {
    const { stage } = this.page;
    this.labels.update(stage.view, stage.points.frame);
    this.#close();
    this.#uncovered();
  }

  #reframe() {
    this.labels.reframe(this.page.stage.whole);
    this.#uncover();
  }

  #uncover() {
    const { stage } = this.page;
    this.labels.uncover(stage.view, stage.points.frame);
  }

  #obstacles() {
    const frame = this.page.stage.overlay.getBoundingClientRect();
    return [...this.page.area.querySelectorAll(OVER_THE_MAP)].map((each) => {
      const { left, right, top, bottom } = each.getBoundingClientRect();
      return { left: left - frame.left, right: right - frame.left, top: top - frame.top, bottom: bottom - frame.top };
    });
  }

  #clear() {
    this.#loading.cancel();
    this.#of = "";
    this.#forget();
  }

  #forget() {
    this.#matching.cancel();
    this.#fadedBy = null;
    this.#known = null;
    this.labels.clear();
    this.#close();
  }

  /** The card, also one that is on its way. */
  #close() {
    this.#asking.cancel();
    this.card.close();
  }

  #end() {
    this.#uncovered.cancel();
    for (const errand of [this.#loading, this.#asking, this.#matching]) errand.cancel();
  }
}

/** @param {Region[]} listed with names @returns {Label[]} */
function labelled(listed) {
  const at = new Map(listed.map(({ id }, index) => [id, index]));
  return listed.map((region) => ({
    x: region.x,
    y: region.y,
    level: region.level,
    parent: region.parent === null ? null : (at.get(region.parent) ?? null),
    weight: region.n_segments,
    text: nameOf(region),
    track: region.track?.id ?? null,
    name: `${nameOf(region)}, ${counted(region.n_segments, "segment")}: why, and what to do`,
  }));
}
