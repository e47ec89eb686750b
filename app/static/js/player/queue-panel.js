// The panel over the player: what happens at the end of a track, and what comes next, to be seen and edited.

/** @import {Toast} from "../ui/toast.js" */
/** @import {AtEnd, WhatNext} from "./what-next.js" */

import { find } from "../lib/dom.js";
import { isolated } from "../lib/format.js";
import { QueueList } from "./queue-list.js";
import { save } from "./queue-files.js";

export class QueuePanel {
  /** @param {HTMLElement} footer @param {WhatNext} next @param {Toast} toast */
  constructor(footer, next, toast) {
    this.next = next;
    this.panel = find(footer, ".queue-panel");
    this.button = find(footer, ".queue-button");
    this.count = find(this.button, ".queue-count");
    this.thens = /** @type {HTMLInputElement[]} */ ([...this.panel.querySelectorAll("input[name=then]")]);
    this.near = this.#input(".queue-near", (value) => {
      next.near = value;
    });
    this.seed = this.#input(".queue-seed", (value) => {
      next.seed = value;
    });
    this.crossfade = this.#input(".queue-crossfade", (value) => {
      next.crossfade_s = value;
      this.show();
    });
    this.list = new QueueList(find(this.panel, ".queue-list"), next);
    this.button.addEventListener("click", () => this.toggle());
    find(this.panel, ".queue-close").addEventListener("click", () => this.toggle());
    this.panel.addEventListener("keydown", (event) => this.#press(event));
    for (const input of this.thens)
      input.addEventListener("change", () => {
        next.atEnd = /** @type {AtEnd} */ (input.value);
      });
    find(this.panel, ".queue-clear").addEventListener("click", () => next.queue.clear());
    for (const kind of /** @type {const} */ (["m3u8", "json"]))
      find(this.panel, `.queue-${kind}`).addEventListener("click", () => save(next, kind));
    next.addEventListener("change", () => this.show());
    next.addEventListener("lost", (event) => {
      const { title } = /** @type {CustomEvent} */ (event).detail.entry.segment.track;
      toast.say(`The sound of “${isolated(title)}” cannot be played: it is left out.`);
    });
    next.addEventListener("alone", () => toast.say("Wandering finds nothing to go on to: every other track is left out."));
    next.addEventListener("failed", (event) => toast.tell(/** @type {CustomEvent} */ (event).detail));
    this.show();
  }

  toggle() {
    const isOpen = this.panel.toggleAttribute("hidden") === false;
    this.button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.thens.find((input) => input.checked)?.focus();
    else this.button.focus();
  }

  /** A point that is waited for is given up first; nothing else is closed with the panel. @param {KeyboardEvent} event */
  #press(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (this.next.isAsking) this.next.ask(null);
    else this.toggle();
  }

  show() {
    const { next } = this;
    const { entries } = next.queue;
    for (const input of this.thens) input.checked = input.value === next.atEnd;
    this.near.value = String(next.near);
    this.seed.value = String(next.seed);
    this.crossfade.value = String(next.crossfade_s);
    find(this.panel, ".queue-crossfade-value").textContent = next.crossfade_s ? `${next.crossfade_s}\u202fs` : "off";
    find(this.panel, ".queue-wander").toggleAttribute("hidden", next.atEnd !== "wander");
    this.count.textContent = entries.length ? String(entries.length) : "";
    this.button.dataset.atEnd = next.atEnd;
    for (const name of ["clear", "m3u8", "json"]) find(this.panel, `.queue-${name}`).toggleAttribute("disabled", !entries.length);
    this.list.show();
  }

  /** @param {string} name @param {(value: number) => void} apply */
  #input(name, apply) {
    const input = /** @type {HTMLInputElement} */ (find(this.panel, name));
    input.addEventListener("change", () => apply(Number(input.value)));
    return input;
  }
}
