// The entries of the queue: each can be played, moved by keys, buttons and pointer, and removed.

/** @import {Entry} from "./queue.js" */
/** @import {AtEnd, WhatNext} from "./what-next.js" */

import { element } from "../lib/dom.js";
import { isolated, time } from "../lib/format.js";
import { icon } from "../lib/icons.js";

export class QueueList {
  /** @type {number | null} the entry that is dragged */
  #dragged = null;

  /** @param {HTMLElement} host @param {WhatNext} next */
  constructor(host, next) {
    this.host = host;
    this.next = next;
    host.addEventListener("pointermove", (event) => this.#drag(event));
    for (const name of ["pointerup", "pointercancel"]) host.addEventListener(name, () => this.#drop());
  }

  show() {
    const { entries } = this.next.queue;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest(".queue-list li"))?.dataset.id;
    const control = document.activeElement?.className;
    this.host.replaceChildren(...entries.map((entry, i) => this.#line(entry, i, entries.length)));
    if (!entries.length) this.host.append(emptyHint(this.next.atEnd));
    // what was reached by keyboard stays reached
    if (focused) this.#focus(focused, control ?? "");
  }

  /** @param {Entry} entry @param {number} i @param {number} n */
  #line(entry, i, n) {
    const { queue } = this.next;
    const { track, start_s } = entry.segment;
    const title = isolated(track.title);
    /** @param {string} name @param {string} label @param {() => void} onclick @param {boolean} [disabled] @param {Node} mark */
    const button = (name, label, onclick, mark, disabled = false) =>
      element("button", { type: "button", class: `tool ${name}`, "aria-label": label, title: label, onclick, disabled }, mark);
    const handle = element("span", { class: "queue-handle", "aria-hidden": "true", title: "Drag to move" }, "⠿");
    handle.addEventListener("pointerdown", (event) => this.#begin(event, entry));
    const line = element(
      "li",
      { "data-id": entry.id, "data-automatic": entry.isAutomatic },
      handle,
      button("queue-play", `Play now: ${title}`, () => this.next.play(entry), icon("play")),
      element(
        "div",
        { class: "queue-what" },
        element("div", { class: "queue-title", dir: "auto" }, track.title),
        element("div", { class: "queue-detail" }, `${isolated(track.artist ?? "unknown artist")} · from ${time(start_s)}`),
      ),
      element("span", { class: "queue-kind" }, entry.isAutomatic ? "automatic" : "chosen"),
      button("queue-up", `Earlier: ${title}`, () => queue.move(entry.id, i - 1), new Text("↑"), i === 0),
      button("queue-down", `Later: ${title}`, () => queue.move(entry.id, i + 1), new Text("↓"), i === n - 1),
      button("queue-remove", `Remove: ${title}`, () => queue.remove(entry.id), new Text("×")),
    );
    line.addEventListener("keydown", (event) => this.#press(event, entry, i));
    return line;
  }

  /** Alt and arrows move the line that has the focus. @param {KeyboardEvent} event @param {Entry} entry @param {number} i */
  #press(event, { id }, i) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.altKey && step) this.next.queue.move(id, i + step);
    else if (event.key === "Delete") this.next.queue.remove(id);
    else return;
    event.preventDefault();
  }

  /** @param {PointerEvent} event @param {Entry} entry */
  #begin(event, { id }) {
    event.preventDefault();
    this.#dragged = id;
    this.host.setPointerCapture(event.pointerId);
    this.host.toggleAttribute("data-dragging", true);
  }

  /** @param {PointerEvent} event */
  #drag({ clientY }) {
    if (this.#dragged === null) return;
    const lines = /** @type {HTMLElement[]} */ ([...this.host.querySelectorAll("li[data-id]")]);
    const others = lines.filter((line) => line.dataset.id !== String(this.#dragged));
    const to = others.filter((line) => {
      const { top, height } = line.getBoundingClientRect();
      return top + height / 2 < clientY;
    }).length;
    this.next.queue.move(this.#dragged, to);
  }

  #drop() {
    this.#dragged = null;
    this.host.removeAttribute("data-dragging");
  }

  /** @param {string} id @param {string} control */
  #focus(id, control) {
    const line = this.host.querySelector(`li[data-id="${id}"]`);
    const buttons = /** @type {HTMLButtonElement[]} */ ([...(line?.querySelectorAll("button") ?? [])]);
    const same = buttons.find((button) => button.className === control && !button.disabled);
    (same ?? buttons.find((button) => !button.disabled))?.focus();
  }
}

/** What an empty queue says. @param {AtEnd} atEnd */
function emptyHint(atEnd) {
  const hints = {
    stop: "It stops at the end of the track.",
    queue: "The queue is empty: it stops at the end of the track.",
    wander: "Play something: what comes next is found from there.",
  };
  return element("li", { class: "queue-empty" }, hints[atEnd]);
}
