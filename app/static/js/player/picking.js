// Points of the map for the queue: one that is added, or the end of a path that begins at what plays.

/** @import {NowPlaying} from "./now-playing.js" */
/** @import {Keys} from "../ui/keys.js" */
/** @import {Toast} from "../ui/toast.js" */
/** @import {WhatNext} from "./what-next.js" */

import { ApiError } from "../api/client.js";
import { find } from "../lib/dom.js";

const HINT = "Click a point of the map, or press Escape.";

export class Picking {
  /** Ends what lasts while a point is waited for. */
  #asking = new AbortController();

  /** @param {HTMLElement} panel @param {NowPlaying} now @param {WhatNext} next @param {{ toast: Toast, keys: Keys }} shell */
  constructor(panel, now, next, { toast, keys }) {
    this.now = now;
    this.next = next;
    this.toast = toast;
    this.keys = keys;
    this.steps = /** @type {HTMLInputElement} */ (find(panel, ".queue-path-steps"));
    this.buttons = { add: find(panel, ".queue-add"), path: find(panel, ".queue-path"), line: find(panel, ".queue-line") };
    this.buttons.add.addEventListener("click", () => this.#ask((row) => this.#add(row)));
    this.buttons.path.addEventListener("click", () => this.#ask((row) => this.#go(row)));
    this.buttons.line.addEventListener("click", () => next.askLine() || toast.say("Lines are drawn on the map: open it first."));
    next.addEventListener("answered", () => this.#asking.abort());
    now.addEventListener("change", () => this.#show());
    this.#show();
  }

  /** @param {(row: number) => Promise<void>} take */
  #ask(take) {
    this.toast.say(HINT);
    this.next.ask(async (row) => {
      try {
        await take(row);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        this.toast.tell(error);
      }
    });
    this.#asking = new AbortController();
    const giveUp = { keys: ["Escape"], shown: "esc", does: "choose no point", run: () => this.next.ask(null) };
    this.keys.add([giveUp], this.#asking.signal);
  }

  /** @param {number} row */
  async #add(row) {
    const segment = await this.now.home?.one(row);
    if (segment) this.next.add([segment]);
  }

  /** @param {number} end */
  async #go(end) {
    const { home, row } = this.now;
    if (!home || row === null) return;
    const [between, last] = await Promise.all([home.path(row, end, Number(this.steps.value)), home.one(end)]);
    this.next.add([...between, last]);
  }

  #show() {
    this.buttons.path.toggleAttribute("disabled", this.now.row === null);
  }
}
