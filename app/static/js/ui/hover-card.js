// A card beside the point under the pointer: what it is before one listens.

/** @import {Segment} from "../types/api" */

import { element } from "../lib/dom.js";
import { decimal, isolated, span } from "../lib/format.js";

const GAP_PX = 14;
/** The buttons at the right edge stay free. */
const TOOLS_PX = 60;

export class HoverCard {
  /** @param {HTMLElement} host lies over the points */
  constructor(host) {
    this.host = host;
    this.card = element("div", { class: "hover-card", hidden: true, "aria-hidden": "true" });
    host.append(this.card);
  }

  /** @param {Segment} segment @param {[number, number]} at CSS pixels of the host */
  show({ track, start_s, end_s, tags }, at) {
    const lines = [
      element("strong", { dir: "auto" }, track.title),
      element("span", {}, [track.artist && isolated(track.artist), span(start_s, end_s)].filter(Boolean).join(" · ")),
    ];
    if (tags.length)
      lines.push(
        element(
          "span",
          { class: "quiet" },
          tags
            .slice(0, 3)
            .map(({ label, value }) => `${isolated(label)}\u00a0${decimal(value)}`)
            .join(", "),
        ),
      );
    if (!track.audio) lines.push(element("span", { class: "problem" }, "Its file is missing."));
    this.card.replaceChildren(...lines);
    this.card.hidden = false;
    this.#place(at);
  }

  hide() {
    this.card.hidden = true;
  }

  /** @param {[number, number]} at */
  #place([x, y]) {
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const left = x + GAP_PX + width > this.host.clientWidth - TOOLS_PX ? x - GAP_PX - width : x + GAP_PX;
    const top = Math.min(Math.max(y - height / 2, 4), this.host.clientHeight - height - 4);
    this.card.style.transform = `translate(${Math.max(4, left)}px, ${top}px)`;
  }
}
