// What is selected: asked of the server, shown on the map, told in the panel, and kept in the address.

/** @import {SelectionFacts} from "../../types/api" */
/** @import {AreaKind} from "../../map/area-tool.js" */
/** @import {Joint, Place} from "../../state/selection.js" */
/** @import {MapPage} from "./map-page.js" */

import { ApiError } from "../../api/client.js";
import { facts, selectedRows, stored } from "../../api/selections.js";
import { InTurn, Latest } from "../../lib/timing.js";
import { AreaTool } from "../../map/area-tool.js";
import { SelectedPoints } from "../../map/selected-points.js";
import * as text from "../../state/selection.js";
import { isStale } from "./drawing.js";

/** Dispatches `changed` when something else is selected, or nothing, and `tool` when another tool is on. */
export class Selection extends EventTarget {
  /** How what comes next joins what is selected, where no key says it. @type {Joint} */
  joint = "new";
  /** What is selected, of the network of the map. @type {SelectionFacts | null} */
  facts = null;
  #errand = new Latest();
  /** What joins the selection joins what was asked for before, also while the server stores that. */
  #joining = new InTurn();
  #shown;
  /** Ends what lasts while a tool is on. */
  #drawing = new AbortController();
  /** The last selection that could be had. @type {string | null} */
  #good = null;
  /** The network and the points that the shown one belongs to. @type {{ text: string | null, of: object | null }} */
  #asked = { text: null, of: null };
  /** The network and the revision whose rows are shown as selected. */
  #rowsOf = "";

  /** @param {MapPage} page @param {AbortSignal} signal */
  constructor(page, signal) {
    super();
    this.page = page;
    this.#shown = new SelectedPoints(page.stage, signal);
    this.tool = new AreaTool(page.stage, signal);
    this.tool.addEventListener("drawn", (event) => this.#take(/** @type {CustomEvent} */ (event).detail));
    this.tool.addEventListener("changed", () => this.dispatchEvent(new Event("tool")));
    for (const event of ["began", "changed"]) this.tool.addEventListener(event, () => this.#bind());
    page.stage.addEventListener("clicked", (event) => this.#click(/** @type {CustomEvent} */ (event).detail));
    page.addEventListener("view", (event) => /** @type {CustomEvent} */ (event).detail.keys.has("selection") && this.#follow());
    page.addEventListener("drawn", () => this.#follow());
    page.addEventListener("emptied", () => this.#show(null, null));
    page.context.keys.add(
      [
        { keys: ["l", "L"], shown: "L", does: "select with a lasso, or move again", run: () => this.toggleTool("lasso") },
        { keys: ["x", "X"], shown: "X", does: "select with a box, or move again", run: () => this.toggleTool("box") },
        {
          keys: [],
          shown: "shift + click",
          does: "add the segment to the selection; with lasso or box: shift adds, alt subtracts, both intersect",
          run: () => {},
        },
        { keys: ["i", "I"], shown: "I", does: "invert the selection", run: () => this.invert() },
        { keys: ["Escape"], shown: "esc", does: "clear the selection", run: () => this.clear() },
      ],
      signal,
    );
    signal.addEventListener("abort", () => this.#end(), { once: true });
  }

  #end() {
    this.#errand.cancel();
    this.#joining.cancel();
    this.#drawing.abort();
  }

  /** The selected points, as they are drawn. */
  get drawn() {
    return this.#shown;
  }

  /** What the address says is selected. */
  get text() {
    return this.page.view.selection;
  }

  /** The network whose segments are selected. */
  get network() {
    return this.page.shown.network;
  }

  /** A box around the selected points, of those that the map holds; null where it holds none. */
  get box() {
    return this.#shown.box(this.page.stage.points.layers.base);
  }

  /** @param {AreaKind} kind */
  toggleTool(kind) {
    this.tool.kind = this.tool.kind === kind ? null : kind;
  }

  /** Select a term, or let it join. @param {string} term @param {Joint} [joint] */
  add(term, joint = this.joint) {
    return this.#joining.run(async (signal) => {
      const selected = text.joined(this.text, joint, term);
      if (selected !== null) return this.#ask(selected, signal);
      const what = joint === "minus" ? "subtract from" : "intersect with";
      this.page.context.toast.say(`Nothing is selected yet to ${what}.`);
    });
  }

  invert() {
    return this.#joining.run(async (signal) => {
      if (this.text !== null) await this.#ask(text.inverted(this.text), signal);
    });
  }

  clear() {
    this.#joining.cancel();
    this.page.change({ selection: null });
  }

  /** The track in the player, or its artist. @param {"track" | "artist"} what */
  addPlaying(what) {
    const { segment } = this.page.now;
    if (!segment) return this.page.context.toast.say("Nothing is in the player yet: click a point.");
    this.add(what === "track" ? text.ofTrack(segment.track.id) : text.ofArtistOf(segment.track.id));
  }

  /** What the filter keeps, where there is one. */
  addMatching() {
    const { filter } = this.page.view;
    if (filter) this.add(text.ofFilter(filter));
  }

  /** Escape takes back what began last: the line that is drawn, then the tool. */
  #bind() {
    const { tool } = this;
    this.#drawing.abort();
    if (!tool.kind) return;
    this.#drawing = new AbortController();
    const run = () => {
      if (!tool.giveUp()) tool.kind = null;
    };
    this.page.context.keys.add([{ keys: ["Escape"], shown: "esc", does: "stop drawing", run }], this.#drawing.signal);
  }

  /** @param {{ kind: AreaKind, vertices: [number, number][], box: import("../../types/api").Box, event: PointerEvent }} drawn */
  #take({ kind, vertices, box, event }) {
    // nothing lies inside a line along something
    if (kind === "line") return;
    const { network, layer, projection, x, y } = this.page.shown;
    /** @type {Place} */
    const place = { network, layer, projection, x, y };
    const term = kind === "box" ? text.box(place, box) : text.polygon(place, vertices);
    this.add(term, jointOf(event) ?? this.joint);
  }

  /** @param {{ row: number, shifted: boolean }} detail */
  async #click({ row, shifted }) {
    const { segments } = this.page;
    if (!shifted || !segments) return;
    try {
      const { track, index } = await segments.one(row);
      await this.add(text.segment(segments.network, track.id, index), "plus");
    } catch (error) {
      this.page.fail(error);
    }
  }

  /** @param {string} selected @param {AbortSignal} signal nobody wants it any more */
  async #ask(selected, signal) {
    try {
      const selection = selected.length > text.LONGEST ? await stored(selected) : selected;
      if (!signal.aborted) this.page.change({ selection });
    } catch (error) {
      if (!signal.aborted) this.page.fail(error);
    }
  }

  async #follow() {
    const { page } = this;
    const { points, text: asked } = { points: page.points, text: this.text };
    if (!points || (this.#asked.text === asked && this.#asked.of === points)) return;
    this.#asked = { text: asked, of: points };
    if (asked === null) {
      this.#errand.cancel();
      return this.#show(null, null);
    }
    const { network } = page.shown;
    const rowsOf = `${network} ${points.revision}`;
    // until the answer is there: the same numbers are other segments
    if (this.#rowsOf !== rowsOf) this.#shown.show(null);
    this.#rowsOf = rowsOf;
    try {
      const found = await this.#errand.run((signal) =>
        Promise.all([facts(network, asked, signal), selectedRows(network, asked, signal)]),
      );
      if (!found) return;
      const [told, isSelected] = found;
      // one selection has one text: that of the server, where it fits
      if (told.text.length <= text.LONGEST && told.text !== asked) {
        this.#asked = { text: told.text, of: points };
        page.change({ selection: told.text });
      }
      this.#good = this.text;
      this.#show(told, isSelected);
    } catch (error) {
      this.#fail(error, asked);
    }
  }

  /** The last good selection stays. @param {unknown} error @param {string} asked */
  #fail(error, asked) {
    if (!(error instanceof ApiError) || isStale(error)) return this.page.fail(error);
    this.page.context.toast.say(`Not selected: ${error.message} ${error.hint}`.trim());
    this.page.change({ selection: this.#good === asked ? null : this.#good });
  }

  /** @param {SelectionFacts | null} told @param {import("../../api/selections.js").IsSelected | null} isSelected */
  #show(told, isSelected) {
    if (!told) this.#good = null;
    this.facts = told;
    this.#shown.show(isSelected);
    this.dispatchEvent(new Event("changed"));
  }
}

/** What the keys say that are held. @param {PointerEvent} event @returns {Joint | null} */
function jointOf({ shiftKey, altKey }) {
  if (shiftKey) return altKey ? "and" : "plus";
  return altKey ? "minus" : null;
}
