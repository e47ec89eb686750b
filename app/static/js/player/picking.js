// Points of the map for the queue: one that is added, or the end of a path that begins at what plays.

/** @import {NowPlaying} from "./now-playing.js" */
/** @import {Toast} from "../ui/toast.js" */
/** @import {WhatNext} from "./what-next.js" */

import { ApiError } from "../api/client.js";
import { find } from "../lib/dom.js";

const HINT = "Click a point of the map, or press Escape.";

export class Picking {
  /** @param {HTMLElement} panel @param {NowPlaying} now @param {WhatNext} next @param {Toast} toast */
  constructor(panel, now, next, toast) {
    this.now = now;
    this.next = next;
    this.toast = toast;
    this.steps = /** @type {HTMLInputElement} */ (find(panel, ".queue-path-steps"));
    this.buttons = { add: find(panel, ".queue-add"), path: find(panel, ".queue-path") };
    this.buttons.add.addEventListener("click", () => this.#ask((row) => this.#add(row)));
    this.buttons.path.addEventListener("click", () => this.#ask((row) => this.#go(row)));
    addEventListener("keydown", (event) => event.key === "Escape" && next.ask(null));
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
    this.buttons.add.toggleAttribute("disabled", !this.now.home);
    this.buttons.path.toggleAttribute("disabled", this.now.row === null);
  }
}
