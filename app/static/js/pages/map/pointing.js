// What pointing at and clicking on a point do.

/** @import {Segment} from "../../types/api" */
/** @import {MapPage} from "./map-page.js" */

import { ApiError } from "../../api/client.js";
import { debounced, Latest } from "../../lib/timing.js";
import { HoverCard } from "../../ui/hover-card.js";
import { pointFacts } from "./point-facts.js";

/** A pointer that rests this long on a point means it; one that sweeps over does not. */
const SETTLE_MS = 40;
/** The way from one point to the next leads over none. */
const LEFT_MS = 200;
const CROWDED = "Several points lie under your finger. Hold for a loupe: slide to choose one, lift to play it.";
/** Said once: whoever has read it knows. */
let hasSaidCrowded = false;

export class Pointing {
  /** @type {number | null} */
  #row = null;
  /** @type {[number, number]} */
  #at = [0, 0];
  /** The card of the loupe, once there was one. @type {HoverCard | null} */
  #caption = null;
  /** What the card last told of. @type {Segment | null} */
  #shown = null;
  #errand = new Latest();
  #settled = debounced(() => this.#open(), SETTLE_MS);
  #aimed = debounced(() => this.#describe(this.#caption), SETTLE_MS);
  /** What plays began by pointing, and ends when the pointer has left. */
  #isLed = false;
  #left = debounced(() => this.#leave(), LEFT_MS);

  /** @param {MapPage} page @param {AbortSignal} signal */
  constructor(page, signal) {
    this.page = page;
    this.card = new HoverCard(page.stage.overlay);
    page.stage.loupe.addEventListener("aimed", (event) => this.#aim(/** @type {CustomEvent} */ (event).detail.row));
    page.stage.addEventListener("crowded", () => this.#sayCrowded());
    page.stage.addEventListener("pointed", (event) => this.#point(/** @type {CustomEvent} */ (event).detail));
    page.stage.addEventListener("pressed", () => this.#press());
    page.stage.addEventListener("clicked", (event) => {
      const { row, shifted } = /** @type {CustomEvent} */ (event).detail;
      // with shift it is selected, not heard
      if (!shifted) this.#choose(row);
    });
    signal.addEventListener("abort", () => this.#dispose(), { once: true });
  }

  /** @param {{ row: number | null, at: [number, number] }} detail */
  #point({ row, at }) {
    this.#row = row;
    this.#at = at;
    this.#rest();
    if (row === null) return this.#left();
    this.#left.cancel();
    this.#settled();
  }

  /** What is clicked plays on, wherever the pointer goes. @param {number} row */
  #choose(row) {
    if (this.page.context.next.takes(row)) return;
    const isHeard = this.#isLed && this.page.now.row === row && this.page.now.player.busy;
    this.#left.cancel();
    this.#isLed = false;
    if (!isHeard) this.page.choose(row);
  }

  #leave() {
    if (this.#isLed) this.page.now.pause();
    this.#isLed = false;
  }

  #dispose() {
    this.#left.flush();
    this.#rest();
  }

  /** Sound begins to load when the button goes down, so that it is there when it goes up; pointing alone loads none. */
  #press() {
    const { now } = this.page;
    if (this.#shown && this.#shown.row === this.#row && isClicked(now.sound)) now.prime(this.#shown);
    this.#rest();
  }

  /** Nothing is about to be shown or heard, and nothing is shown. */
  #rest() {
    this.#settled.cancel();
    this.#aimed.cancel();
    this.#errand.cancel();
    this.card.hide();
  }

  /** What the loupe would choose is shown, and not heard before it is chosen. @param {number | null} row */
  #aim(row) {
    this.#rest();
    this.#row = row;
    this.#caption ??= new HoverCard(this.page.stage.loupe.caption);
    this.#caption.hide();
    if (row !== null) this.#aimed();
  }

  #sayCrowded() {
    if (!hasSaidCrowded) this.page.context.toast.say(CROWDED);
    hasSaidCrowded = true;
  }

  #open() {
    const { now, segments } = this.page;
    const row = this.#row;
    if (segments && row !== null && now.sound === "point" && !(now.row === row && now.player.busy)) {
      this.#isLed = true;
      now.play(row);
    }
    this.#describe(this.card);
  }

  /** @param {HoverCard | null} card */
  async #describe(card) {
    const { segments } = this.page;
    const row = this.#row;
    if (!segments || !card || row === null) return;
    try {
      const segment = await this.#errand.run((signal) => segments.one(row, signal));
      if (!segment || row !== this.#row) return;
      card.show(segment, this.#at, pointFacts(this.page, segment));
      this.#shown = segment;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.page.fail(error);
    }
  }
}

/** Whether a click is what begins the sound. @param {string | null} mode */
function isClicked(mode) {
  return mode === "on" || mode === "segment";
}
